//! Managing accounts from the command line.

use std::io::{BufRead, stdin};

use anyhow::{Context, Result};
use clap::Subcommand;

use super::say;
use crate::{
    app::App,
    domain::{
        self,
        accounts::{self, Device, NewAccount},
        wallet,
    },
    random,
};

/// Manages accounts.
#[derive(Subcommand)]
pub(super) enum User {
    /// Makes an account; without --password-stdin it gets a random password, which is printed
    Create {
        /// Its e-mail address
        email: String,
        /// The name that others see
        name: String,
        /// Read the password from the first line of the standard input
        #[arg(long)]
        password_stdin: bool,
    },
    /// Makes an account a platform administrator
    Promote {
        /// Its e-mail address
        email: String,
    },
    /// Makes an administrator's account one like any other
    Demote {
        /// Its e-mail address
        email: String,
    },
    /// Bans an account: it can do nothing but sign out
    Ban {
        /// Its e-mail address
        email: String,
        /// Why, for other operators
        #[arg(long, default_value = "banned by an operator")]
        reason: String,
    },
    /// Lifts a ban
    Unban {
        /// Its e-mail address
        email: String,
    },
    /// Sets a new password and ends all sign-ins; without --password-stdin a random one, which is printed
    ResetPassword {
        /// Its e-mail address
        email: String,
        /// Revoke all its API keys, too
        #[arg(long)]
        revoke_api_keys: bool,
        /// Read the password from the first line of the standard input
        #[arg(long)]
        password_stdin: bool,
    },
    /// Gives coins to an account
    Grant {
        /// Its e-mail address
        email: String,
        /// Whole coins, 1 to 2147483647
        amount: i64,
        /// Why, as the account's owner reads it
        #[arg(long, default_value = "Granted by the operator")]
        note: String,
    },
    /// Lists all accounts
    List,
}

/// Does what the command says.
pub(super) async fn run(app: &App, user: User) -> Result<()> {
    match user {
        User::Create { email, name, password_stdin } => {
            let (password, made_up) = password(password_stdin)?;
            let new = NewAccount { email, password: password.clone(), name, image: None };
            let opened = accounts::sign_up(app, new, &Device::default()).await?;
            // The sign-in that signing up opens has no device to hold it.
            let identity = accounts::identify(app, &opened.token).await?;
            accounts::sign_out(app, identity.as_deref()).await?;
            say(&format!("{} is account {}.", opened.user.email, opened.user.id));
            tell(&password, made_up);
        }
        User::Promote { email } => {
            let user = find(app, &email).await?;
            accounts::promote(app, &user).await?;
            say(&format!("{} is an administrator now.", user.email));
        }
        User::Demote { email } => {
            let user = find(app, &email).await?;
            accounts::demote(app, &user).await?;
            say(&format!(
                "{} is no administrator any more; a running server knows within 10 seconds.",
                user.email
            ));
        }
        User::Ban { email, reason } => {
            let user = find(app, &email).await?;
            accounts::set_ban(app, &user, Some(reason)).await?;
            say(&format!("{} is banned now; a running server knows within 10 seconds.", user.email));
        }
        User::Unban { email } => {
            let user = find(app, &email).await?;
            accounts::set_ban(app, &user, None).await?;
            say(&format!("{} is not banned any more.", user.email));
        }
        User::ResetPassword { email, revoke_api_keys, password_stdin } => {
            let user = find(app, &email).await?;
            let (password, made_up) = password(password_stdin)?;
            accounts::reset_password(app, &user, password.clone(), revoke_api_keys).await?;
            let keys = if revoke_api_keys { ", and its API keys are revoked" } else { "" };
            say(&format!(
                "{} has a new password and is signed out everywhere{keys}; a running server knows within 10 seconds.",
                user.email
            ));
            tell(&password, made_up);
        }
        User::Grant { email, amount, note } => {
            let user = find(app, &email).await?;
            wallet::issue(app, &user, amount, &note).await?;
            let balance = wallet::get_wallet(app, &user).await?.balance;
            say(&format!("{} has {balance} coins now.", user.email));
        }
        User::List => {
            for user in accounts::list_users(app).await? {
                let admin = if user.is_admin { "  admin" } else { "" };
                let banned = if user.banned_at.is_some() { "  banned" } else { "" };
                say(&format!("{}  {}  {}{admin}{banned}", user.id, user.email, user.name));
            }
        }
    }
    Ok(())
}

async fn find(app: &App, email: &str) -> Result<domain::User> {
    accounts::find_user_by_email(app, email).await?.with_context(|| format!("there is no account {email}"))
}

/// The password from the standard input, or one made up.
fn password(from_stdin: bool) -> Result<(String, bool)> {
    if !from_stdin {
        return Ok((random::hex::<10>()?, true));
    }
    let mut line = String::new();
    stdin().lock().read_line(&mut line).context("reading the password")?;
    Ok((line.trim_end_matches(['\n', '\r']).to_owned(), false))
}

fn tell(password: &str, made_up: bool) {
    if made_up {
        say(&format!("Its password is {password}"));
    }
}

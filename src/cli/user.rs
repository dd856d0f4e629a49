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
    security::random,
};

/// Manages accounts.
#[derive(Subcommand)]
pub(super) enum User {
    /// Creates an account; without --password-stdin, generates and prints a random password
    Create {
        /// E-mail address of the account
        email: String,
        /// Display name of the account
        name: String,
        /// Read the password from the first line of the standard input
        #[arg(long)]
        password_stdin: bool,
    },
    /// Makes an account a platform administrator
    Promote {
        /// E-mail address of the account
        email: String,
    },
    /// Revokes an account's administrator role
    Demote {
        /// E-mail address of the account
        email: String,
    },
    /// Bans an account, which can then only sign out
    Ban {
        /// E-mail address of the account
        email: String,
        /// Reason, shown to other operators
        #[arg(long, default_value = "banned by an operator")]
        reason: String,
    },
    /// Lifts a ban
    Unban {
        /// E-mail address of the account
        email: String,
    },
    /// Sets a new password and ends all sign-ins; without --password-stdin, generates and prints a random
    /// password
    ResetPassword {
        /// E-mail address of the account
        email: String,
        /// Also revoke all API keys of the account
        #[arg(long)]
        revoke_api_keys: bool,
        /// Read the password from the first line of the standard input
        #[arg(long)]
        password_stdin: bool,
    },
    /// Adds coins to an account's wallet
    Grant {
        /// E-mail address of the account
        email: String,
        /// Whole coins, 1 to 2147483647
        amount: i64,
        /// Note, shown to the account's owner
        #[arg(long, default_value = "Granted by the operator")]
        note: String,
    },
    /// Lists all accounts
    List,
}

impl User {
    /// Returns whether the command may create the database: it creates an account.
    pub(super) fn creates(&self) -> bool {
        matches!(self, Self::Create { .. })
    }
}

/// Runs the command.
pub(super) async fn run(app: &App, user: User) -> Result<()> {
    match user {
        User::Create { email, name, password_stdin } => {
            let (password, made_up) = password(password_stdin)?;
            let new = NewAccount { email, password: password.clone(), name, image: None };
            let opened = accounts::sign_up(app, new, &Device::default()).await?;
            // No device holds the sign-in that sign-up opened.
            let identity = accounts::identify(app, &opened.token).await?;
            accounts::sign_out(app, identity.as_deref()).await?;
            say(&format!("{} is account {}.", opened.user.email, opened.user.id));
            print_password(&password, made_up);
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
                "{} is no longer an administrator; running servers apply this at once, or within 10 seconds if they cannot be notified.",
                user.email
            ));
        }
        User::Ban { email, reason } => {
            let user = find(app, &email).await?;
            accounts::set_ban(app, &user, Some(reason)).await?;
            say(&format!(
                "{} is banned now; running servers apply this at once, or within 10 seconds if they cannot be notified.",
                user.email
            ));
        }
        User::Unban { email } => {
            let user = find(app, &email).await?;
            accounts::set_ban(app, &user, None).await?;
            say(&format!("{} is no longer banned.", user.email));
        }
        User::ResetPassword { email, revoke_api_keys, password_stdin } => {
            let user = find(app, &email).await?;
            let (password, made_up) = password(password_stdin)?;
            accounts::reset_password(app, &user, password.clone(), revoke_api_keys).await?;
            let keys = if revoke_api_keys { ", and its API keys are revoked" } else { "" };
            say(&format!(
                "{} has a new password and is signed out everywhere{keys}; running servers apply this at once, or within 10 seconds if they cannot be notified.",
                user.email
            ));
            print_password(&password, made_up);
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

/// Reads the password from the standard input, or generates one.
fn password(from_stdin: bool) -> Result<(String, bool)> {
    if !from_stdin {
        return Ok((random::hex::<10>()?, true));
    }
    let mut line = String::new();
    stdin().lock().read_line(&mut line).context("reading the password")?;
    Ok((line.trim_end_matches(['\n', '\r']).to_owned(), false))
}

fn print_password(password: &str, made_up: bool) {
    if made_up {
        say(&format!("Its password is {password}"));
    }
}

//! The command line: one file a command.

mod backup;
mod database;
mod ledger;
mod log;
mod restore;
mod serve;
mod user;
mod validate;

use std::{collections::BTreeMap, io::Write, path::PathBuf, process::ExitCode, time::Duration};

use anyhow::Result;
use clap::{Args, Parser, Subcommand};

use crate::{
    app::{App, Rules},
    clock::Clock,
    config::Settings,
    database::Database,
    demo, graphql, http,
};

/// Plaza: a chat and community platform in one binary.
#[derive(Parser)]
#[command(name = "plaza", version, about, max_term_width = 100)]
struct Command {
    #[command(subcommand)]
    verb: Verb,
    #[command(flatten)]
    shared: Shared,
}

/// Flags of every command.
#[derive(Args)]
struct Shared {
    /// Settings file [default: plaza.toml, where there is one]
    #[arg(long, global = true, value_name = "FILE")]
    config: Option<PathBuf>,
    /// sqlite://FILE or postgres://… [default: sqlite://plaza.db]
    #[arg(long, global = true, value_name = "URL")]
    database_url: Option<String>,
    /// Folder with more REST documents
    #[arg(long, global = true, value_name = "DIR")]
    rest_dir: Option<String>,
}

#[derive(Subcommand)]
enum Verb {
    /// Brings the database up to date and serves
    Serve(serve::Serve),
    /// Brings the database up to date
    Migrate,
    /// Puts the demo data into the database; twice changes nothing
    Seed,
    /// Prints the GraphQL schema
    Schema,
    /// Judges GraphQL documents as the server would, and prints a line of JSON for each
    Validate(validate::Validate),
    /// Prints the OpenAPI document of the REST API
    Openapi,
    /// Copies the running SQLite database into a file
    Backup {
        /// The file to write; it must not exist
        file: PathBuf,
    },
    /// Puts a backup in the place of the SQLite database; no server may be running
    Restore {
        /// The backup; it is left as it is
        file: PathBuf,
    },
    /// Manages accounts
    #[command(subcommand)]
    User(user::User),
    /// Looks after the ledger of coins
    #[command(subcommand)]
    Ledger(ledger::Ledger),
}

/// How long the end waits for work on threads of its own.
const END: Duration = Duration::from_secs(1);

/// Reads the command line and does what it says.
pub fn run() -> ExitCode {
    keep_private();
    let command = Command::parse();
    match act(command) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            // One sentence, its causes behind it; no debug print.
            eprintln!("plaza: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn act(command: Command) -> Result<()> {
    let Command { verb, shared } = command;
    let mut flags = BTreeMap::new();
    let mut set = |key, value: Option<String>| value.map(|value| flags.insert(key, value));
    set("database_url", shared.database_url);
    set("rest_dir", shared.rest_dir);
    if let Verb::Serve(serve) = &verb {
        serve.flags(&mut flags);
    }
    let settings = Settings::load(shared.config.as_deref(), std::env::vars(), &flags)?;
    log::start(&settings)?;
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    let outcome = runtime.block_on(async {
        match verb {
            Verb::Serve(serve) => serve::run(&settings, serve).await,
            Verb::Migrate => {
                database::open(&settings).await?.close().await;
                say("The database is up to date.");
                Ok(())
            }
            Verb::Seed => {
                let app = app(&settings).await?;
                demo::seed(&app).await?;
                say("The demo data is there.");
                app.db.clone().close().await;
                Ok(())
            }
            Verb::Schema => {
                say(graphql::sdl().trim_end());
                Ok(())
            }
            Verb::Openapi => {
                say(&serde_json::to_string_pretty(&http::openapi(&settings)?)?);
                Ok(())
            }
            Verb::Validate(validate) => validate::run(&settings, &validate),
            Verb::Backup { file } => backup::run(&settings, &file).await,
            Verb::Restore { file } => restore::run(&settings, &file).await,
            Verb::Ledger(ledger) => {
                let app = app(&settings).await?;
                let outcome = ledger::run(&app, ledger).await;
                app.db.clone().close().await;
                outcome
            }
            Verb::User(user) => {
                let app = app(&settings).await?;
                let outcome = user::run(&app, user).await;
                app.db.clone().close().await;
                outcome
            }
        }
    });
    // A name that is being looked up, say, holds up nobody.
    runtime.shutdown_timeout(END);
    outcome
}

/// The application on the database of the settings, brought up to date.
async fn app(settings: &Settings) -> Result<App> {
    let db: Database = database::open(settings).await?;
    Ok(App::new(db, Clock::system(settings.shift()?), Rules::default()))
}

/// Makes every file that the program creates readable by its owner alone: databases, backups, uploads.
fn keep_private() {
    #[cfg(unix)]
    rustix::process::umask(rustix::fs::Mode::RWXG | rustix::fs::Mode::RWXO);
}

/// Prints what the command is for. Where nobody reads it, that is no reason to stop.
fn say(text: &str) {
    let _ = writeln!(std::io::stdout(), "{text}");
}

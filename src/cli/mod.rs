//! The command line: one file for each command.

mod backup;
mod database;
mod doctor;
mod ledger;
mod log;
mod probe;
mod restore;
mod serve;
mod user;
mod validate;

use std::{collections::BTreeMap, io::Write, path::PathBuf, process::ExitCode, time::Duration};

use anyhow::Result;
use clap::{Args, Parser, Subcommand};
use tokio::runtime::Handle;

use crate::{
    adapters::client,
    app::{App, Policies},
    bus::{Nats, Postgres},
    clock::Clock,
    config::Settings,
    database::Database,
    demo, graphql, http, setup,
    traces::Traces,
};

/// Plaza: a chat and community platform in one binary.
#[derive(Parser)]
#[command(name = "plaza", version, about, max_term_width = 100)]
struct Command {
    #[command(subcommand)]
    verb: Action,
    #[command(flatten)]
    shared: Shared,
}

/// Flags of every command.
#[derive(Args)]
struct Shared {
    /// Settings file [default: plaza.toml if it exists]
    #[arg(long, global = true, value_name = "FILE")]
    config: Option<PathBuf>,
    /// sqlite://FILE or postgres://… [default: sqlite://plaza.db]
    #[arg(long, global = true, value_name = "URL")]
    database_url: Option<String>,
    /// Folder with additional REST documents
    #[arg(long, global = true, value_name = "DIR")]
    rest_dir: Option<String>,
}

#[derive(Subcommand)]
enum Action {
    /// Migrates the database and serves
    Serve(serve::Serve),
    /// Migrates the database
    Migrate,
    /// Adds the demo data to the database; idempotent
    Seed,
    /// Prints the GraphQL schema
    Schema,
    /// Validates GraphQL documents as the server does and prints a line of JSON for each operation
    Validate(validate::Validate),
    /// Prints the OpenAPI document of the REST API
    Openapi,
    /// Copies the running SQLite database into a file
    Backup {
        /// File to write; it must not exist
        file: PathBuf,
    },
    /// Replaces the SQLite database with a backup; no server may be running
    Restore {
        /// The backup, which is not changed
        file: PathBuf,
    },
    /// Checks settings, database, files, providers and clocks, and suggests fixes
    Doctor,
    /// Asks the running server whether it is ready; for health checks
    Probe,
    /// Manages accounts
    #[command(subcommand)]
    User(user::User),
    /// Verifies the ledger of coins
    #[command(subcommand)]
    Ledger(ledger::Ledger),
}

/// The usual variable of the endpoint for programs that export traces.
const OTLP_ENDPOINT: &str = "OTEL_EXPORTER_OTLP_ENDPOINT";
/// Maximum time to connect to that endpoint.
const CONNECT: Duration = Duration::from_secs(5);
/// Stack of a worker thread for each level of nesting that a GraphQL document may have. Execution recurses: a level takes
/// up to 300 KiB in a build without optimisation, measured over all cycles of the schema.
const STACK_PER_LEVEL: usize = 1 << 20;
/// Minimum stack of a worker thread.
const LEAST_STACK: usize = 8 << 20;
/// How long shutdown waits for work on other threads.
const END: Duration = Duration::from_secs(1);

/// Parses the command line and runs the command.
pub fn run() -> ExitCode {
    keep_private();
    keep_pages_small();
    let command = Command::parse();
    match act(command) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            // One sentence with its causes; no debug output.
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
    if let Action::Serve(serve) = &verb {
        serve.flags(&mut flags);
    }
    let settings = Settings::load(shared.config.as_deref(), std::env::vars(), &flags, setup::check)?;
    let stack = settings.query_depth.saturating_mul(STACK_PER_LEVEL).max(LEAST_STACK);
    let runtime =
        tokio::runtime::Builder::new_multi_thread().enable_all().thread_stack_size(stack).build()?;
    let traces = match &verb {
        Action::Serve(_) => start_traces(&settings, runtime.handle())?,
        _ => None,
    };
    log::start(&settings, traces.as_ref())?;
    let outcome = runtime.block_on(async {
        match verb {
            Action::Serve(serve) => {
                let outcome = serve::run(&settings, serve).await;
                if let Some(traces) = traces {
                    traces.end().await;
                }
                outcome
            }
            Action::Migrate => {
                database::open(&settings).await?.close().await;
                say("The database is up to date.");
                Ok(())
            }
            Action::Seed => {
                let app = app(&settings).await?;
                demo::seed(&app).await?;
                say("The demo data is in the database.");
                app.db.clone().close().await;
                Ok(())
            }
            Action::Schema => {
                say(graphql::sdl().trim_end());
                Ok(())
            }
            Action::Openapi => {
                say(&serde_json::to_string_pretty(&http::openapi(&settings)?)?);
                Ok(())
            }
            Action::Validate(validate) => validate::run(&settings, &validate),
            Action::Backup { file } => backup::run(&settings, &file).await,
            Action::Restore { file } => restore::run(&settings, &file).await,
            Action::Doctor => doctor::run(&settings).await,
            Action::Probe => probe::run(&settings).await,
            Action::Ledger(ledger) => {
                require_database(&settings)?;
                let app = app(&settings).await?;
                let outcome = ledger::run(&app, ledger).await;
                app.db.clone().close().await;
                outcome
            }
            Action::User(user) => {
                if !user.creates() {
                    require_database(&settings)?;
                }
                let app = app(&settings).await?;
                let outcome = user::run(&app, user).await;
                notify_servers(&app, &settings).await;
                app.db.clone().close().await;
                outcome
            }
        }
    });
    // Do not wait for blocking work such as a name lookup.
    runtime.shutdown_timeout(END);
    outcome
}

/// Starts exporting spans if an endpoint is set.
fn start_traces(settings: &Settings, runtime: &Handle) -> Result<Option<Traces>> {
    let endpoint = match settings.otlp_endpoint.as_str() {
        "" => std::env::var(OTLP_ENDPOINT).unwrap_or_default(),
        endpoint => endpoint.to_owned(),
    };
    if endpoint.is_empty() {
        return Ok(None);
    }
    let client = client(CONNECT)?;
    Traces::start(&endpoint, client, runtime.clone()).map(Some)
}

/// Opens the application on the configured database and migrates it.
/// Refuses a SQLite file that does not exist: a command that reads or changes something would create an empty one.
fn require_database(settings: &Settings) -> Result<()> {
    match crate::database::sqlite_file(&settings.database_url) {
        Some(file) if !file.exists() => anyhow::bail!("there is no database {}", file.display()),
        _ => Ok(()),
    }
}

async fn app(settings: &Settings) -> Result<App> {
    let db: Database = database::open(settings).await?;
    Ok(App::new(db, Clock::system(settings.shift()?), Policies::default()))
}

/// Announces a command's changes to the running servers. Without it they notice the changes later.
async fn notify_servers(app: &App, settings: &Settings) {
    let sent = match settings.bus_url.is_empty() {
        true => app.bus.flush(&Postgres(app.db.clone())).await,
        false => match Nats::new(&settings.bus_url, &settings.bus_subject) {
            Ok(nats) => app.bus.flush(&nats).await,
            Err(error) => Err(error),
        },
    };
    if let Err(error) = sent {
        tracing::warn!(error = format!("{error:#}"), "the running servers cannot be notified");
    }
}

/// Makes every file that the program creates private to its owner: databases, backups, uploads.
fn keep_private() {
    #[cfg(unix)]
    rustix::process::umask(rustix::fs::Mode::RWXG | rustix::fs::Mode::RWXO);
}

/// Keeps memory in pages of 4 KiB. The allocator asks for pages of 2 MiB, of which an idle server uses little: they are
/// 20 MiB of its memory.
fn keep_pages_small() {
    #[cfg(target_os = "linux")]
    // An old kernel refuses; memory is then used as before.
    let _ = rustix::thread::disable_transparent_huge_pages(true);
}

/// Prints the output of a command. A closed pipe is not an error.
fn say(text: &str) {
    let _ = writeln!(std::io::stdout(), "{text}");
}

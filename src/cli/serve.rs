//! Serving: migration, listening, the banner, and shutdown.

use std::{collections::BTreeMap, io::ErrorKind, net::SocketAddr, time::Duration};

use anyhow::{Result, bail};
use clap::Args;
use tokio::{net::TcpListener, signal};

use super::{database, say};
use crate::{
    adapters::Adapters,
    app::App,
    clock::Clock,
    config::Settings,
    database::sqlite_file,
    demo,
    http::{
        self, RequestPipeline,
        server::{self, Limits},
    },
    jobs::Jobs,
};

/// Migrates the database and serves.
#[derive(Args)]
pub(super) struct Serve {
    /// Address and port to listen on [default: 127.0.0.1:8080]
    #[arg(long, value_name = "ADDRESS:PORT")]
    listen: Option<String>,
    /// URL that browsers use for the server
    #[arg(long, value_name = "URL")]
    public_url: Option<String>,
    /// Add the demo data to the database first
    #[arg(long)]
    demo: bool,
    /// Manifest of the only documents that GraphQL clients may run
    #[arg(long, value_name = "FILE")]
    trusted_documents: Option<String>,
    /// Offset added to the clock, to try out expiry: 31d, 12h
    #[arg(long, value_name = "TIME")]
    time_shift: Option<String>,
}

impl Serve {
    /// Adds the settings among the flags.
    pub(super) fn flags(&self, flags: &mut BTreeMap<&str, String>) {
        for (key, value) in [
            ("listen", &self.listen),
            ("public_url", &self.public_url),
            ("trusted_documents", &self.trusted_documents),
            ("time_shift", &self.time_shift),
        ] {
            if let Some(value) = value {
                flags.insert(key, value.clone());
            }
        }
    }
}

/// Maximum time to connect to the other servers before this one serves.
const JOIN: Duration = Duration::from_secs(2);
/// How much longer than a request shutdown may take.
const GRACE: Duration = Duration::from_secs(5);

/// Serves until a shutdown signal.
pub(super) async fn run(settings: &Settings, serve: Serve) -> Result<()> {
    if serve.demo && !settings.listen.ip().is_loopback() {
        bail!(
            "--demo has public passwords and may only listen on this machine; omit --demo or listen on 127.0.0.1"
        );
    }
    if !settings.bus_url.is_empty() && sqlite_file(&settings.database_url).is_some() {
        bail!("bus_url connects servers on PostgreSQL; only one server may use a SQLite file");
    }
    let connections = Limits::new(settings, server::raise_descriptors());
    tracing::info!(
        most = connections.connections,
        of_network = connections.per_network,
        "limits on connections"
    );
    let _hold = database::lock_file(settings)?;
    let listener = bind(settings.listen).await?;
    let db = database::open(settings).await?;
    if !db.has_trigrams().await? {
        tracing::warn!(
            "the database has no index of names (extension pg_trgm): every search of spaces and communities reads \
             all of them; docs/operations.md has the statements that create it"
        );
    }
    let app = App::with(db, Clock::system(settings.shift()?), settings.rules(), Adapters::new(settings)?);
    if serve.demo {
        demo::seed(&app).await?;
    }
    let people = if serve.demo { demo_people() } else { Vec::new() };
    let pipeline = http::pipeline_with_demo(&app, settings, &people)?;
    let background = Jobs::start(&app, settings);
    // Without a connection to the other servers this one serves too, and reads their changes at intervals.
    _ = tokio::time::timeout(JOIN, background.joined()).await;
    banner(settings, listener.local_addr()?, serve.demo);
    let limit = Duration::from_secs(settings.request_timeout) + GRACE;
    let drain = Duration::from_secs(settings.drain_seconds);
    answer(listener, pipeline, &app, connections, limit, drain).await;
    background.stop().await;
    app.db.clone().close().await;
    Ok(())
}

/// Returns the users that the sign-in page offers.
fn demo_people() -> Vec<http::DemoPerson> {
    let person = |demo::SignIn { name, email, what }| http::DemoPerson {
        name,
        email,
        about: what,
        password: demo::PASSWORD,
    };
    demo::sign_ins().into_iter().map(person).collect()
}

/// Serves requests until a shutdown signal and, if that asks for a drain, for that time after it; then completes running
/// requests within `limit`.
async fn answer(
    listener: TcpListener,
    pipeline: RequestPipeline,
    app: &App,
    connections: Limits,
    limit: Duration,
    drain: Duration,
) {
    let tasks = app.tasks.clone();
    let stop = async move {
        if shutdown_signal().await == Shutdown::Drain && !drain.is_zero() {
            tasks.drain();
            tracing::info!(seconds = drain.as_secs(), "not ready any more; shutting down after the drain");
            // A second signal ends the drain.
            _ = tokio::time::timeout(drain, shutdown_signal()).await;
        }
        tracing::info!("shutting down after the running requests");
        tasks.stop();
    };
    let overdue = async {
        app.tasks.stopping().await;
        tokio::time::sleep(limit).await;
    };
    // Requests and the work that they started share one time limit.
    let ended = async {
        server::serve(listener, pipeline, connections, stop).await;
        app.tasks.finish(limit).await;
    };
    tokio::select! {
        () = ended => tracing::info!("all requests are complete"),
        () = overdue => tracing::warn!("a request or a reader did not end in time and is aborted"),
    }
}

async fn bind(address: SocketAddr) -> Result<TcpListener> {
    TcpListener::bind(address).await.map_err(|error| match error.kind() {
        ErrorKind::AddrInUse => {
            anyhow::anyhow!(
                "{address} is in use; stop the program that uses it or choose another address with --listen"
            )
        }
        ErrorKind::AddrNotAvailable => anyhow::anyhow!("{address} is not an address of this machine"),
        ErrorKind::PermissionDenied => {
            anyhow::anyhow!("{address} needs a privilege that this user lacks; choose a port above 1023")
        }
        _ => anyhow::Error::new(error).context(format!("cannot listen on {address}")),
    })
}

fn banner(settings: &Settings, bound: SocketAddr, with_demo: bool) {
    let url = if settings.public_url.is_empty() { format!("http://{bound}") } else { settings.url() };
    say(&format!(
        "Plaza {} is serving.\n\n  Start page   {url}/\n  Chat         {url}/chat\n  GraphQL      {url}/graphql\n  Playground   {url}/playground\n  REST         {url}/api\n  REST docs    {url}/api/docs\n",
        env!("CARGO_PKG_VERSION")
    ));
    if with_demo {
        say(&format!("Sign in with the password {:?} as", demo::PASSWORD));
        for demo::SignIn { name, email, what } in demo::sign_ins() {
            say(&format!("  {email:<26} {name}, {what}"));
        }
    }
    if settings.shift().is_ok_and(|shift| !shift.is_zero()) {
        say(&format!("\nThe clock is {} ahead.", settings.time_shift));
    }
}

/// How a signal shuts the server down.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Shutdown {
    /// SIGINT, as of Ctrl-C: at once.
    AtOnce,
    /// SIGTERM, as of a service manager: after the time in which proxies notice that the server is not ready.
    Drain,
}

/// Waits for Ctrl-C or SIGTERM.
pub(super) async fn shutdown_signal() -> Shutdown {
    let interrupt = async {
        if signal::ctrl_c().await.is_err() {
            std::future::pending::<()>().await;
        }
    };
    #[cfg(unix)]
    let terminate = async {
        match signal::unix::signal(signal::unix::SignalKind::terminate()) {
            Ok(mut signal) => {
                signal.recv().await;
            }
            Err(_) => std::future::pending::<()>().await,
        }
    };
    #[cfg(not(unix))]
    let terminate = std::future::pending::<()>();
    tokio::select! {
        () = interrupt => Shutdown::AtOnce,
        () = terminate => Shutdown::Drain,
    }
}

//! `plaza doctor`: checks the settings and everything that the server depends on, and suggests fixes.

use std::time::Duration;

use anyhow::{Context, Result, bail};
use bytes::Bytes;
use chrono::{DateTime, TimeDelta, Utc};
use reqwest::header;
use sea_orm::{ConnectionTrait, DatabaseBackend, Statement};

use super::say;
use crate::{
    adapters::{Adapters, storage::Span},
    app::{App, Policies},
    bus::{Link, Nats, Postgres, Transport},
    clock::Clock,
    config::{Settings, Switch},
    database::{Database, sqlite_file},
    domain::wallet,
    http::server,
    media::Media,
    setup::{self, Endpoint},
};

/// Maximum time to wait for a provider.
const WAIT: Duration = Duration::from_secs(10);
/// Maximum difference between two clocks.
const SKEW: TimeDelta = TimeDelta::seconds(2);
/// Descriptors below which the server refuses connections early.
const FEW_DESCRIPTORS: u64 = 4096;

/// The findings of one examination.
#[derive(Default)]
struct Findings {
    problems: usize,
    warnings: usize,
}

impl Findings {
    fn print_ok(text: &str) {
        say(&format!("  ok       {text}"));
    }

    fn warn(&mut self, text: &str) {
        self.warnings += 1;
        say(&format!("  warning  {text}"));
    }

    fn fail(&mut self, text: &str) {
        self.problems += 1;
        say(&format!("  PROBLEM  {text}"));
    }

    /// Reports the outcome of a check.
    fn report(&mut self, outcome: Result<String>) {
        match outcome {
            Ok(text) => Self::print_ok(&text),
            Err(error) => self.fail(&format!("{error:#}")),
        }
    }
}

/// Runs all checks. Changes nothing but a file that it stores and deletes again.
pub(super) async fn run(settings: &Settings) -> Result<()> {
    let mut findings = Findings::default();
    say("Settings");
    check_settings(settings, &mut findings);
    say("Machine");
    check_machine(&mut findings);
    say("Database");
    check_database(settings, &mut findings).await;
    say("Files");
    let adapters = Adapters::new(settings).map(|adapters| adapters.storage);
    match adapters {
        Ok(storage) => findings.report(check_storage(&storage).await),
        Err(error) => findings.fail(&format!("{error:#}")),
    }
    say("Providers");
    check_providers(settings, &mut findings).await;
    let Findings { problems, warnings } = findings;
    say(&format!("\n{problems} problems, {warnings} warnings"));
    if problems > 0 {
        bail!("{problems} checks failed");
    }
    Ok(())
}

/// Returns the time of this machine.
fn now() -> DateTime<Utc> {
    Clock::system(Duration::ZERO).now()
}

fn check_settings(settings: &Settings, findings: &mut Findings) {
    let is_public = !settings.listen.ip().is_loopback();
    let warnings = [
        (
            is_public && !settings.is_https(),
            "browsers reach the server without HTTPS: put a TLS proxy in front of it and set public_url to its https:// address",
        ),
        (
            settings.is_https() && settings.proxies() == 0,
            "public_url is https, but no proxy is trusted: set trusted_proxies, else all clients share one rate limit",
        ),
        (settings.rate_limits == Switch::Off, "rate_limits is off: any client can overload the server"),
        (settings.topup == Switch::On, "topup is on: users add coins without payment"),
        (
            settings.shift().is_ok_and(|shift| !shift.is_zero()),
            "time_shift is not 0s: the server's clock is deliberately shifted",
        ),
        (
            is_public && settings.metrics_token.is_empty(),
            "metrics_token is empty: only this machine can read /metrics",
        ),
    ];
    for (applies, warning) in warnings {
        if applies {
            findings.warn(warning);
        }
    }
    Findings::print_ok(&format!(
        "the server listens on {}; its public URL is {}",
        settings.listen,
        settings.url()
    ));
}

fn check_machine(findings: &mut Findings) {
    match server::raise_descriptors() {
        Some(most) if most < FEW_DESCRIPTORS => findings.warn(&format!(
            "only {most} descriptors are allowed, one for each connection: raise the limit (ulimit -n, LimitNOFILE)"
        )),
        Some(most) => Findings::print_ok(&format!("{most} descriptors are allowed")),
        None => Findings::print_ok("the system has no limit on descriptors"),
    }
}

async fn check_database(settings: &Settings, findings: &mut Findings) {
    if let Some(file) = sqlite_file(&settings.database_url)
        && !file.exists()
    {
        return findings.warn(&format!("{} does not exist yet; plaza serve creates it", file.display()));
    }
    let db = match Database::open(&settings.database()).await {
        Ok(db) => db,
        Err(error) => return findings.fail(&format!("{error:#}")),
    };
    let version = check_version(&db).await;
    let is_reachable = version.is_ok();
    findings.report(version);
    if is_reachable {
        findings.report(check_tables(&db).await);
        findings.report(db.check_ready().await.map(|()| "it can be written".to_owned()).map_err(Into::into));
        if db.backend() == DatabaseBackend::Postgres {
            findings.report(check_bus(&db, settings).await);
            findings.report(check_connections(&db, settings).await);
            findings.report(check_clock(&db).await);
        }
        if db.list_pending_migrations().await.is_ok_and(|pending| pending.is_empty()) {
            findings.report(check_ledger(&db).await);
        }
    }
    db.close().await;
}

async fn check_version(db: &Database) -> Result<String> {
    let (name, sql) = match db.backend() {
        DatabaseBackend::Postgres => ("PostgreSQL", "SELECT current_setting('server_version') AS value"),
        _ => ("SQLite", "SELECT sqlite_version() AS value"),
    };
    let row = db.read().query_one_raw(Statement::from_string(db.backend(), sql)).await?;
    let version: String = row.context("the database returns no version")?.try_get("", "value")?;
    Ok(format!("{name} {version} answers"))
}

async fn check_tables(db: &Database) -> Result<String> {
    db.refuse_newer().await?;
    let pending = db.list_pending_migrations().await?;
    Ok(match pending.len() {
        0 => "the tables are up to date".to_owned(),
        number => format!("{number} migrations are pending; plaza serve and plaza migrate run them"),
    })
}

/// Compares the pool with the connections that PostgreSQL allows.
async fn check_connections(db: &Database, settings: &Settings) -> Result<String> {
    let sql = "SELECT current_setting('max_connections')::bigint AS value";
    let row = db.read().query_one_raw(Statement::from_string(db.backend(), sql)).await?;
    let most: i64 = row.context("PostgreSQL returns no max_connections")?.try_get("", "value")?;
    let own = if settings.database_connections == 0 { 16 } else { i64::from(settings.database_connections) };
    if own > most {
        bail!(
            "database_connections is {own}, but PostgreSQL allows {most}: lower it or raise max_connections"
        );
    }
    Ok(format!("PostgreSQL allows {most} connections, enough for {} servers of {own}", most / own))
}

/// Connects to the bus between servers, and sends nothing.
async fn check_bus(db: &Database, settings: &Settings) -> Result<String> {
    let name = if settings.bus_url.is_empty() {
        let transport = Postgres(db.clone());
        transport.connect().await.context("the bus of PostgreSQL cannot be reached")?.close().await;
        transport.name()
    } else {
        let transport = Nats::new(&settings.bus_url, &settings.bus_subject)?;
        let link = tokio::time::timeout(WAIT, transport.connect()).await;
        link.context("bus_url: NATS does not answer in time")?.context("bus_url")?.close().await;
        transport.name()
    };
    Ok(format!("several servers can reach each other through {name}"))
}

async fn check_clock(db: &Database) -> Result<String> {
    let sql = "SELECT clock_timestamp() AS value";
    let row = db.read().query_one_raw(Statement::from_string(db.backend(), sql)).await?;
    let there: DateTime<Utc> = row.context("PostgreSQL returns no time")?.try_get("", "value")?;
    let skew = (now() - there).abs();
    if skew > SKEW {
        bail!(
            "the clocks of this machine and of PostgreSQL differ by {} s: synchronise both (NTP)",
            skew.num_seconds()
        );
    }
    Ok(format!("the clocks of this machine and of PostgreSQL agree ({} ms)", skew.num_milliseconds()))
}

async fn check_ledger(db: &Database) -> Result<String> {
    let app = App::new(db.clone(), Clock::system(Duration::ZERO), Policies::default());
    let audit = wallet::check(&app).await?;
    if !audit.faults.is_empty() {
        bail!(
            "the ledger is broken: {}; restore a backup or ask for help before you start the server again",
            audit.faults.join("; ")
        );
    }
    Ok(format!("the ledger is consistent: {} journals, {} accounts", audit.journals, audit.accounts))
}

/// Stores a small file, reads it and deletes it.
async fn check_storage(storage: &crate::adapters::storage::Storage) -> Result<String> {
    const TEXT: &[u8] = b"plaza doctor";
    let key = storage
        .put("doctor", Media::Wav, Bytes::from_static(TEXT))
        .await
        .context("files cannot be stored")?;
    let found = storage.get(&key, Span::Whole).await.context("a stored file cannot be read");
    storage.delete(&key).await.context("a stored file cannot be deleted")?;
    if found?.is_none() {
        bail!("a stored file cannot be found again");
    }
    Ok("files can be stored, read and deleted".to_owned())
}

async fn check_providers(settings: &Settings, findings: &mut Findings) {
    let endpoints = match setup::list_endpoints(settings) {
        Ok(endpoints) => endpoints,
        Err(error) => return findings.fail(&format!("{error:#}")),
    };
    if endpoints.is_empty() {
        Findings::print_ok("none are configured: agents answer from their knowledge, without a model");
    }
    for endpoint in endpoints {
        let name = format!("{} {}", endpoint.setting, endpoint.url);
        match ask(&endpoint).await {
            Ok(text) => Findings::print_ok(&format!("{name}: {text}")),
            Err(error) => findings.fail(&format!("{name}: {error:#}")),
        }
    }
}

/// Asks a provider for its list of models, which costs nothing.
async fn ask(endpoint: &Endpoint) -> Result<String> {
    let client = crate::adapters::client(WAIT)?;
    let mut url = endpoint.url.clone();
    url.set_path(&format!("{}/models", url.path().trim_end_matches('/')));
    let mut request = client.get(url).timeout(WAIT);
    if !endpoint.key.is_empty() {
        request = match endpoint.setting {
            "voice_base_url" => request.header("xi-api-key", endpoint.key.expose()),
            _ => request.bearer_auth(endpoint.key.expose()),
        };
    }
    let response =
        request.send().await.map_err(reqwest::Error::without_url).context("it cannot be reached")?;
    if let Some(date) = response.headers().get(header::DATE).and_then(|date| date.to_str().ok())
        && let Ok(there) = httpdate::parse_http_date(date)
        && (now() - DateTime::<Utc>::from(there)).abs() > TimeDelta::minutes(2)
    {
        bail!("its clock and that of this machine differ: synchronise this machine (NTP)");
    }
    match response.status().as_u16() {
        401 | 403 => bail!("it refuses the key: check the setting beside the address"),
        500.. => bail!("it answers with the status {}: try again later", response.status().as_u16()),
        404 => Ok("it answers, but lists no models".to_owned()),
        _ => Ok("it answers".to_owned()),
    }
}

//! Periodic jobs. Several servers on one database may run them; the domain ensures that each effect happens
//! once.

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use chrono::{DateTime, TimeDelta, Utc};
use tokio::{
    sync::{Notify, watch},
    task::{Id, JoinSet},
};

use crate::{
    app::App,
    bus::{Delivery, Nats, Postgres},
    config::Settings,
    database::Work,
    domain::{
        account_deletion, agents, claim, communities, conversations, grant_confirmation, lounges, servers,
        support, unit_of_work, wallet,
    },
    error::Result,
    metrics::{Job, metrics, seconds_since},
    traces,
};

/// Interval of renewals without a wake-up, to find memberships that another server changed.
const RENEWALS: Duration = Duration::from_secs(60);
/// Interval of deleting old idempotency keys.
const REQUESTS: Duration = Duration::from_secs(3600);
/// Interval of compacting the logs of conversations and replies.
const LOGS: Duration = Duration::from_secs(3600);
/// Interval of failing replies with an expired lease, whose server is gone.
const ANSWERS: Duration = Duration::from_secs(5);
/// Interval of response deadlines without a wake-up, to find chats that another server changed.
const CUSTOMERS: Duration = Duration::from_secs(15);
/// Interval of voice jobs without a wake-up, to find voices that another server changed.
const VOICES: Duration = Duration::from_secs(60);
/// Interval of checking the ledger.
const LEDGER: Duration = Duration::from_secs(3600);
/// Maximum time to stop all jobs.
const END: Duration = Duration::from_secs(2);
/// Interval of clearing recently deleted accounts of data that concurrent requests wrote.
const DELETED: Duration = Duration::from_secs(60);
/// How long to wait after a failed round.
const RETRY_DELAY: TimeDelta = TimeDelta::minutes(1);

/// The running jobs. Dropping it aborts them.
pub struct Jobs {
    /// Number of completed rounds of renewals.
    pub renewals: watch::Receiver<u64>,
    /// Number of completed rounds of response deadlines.
    pub support_timers: watch::Receiver<u64>,
    /// Number of completed rounds of voice jobs.
    pub voices: watch::Receiver<u64>,
    runner: JobRunner,
    others: Option<Others>,
}

impl Jobs {
    /// Starts all jobs.
    pub fn start(app: &App, settings: &Settings) -> Self {
        let mut runner = JobRunner::new(app);
        let kept = TimeDelta::days(settings.log_days.into());
        let renewals = runner.begin("renewals", RENEWALS, Some(|app| &app.renewals_wake), renew_due);
        let customers =
            runner.begin("customers", CUSTOMERS, Some(|app| &app.support_timers_wake), run_support_timers);
        let voices = runner.begin("voices", VOICES, Some(|app| &app.voice_jobs_wake), make_voices);
        let every = confirmation_interval(app);
        runner.begin("rights", every, Some(|app| &app.rights_wake), confirm_rights);
        runner.begin("replies with an expired lease", ANSWERS, None, fail_abandoned_replies);
        runner.begin("deleted accounts", DELETED, None, clear_deleted);
        runner.begin("old requests", REQUESTS, None, prune_idempotency_keys);
        runner.begin("ledger", LEDGER, None, check_ledger);
        runner.begin("old events", LOGS, None, move |app| cut_logs(app, kept));
        let others = app.bus.is_shared().then(|| Others::start(app, settings, &mut runner));
        Self { renewals, support_timers: customers, voices, runner, others }
    }

    /// Returns whether this task is a job, whose use of the database counts as background work.
    pub fn has(&self, task: Id) -> bool {
        self.runner.ids.contains(&task)
    }

    /// Waits until this server hears the others on its database; returns at once if it is the only one.
    pub async fn joined(&self) {
        if let Some(others) = &self.others {
            others.rounds.joined().await;
        }
    }

    /// Stops all jobs within a bounded time. Unfinished transactions are rolled back, and the next server
    /// repeats them.
    pub async fn stop(self) {
        let JobRunner { app, stop, mut tasks, .. } = self.runner;
        stop.send_replace(true);
        let ended = async {
            while tasks.join_next().await.is_some() {}
            if let Some(others) = self.others {
                others.stop(&app).await;
            }
        };
        if tokio::time::timeout(END, ended).await.is_err() {
            tracing::warn!("background work did not end in time and is aborted");
        }
    }
}

/// The result of a round: when the next one is due.
type Next = Result<Option<DateTime<Utc>>>;

async fn renew_due(app: App) -> Next {
    let memberships = communities::renew_due(&app).await;
    let subscriptions = lounges::renew_due(&app).await;
    Ok([memberships?, subscriptions?].into_iter().flatten().min())
}

async fn run_support_timers(app: App) -> Next {
    support::run_due(&app).await
}

async fn make_voices(app: App) -> Next {
    lounges::run_due(&app).await
}

async fn confirm_rights(app: App) -> Next {
    grant_confirmation::confirm(&app).await?;
    Ok(Some(app.clock.now() + confirmation_interval(&app)))
}

/// Returns the interval between confirmations of rights: half the validity, so that one may be late.
fn confirmation_interval(app: &App) -> Duration {
    app.rules.rights_validity / 2
}

/// Returns the NATS servers of the settings, which were checked before.
fn nats(settings: &Settings) -> Option<Nats> {
    let url = Some(&settings.bus_url).filter(|url| !url.is_empty())?;
    let nats = Nats::new(url, &settings.bus_subject);
    nats.inspect_err(|error| tracing::error!("{error:#}; PostgreSQL connects the servers")).ok()
}

/// The connection to the other servers on the database.
struct Others {
    rounds: Arc<servers::Rounds>,
    stop: watch::Sender<bool>,
    bus: JoinSet<()>,
}

impl Others {
    /// Starts to exchange messages with other servers and to read changes that were not announced.
    fn start(app: &App, settings: &Settings, runner: &mut JobRunner) -> Self {
        let rounds = Arc::new(servers::Rounds::default());
        let reader = rounds.clone();
        let every = Duration::from_secs(settings.poll_interval);
        runner.begin("changes of other servers", every, Some(|app| &app.catch_up_wake), move |app| {
            let rounds = reader.clone();
            async move { rounds.run(&app).await.map(|()| None) }
        });
        let stop = watch::Sender::new(false);
        let (app, mut stopped) = (app.clone(), stop.subscribe());
        let nats = nats(settings);
        let mut bus = JoinSet::new();
        bus.spawn(async move {
            let stopping = async { _ = stopped.wait_for(|stopped| *stopped).await };
            let receive = |delivery: Delivery<'_>| app.receive(&delivery);
            match nats {
                Some(nats) => app.bus.run(&nats, stopping, receive).await,
                None => app.bus.run(&Postgres(app.db.clone()), stopping, receive).await,
            }
        });
        Self { rounds, stop, bus }
    }

    /// Says goodbye.
    async fn stop(mut self, app: &App) {
        if let Err(error) = self.rounds.end(app).await {
            error.log();
        }
        self.stop.send_replace(true);
        while self.bus.join_next().await.is_some() {}
    }
}

async fn fail_abandoned_replies(app: App) -> Next {
    agents::fail_abandoned(&app).await
}

async fn clear_deleted(app: App) -> Next {
    account_deletion::clear_deleted(&app).await.map(|()| None)
}

async fn prune_idempotency_keys(app: App) -> Next {
    claim::prune(&app).await?;
    unit_of_work::prune(&app).await.map(|()| None)
}

async fn check_ledger(app: App) -> Next {
    let audit = wallet::check(&app).await?;
    for fault in &audit.faults {
        tracing::error!(fault, "the ledger is broken");
    }
    metrics().ledger_faults.set(i64::try_from(audit.faults.len()).unwrap_or(i64::MAX));
    Ok(None)
}

async fn cut_logs(app: App, kept: TimeDelta) -> Next {
    let before = app.clock.now() - kept;
    conversations::trim(&app, before).await?;
    agents::trim(&app, before).await.map(|_| None)
}

/// Jobs that repeat until they are stopped.
struct JobRunner {
    app: App,
    stop: watch::Sender<bool>,
    tasks: JoinSet<()>,
    ids: Vec<Id>,
}

impl JobRunner {
    fn new(app: &App) -> Self {
        Self { app: app.clone(), stop: watch::Sender::new(false), tasks: JoinSet::new(), ids: Vec::new() }
    }

    /// Starts a job. A round begins when the previous one's due time has come by the application's clock, at
    /// a wake-up, and at an interval of the machine's clock. Returns the number of completed rounds.
    fn begin<F: Future<Output = Next> + Send>(
        &mut self,
        name: &'static str,
        every: Duration,
        wake: Option<fn(&App) -> &Notify>,
        round: impl Fn(App) -> F + Send + Sync + 'static,
    ) -> watch::Receiver<u64> {
        let app = self.app.clone();
        let (ended, rounds) = watch::channel(0);
        let mut stopped = self.stop.subscribe();
        let for_ever = async move {
            loop {
                let started = Instant::now();
                let result = traces::job(name, Box::pin(round(app.clone()))).await;
                count_round(name, &app, &result, started);
                let next = result.unwrap_or_else(|error| {
                    tracing::error!(error = format!("{:#}", anyhow::Error::new(error)), "{name}");
                    Some(app.clock.now() + RETRY_DELAY)
                });
                ended.send_modify(|rounds| *rounds += 1);
                tokio::select! {
                    () = until(&app, next) => {}
                    () = woken(wake.map(|wake| wake(&app))) => {}
                    () = tokio::time::sleep(every) => {}
                }
            }
        };
        let task = self.tasks.spawn(async move {
            tokio::select! {
                _ = stopped.wait_for(|stopped| *stopped) => {}
                () = Work::Background.scope(for_ever) => {}
            }
        });
        self.ids.push(task.id());
        rounds
    }
}

/// Counts a round of a job in metrics.
fn count_round(job: &'static str, app: &App, result: &Next, started: Instant) {
    let outcome = if result.is_ok() { "ok" } else { "failed" };
    metrics().job_rounds.get_or_create(&Job { job, outcome }).inc();
    metrics().job_duration.get_or_create(&job.into()).observe(seconds_since(started));
    if result.is_ok() {
        let now = app.clock.now().timestamp_millis() as f64 / 1000.0;
        metrics().job_last_success.get_or_create(&job.into()).set(now);
    }
}

async fn until(app: &App, next: Option<DateTime<Utc>>) {
    match next {
        Some(at) => app.clock.sleep_until(at).await,
        None => std::future::pending().await,
    }
}

async fn woken(wake: Option<&Notify>) {
    match wake {
        Some(wake) => wake.notified().await,
        None => std::future::pending().await,
    }
}

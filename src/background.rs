//! What a server does by itself, beside answering. Several servers on one database may all do it: the domain sees to
//! it that each thing happens once.

use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use tokio::{
    sync::{Notify, watch},
    task::JoinSet,
};

use crate::{
    app::App,
    config::Settings,
    domain::{Result, agents, communities, conversations, lounges, support, write},
};

/// How soon a membership is noticed that another server is told to renew.
const RENEWALS: Duration = Duration::from_secs(60);
/// How often old requests are forgotten.
const REQUESTS: Duration = Duration::from_secs(3600);
/// How often the logs of conversations and answers are cut.
const LOGS: Duration = Duration::from_secs(3600);
/// How soon an answer is noticed whose server is gone, once its lease has run out.
const ANSWERS: Duration = Duration::from_secs(15);
/// How soon a customer is noticed whom another server has let wait too long.
const CUSTOMERS: Duration = Duration::from_secs(15);
/// How soon a voice is noticed that another server is told to make or delete.
const VOICES: Duration = Duration::from_secs(60);
/// How long after a fault of ours the next round begins.
const AGAIN: TimeDelta = TimeDelta::minutes(1);

/// The running tasks; dropped, they are cut off.
pub struct Background {
    /// How many rounds of renewals have ended.
    pub renewals: watch::Receiver<u64>,
    /// How many rounds of looking after customers have ended.
    pub customers: watch::Receiver<u64>,
    /// How many rounds of making and deleting voices have ended.
    pub voices: watch::Receiver<u64>,
    stop: watch::Sender<bool>,
    tasks: JoinSet<()>,
}

impl Background {
    /// Starts all of it.
    pub fn start(app: &App, settings: &Settings) -> Self {
        let (stop, stopped) = watch::channel(false);
        let (counter, renewals) = watch::channel(0);
        let mut tasks = JoinSet::new();
        let task = Task { app: app.clone(), stopped };
        let renew = task.clone();
        let round = move |app: App| {
            let counter = counter.clone();
            async move {
                let next = renew_due(&app).await;
                counter.send_modify(|rounds| *rounds += 1);
                next
            }
        };
        tasks
            .spawn(async move { renew.repeat("renewals", RENEWALS, Some(&renew.app.renewals), round).await });
        let tend = task.clone();
        let (counter, customers) = watch::channel(0);
        let round = move |app: App| {
            let counter = counter.clone();
            async move {
                let next = support::tend(&app).await;
                counter.send_modify(|rounds| *rounds += 1);
                next
            }
        };
        tasks.spawn(async move { tend.repeat("customers", CUSTOMERS, Some(&tend.app.tending), round).await });
        let make = task.clone();
        let (counter, voices) = watch::channel(0);
        let round = move |app: App| {
            let counter = counter.clone();
            async move {
                let next = lounges::work_due(&app).await;
                counter.send_modify(|rounds| *rounds += 1);
                next
            }
        };
        tasks.spawn(async move { make.repeat("voices", VOICES, Some(&make.app.voices_due), round).await });
        let answers = task.clone();
        let round = |app: App| async move { agents::end_left_behind(&app).await };
        tasks.spawn(async move { answers.repeat("answers left behind", ANSWERS, None, round).await });
        let round = |app: App| async move { write::prune(&app).await.map(|()| None) };
        let prune = task.clone();
        tasks.spawn(async move { prune.repeat("old requests", REQUESTS, None, round).await });
        let kept = TimeDelta::days(settings.log_days.into());
        let round = move |app: App| async move {
            let before = app.clock.now() - kept;
            conversations::trim(&app, before).await?;
            agents::trim(&app, before).await.map(|_| None)
        };
        tasks.spawn(async move { task.repeat("old events", LOGS, None, round).await });
        Self { renewals, customers, voices, stop, tasks }
    }

    /// Ends all of it. What a task was about to write is rolled back, and done by the next server.
    pub async fn stop(mut self) {
        self.stop.send_replace(true);
        while self.tasks.join_next().await.is_some() {}
    }
}

/// Renews memberships and subscriptions, and tells when the next is due.
async fn renew_due(app: &App) -> Result<Option<DateTime<Utc>>> {
    let memberships = communities::renew_due(app).await;
    let subscriptions = lounges::renew_due(app).await;
    Ok([memberships?, subscriptions?].into_iter().flatten().min())
}

#[derive(Clone)]
struct Task {
    app: App,
    stopped: watch::Receiver<bool>,
}

impl Task {
    /// Goes round and round: when the last round said so by the app's clock, when it is woken, and every so often by
    /// the machine's.
    async fn repeat<F: Future<Output = Result<Option<DateTime<Utc>>>>>(
        &self,
        name: &str,
        every: Duration,
        wake: Option<&Notify>,
        round: impl Fn(App) -> F,
    ) {
        let mut stopped = self.stopped.clone();
        let rounds = async {
            loop {
                let next = round(self.app.clone()).await.unwrap_or_else(|error| {
                    tracing::error!(error = format!("{:#}", anyhow::Error::new(error)), "{name}");
                    Some(self.app.clock.now() + AGAIN)
                });
                tokio::select! {
                    () = self.until(next) => {}
                    () = woken(wake) => {}
                    () = tokio::time::sleep(every) => {}
                }
            }
        };
        tokio::select! {
            _ = stopped.wait_for(|stopped| *stopped) => {}
            () = rounds => {}
        }
    }

    async fn until(&self, next: Option<DateTime<Utc>>) {
        match next {
            Some(at) => self.app.clock.sleep_until(at).await,
            None => std::future::pending().await,
        }
    }
}

async fn woken(wake: Option<&Notify>) {
    match wake {
        Some(wake) => wake.notified().await,
        None => std::future::pending().await,
    }
}

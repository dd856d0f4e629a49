//! What a server does by itself, beside answering. Several servers on one database may all do it: the domain sees to
//! it that each thing happens once.

use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use tokio::{
    sync::{Notify, watch},
    task::{Id, JoinSet},
};

use crate::{
    app::App,
    config::Settings,
    database::Work,
    domain::{Result, accounts, agents, communities, confirm, conversations, lounges, support, write},
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
/// How long ending all of it may take.
const END: Duration = Duration::from_secs(2);
/// How often accounts that were deleted a moment ago are cleared of what was written meanwhile.
const DELETED: Duration = Duration::from_secs(60);
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
    crew: Crew,
}

impl Background {
    /// Starts all of it.
    pub fn start(app: &App, settings: &Settings) -> Self {
        let mut crew = Crew::new(app);
        let kept = TimeDelta::days(settings.log_days.into());
        let renewals = crew.begin("renewals", RENEWALS, Some(|app| &app.renewals), renew_due);
        let customers = crew.begin("customers", CUSTOMERS, Some(|app| &app.tending), tend);
        let voices = crew.begin("voices", VOICES, Some(|app| &app.voices_due), make_voices);
        crew.begin("rights", confirm::EVERY, None, confirm_rights);
        crew.begin("answers left behind", ANSWERS, None, end_left_behind);
        crew.begin("deleted accounts", DELETED, None, clear_deleted);
        crew.begin("old requests", REQUESTS, None, forget_requests);
        crew.begin("old events", LOGS, None, move |app| cut_logs(app, kept));
        Self { renewals, customers, voices, crew }
    }

    /// Whether this task is one of them: what it asks of the database is for no request.
    pub fn has(&self, task: Id) -> bool {
        self.crew.ids.contains(&task)
    }

    /// Ends all of it, within a bounded time. What a task was about to write is rolled back, and done by the next
    /// server.
    pub async fn stop(self) {
        let Crew { stop, mut tasks, .. } = self.crew;
        stop.send_replace(true);
        let ended = async { while tasks.join_next().await.is_some() {} };
        if tokio::time::timeout(END, ended).await.is_err() {
            tracing::warn!("background work took too long to end; it is cut off");
        }
    }
}

/// What a round gives: when the next is due.
type Next = Result<Option<DateTime<Utc>>>;

async fn renew_due(app: App) -> Next {
    let memberships = communities::renew_due(&app).await;
    let subscriptions = lounges::renew_due(&app).await;
    Ok([memberships?, subscriptions?].into_iter().flatten().min())
}

async fn tend(app: App) -> Next {
    support::tend(&app).await
}

async fn make_voices(app: App) -> Next {
    lounges::work_due(&app).await
}

async fn confirm_rights(app: App) -> Next {
    confirm::confirm(&app).await?;
    Ok(Some(app.clock.now() + confirm::EVERY))
}

async fn end_left_behind(app: App) -> Next {
    agents::end_left_behind(&app).await
}

async fn clear_deleted(app: App) -> Next {
    accounts::clear_deleted(&app).await.map(|()| None)
}

async fn forget_requests(app: App) -> Next {
    write::prune(&app).await.map(|()| None)
}

async fn cut_logs(app: App, kept: TimeDelta) -> Next {
    let before = app.clock.now() - kept;
    conversations::trim(&app, before).await?;
    agents::trim(&app, before).await.map(|_| None)
}

/// Tasks that go round and round until they are told to stop.
struct Crew {
    app: App,
    stop: watch::Sender<bool>,
    tasks: JoinSet<()>,
    ids: Vec<Id>,
}

impl Crew {
    fn new(app: &App) -> Self {
        Self { app: app.clone(), stop: watch::Sender::new(false), tasks: JoinSet::new(), ids: Vec::new() }
    }

    /// Begins to do this when the last round said so by the app's clock, when it is woken, and every so often by the
    /// machine's. Gives how many rounds have ended.
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
                let next = round(app.clone()).await.unwrap_or_else(|error| {
                    tracing::error!(error = format!("{:#}", anyhow::Error::new(error)), "{name}");
                    Some(app.clock.now() + AGAIN)
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

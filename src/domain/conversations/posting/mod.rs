//! Posting in batches: messages that arrive at once are checked and written in one transaction, in the order in which
//! they arrived.

mod check;
mod write;

use std::{collections::HashSet, sync::atomic::AtomicBool};

use sea_orm::DatabaseBackend;
use uuid::Uuid;

use super::{MessageRow, Target};
use crate::{
    app::App,
    database::{self, Outcome, Submitted},
    domain::{
        User, failed_batch,
        idempotency::{self, WriteSlot},
    },
    error::{Error, Result},
};

/// A message to post, with everything that is known without the database.
pub(super) struct Post {
    pub(super) actor: User,
    pub(super) target: Target,
    /// The text, 1 to 5000 characters.
    pub(super) content: String,
    /// Search terms of the text.
    pub(super) search_text: String,
    /// Whether it may call an agent by name.
    pub(super) may_mention: bool,
    pub(super) client_key: Option<String>,
    pub(super) reply_to: Option<Uuid>,
    /// The slot of its result, if the request carries an `Idempotency-Key`.
    pub(super) slot: Option<WriteSlot>,
    /// Whether the rate limit has counted it, in a batch that failed.
    pub(super) is_counted: AtomicBool,
}

/// The decision about a message of a batch.
enum Verdict {
    /// It is posted.
    Accepted,
    /// It was posted before.
    Repeated(Box<MessageRow>),
    Refused(Error),
    /// It waits for another message of the batch.
    Postponed,
    /// It has further effects, or its rights need a separate check: it is posted alone.
    Returned,
}

/// Batches of messages: one queue per conversation on PostgreSQL; one for all on SQLite, which has one
/// writer.
struct PostBatch;

/// Posts a message with those that arrive at the same time. Returns the message if it must be posted alone.
pub(super) async fn submit(app: &App, post: Post) -> Result<Submitted<Box<Post>, MessageRow>> {
    let key = (app.db.backend() == DatabaseBackend::Postgres).then(|| post.target.id());
    match app.batchers.submit::<PostBatch>(app, key, Box::new(post)).await? {
        Submitted::Done(outcome) => {
            idempotency::skip_slot();
            outcome.map(Submitted::Done)
        }
        Submitted::Returned(post) => Ok(Submitted::Returned(post)),
    }
}

impl database::Batch for PostBatch {
    type Context = App;
    type Key = Option<Uuid>;
    type Request = Box<Post>;
    type Output = Result<MessageRow>;

    const NAME: &'static str = "messages";

    fn weight(post: &Box<Post>) -> usize {
        size_of::<Post>() + post.content.len() + post.search_text.len()
    }

    async fn run(
        app: App,
        key: Option<Uuid>,
        posts: Vec<Box<Post>>,
    ) -> Vec<Outcome<Box<Post>, Result<MessageRow>>> {
        let tx = match app.begin_batch(key).await {
            Ok(tx) => tx,
            // No connection is free: attempts one by one would make it worse.
            Err(error) => return failed_batch::share(error, posts.len()),
        };
        let verdicts = posts.iter().map(|_| Verdict::Accepted).collect();
        let mut batch = Batch { app: &app, posts: &posts, verdicts };
        batch.postpone();
        let (verdicts, rows) = match batch.write(tx).await {
            Ok(written) => written,
            Err(error) => return failed_batch::return_all(Self::NAME, error, posts),
        };
        let mut rows = rows.into_iter();
        let outcome = |(post, verdict)| match verdict {
            Verdict::Accepted => match rows.next() {
                Some(row) => Outcome::Done(Ok(row)),
                None => Outcome::Done(Err(Error::Internal(anyhow::anyhow!("a message has no row")))),
            },
            Verdict::Repeated(row) => Outcome::Done(Ok(*row)),
            Verdict::Refused(error) => Outcome::Done(Err(error)),
            Verdict::Postponed => Outcome::Postponed(post),
            Verdict::Returned => Outcome::Returned(post),
        };
        posts.into_iter().zip(verdicts).map(outcome).collect()
    }
}

/// The messages of one transaction.
struct Batch<'a> {
    app: &'a App,
    posts: &'a [Box<Post>],
    /// One for each message.
    verdicts: Vec<Verdict>,
}

impl<'a> Batch<'a> {
    /// Of several messages with one key, only the first joins this batch; the others find its result in the next.
    fn postpone(&mut self) {
        let (mut requests, mut keys) = (HashSet::new(), HashSet::new());
        for (post, verdict) in self.posts.iter().zip(&mut self.verdicts) {
            let actor = post.actor.id.as_str();
            let is_first = post.slot.as_ref().is_none_or(|place| requests.insert((actor, &place.key)));
            if !is_first || !post.client_key.as_ref().is_none_or(|key| keys.insert((actor, key))) {
                *verdict = Verdict::Postponed;
            }
        }
    }

    /// Returns the messages accepted so far, with their indices in the batch.
    fn accepted(&self) -> impl Iterator<Item = (usize, &'a Post)> + '_ {
        let posts = self.posts.iter().map(AsRef::as_ref).enumerate();
        posts.filter(|(at, _)| matches!(self.verdicts[*at], Verdict::Accepted))
    }
}

//! Reading agent replies and subscribing to them.

use std::sync::Arc;

use chrono::{DateTime, TimeDelta, Utc};
use entity::{
    agent_reply::{self, Audio, Status},
    agent_reply_event::{self, Kind},
};
use futures_util::{StreamExt, stream, stream::BoxStream};
use sea_orm::{
    ColumnTrait, EntityTrait, QueryFilter, QuerySelect,
    sea_query::{Expr, ExprTrait},
};
use uuid::Uuid;

use super::log::text_so_far;
use crate::{
    app::{App, Change},
    domain::{
        UnitOfWork, User,
        accounts::{Identity, check_identity},
        conversations::{self, ConversationAccess, ReadRight, Target},
        grant_confirmation::grant_of,
    },
    error::{Error, Result},
    live::{AccessGrant, FeedRequest, Next, Position, Recheck, Subscribe, Subscription, Visibility},
    timeline::ReplyEvent,
};

/// Returns a reply that the actor may read; `None` if it must appear not to exist.
///
/// # Errors
/// The refusal to read the conversation, if its existence is no secret.
pub async fn find_reply(
    app: &App,
    actor: &User,
    id: Uuid,
) -> Result<Option<(agent_reply::Model, ReadRight)>> {
    let Some(reply) = agent_reply::Entity::find_by_id(id).one(app.db.read()).await? else { return Ok(None) };
    let target = Target::Conversation(reply.conversation_id);
    let access = conversations::find_readable(app, actor, &target).await?;
    Ok(access.map(|access| (reply, access.into_readable().right())))
}

/// Returns the text of a reply, in full or so far.
///
/// # Errors
/// [`Error::Internal`].
pub async fn text(app: &App, reply: &agent_reply::Model) -> Result<String> {
    match reply.status {
        Status::Running => text_so_far(app.db.read(), reply.id).await,
        _ => Ok(reply.text.clone()),
    }
}

/// Subscribes to a reply from its start or after a position, until its last event. Requires the right to
/// read the conversation throughout.
///
/// # Errors
/// The refusal to read; [`Error::Invalid`] for a position beyond the log.
pub async fn watch(
    app: &App,
    identity: &Arc<Identity>,
    id: Uuid,
    after: Option<Position>,
) -> Result<Box<dyn Subscribe>> {
    let found = agent_reply::Entity::find_by_id(id).one(app.db.read()).await?;
    let reply = found.ok_or(REPLY_NOT_FOUND)?;
    let target = Target::Conversation(reply.conversation_id);
    let recheck: Recheck = {
        let (app, identity) = (app.clone(), identity.clone());
        Arc::new(move || {
            let (app, identity) = (app.clone(), identity.clone());
            Box::pin(async move {
                let signed_in_until = check_identity(&app, &identity).await?;
                let access = get_access(&app, &identity.user, &target).await?;
                Ok(earliest(&app, [signed_in_until, access.valid_until]))
            })
        })
    };
    let mut grant = AccessGrant::new(&app.grants, &app.clock, &identity.user.id, identity.grant(), recheck);
    let access = get_access(app, &identity.user, &target).await?;
    grant.depends_on(&app.grants, grant_of(&identity.user.id, &access.conversation));
    grant.holds_until(earliest(app, [identity.signed_in_until(), access.valid_until]));
    let head = Position(reply.last_seq);
    // A lost position restarts at the beginning.
    let after = after.filter(|after| *after != Position::LOST).unwrap_or_default();
    if after > head {
        return Err(Error::invalid("after", "after is ahead of the answer"));
    }
    if reply.is_trimmed && after > Position::default() && !has_event(app, id, after).await? {
        return Err(Error::invalid("after", "The answer was compacted: subscribe from its beginning"));
    }
    if after == head && is_over(&reply) {
        return Ok(Box::new(EmptySubscription));
    }
    Ok(Box::new(Subscription {
        hubs: app.replies.clone(),
        topic: id,
        after: Some(after),
        head,
        audience: "reader",
        user: identity.user.id.clone(),
        present: None,
        visibility: Arc::new(judge),
        // The log always reaches back to its start.
        snapshot: Arc::new(|_| Box::pin(async { Err(REPLY_NOT_FOUND) })),
        grant,
    }))
}

const REPLY_NOT_FOUND: Error = Error::NotFound("Agent reply");

/// Maximum time between revalidations: the reply's log does not record departures, which may happen on
/// another server.
const MAX_REVALIDATION_INTERVAL: TimeDelta = TimeDelta::minutes(1);

fn earliest(app: &App, ends: [Option<DateTime<Utc>>; 2]) -> Option<DateTime<Utc>> {
    ends.into_iter().flatten().chain([app.clock.now() + MAX_REVALIDATION_INTERVAL]).min()
}

/// Maximum number of replies of one notification.
const CHUNK: usize = 100;

/// After commit, revalidates the subscriptions to unfinished replies of a community.
pub(in crate::domain) async fn revalidate_listeners(tx: &UnitOfWork, community_id: Uuid) -> Result<()> {
    let heard: Vec<Uuid> = agent_reply::Entity::find()
        .select_only()
        .column(agent_reply::Column::Id)
        .filter(agent_reply::Column::CommunityId.eq(community_id))
        .filter(unfinished())
        .into_tuple()
        .all(tx)
        .await?;
    tx.publish(heard.chunks(CHUNK).map(|heard| Change::ReplyReaders(heard.to_vec())).collect::<Vec<_>>());
    Ok(())
}

/// Condition for replies that are running or being read aloud.
pub(super) fn unfinished() -> Expr {
    let running = agent_reply::Column::Status.eq(Status::Running);
    running.or(agent_reply::Column::Audio.eq(Audio::Pending))
}

async fn get_access(app: &App, actor: &User, target: &Target) -> Result<ConversationAccess> {
    conversations::find_readable(app, actor, target).await?.ok_or(REPLY_NOT_FOUND)
}

/// Returns whether the reply's log has an event with this position.
async fn has_event(app: &App, id: Uuid, at: Position) -> Result<bool> {
    let found = agent_reply_event::Entity::find_by_id((id, at.0)).one(app.db.read()).await?;
    Ok(found.is_some())
}

/// Returns whether no event can follow.
fn is_over(reply: &agent_reply::Model) -> bool {
    reply.status != Status::Running && reply.audio != Audio::Pending
}

fn judge(event: &ReplyEvent) -> Visibility {
    match event.kind {
        Kind::Meta | Kind::Chunk | Kind::Error => Visibility::Visible,
        Kind::Done if matches!(event.reply.audio, Audio::Pending | Audio::Ready) => Visibility::Visible,
        Kind::Done | Kind::AudioReady => Visibility::Completed { shown: true },
        Kind::Silent => Visibility::Completed { shown: false },
    }
}

/// A subscription whose events have all been delivered.
struct EmptySubscription;

impl Subscribe for EmptySubscription {
    fn open(self: Box<Self>, _: FeedRequest) -> BoxStream<'static, Next> {
        stream::empty().boxed()
    }
}

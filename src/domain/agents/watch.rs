//! Reading and hearing an answer.

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

use super::log::{ReplyEvent, said};
use crate::{
    app::App,
    domain::{
        Error, Result, User, Write,
        accounts::{Identity, check_identity},
        confirm::grant_of,
        conversations::{self, ReadRight, Seat, Target},
    },
    live::{Asked, Listen, Next, Pass, Position, Recheck, Sight, Subscription},
};

/// An answer that the actor may read; none where they may not know of it.
///
/// # Errors
/// Why they may not read what they may know of.
pub async fn find_reply(
    app: &App,
    actor: &User,
    id: Uuid,
) -> Result<Option<(agent_reply::Model, ReadRight)>> {
    let Some(reply) = agent_reply::Entity::find_by_id(id).one(app.db.read()).await? else { return Ok(None) };
    let target = Target::Conversation(reply.conversation_id);
    let seat = conversations::find_readable(app, actor, &target).await?;
    Ok(seat.map(|seat| (reply, seat.into_readable().right())))
}

/// What an answer has said: all of it, or what it has said so far.
///
/// # Errors
/// [`Error::Internal`].
pub async fn text(app: &App, reply: &agent_reply::Model) -> Result<String> {
    match reply.status {
        Status::Running => said(app.db.read(), reply.id).await,
        _ => Ok(reply.text.clone()),
    }
}

/// Listens to an answer from its beginning, or behind an event, until it has ended and everything was told. Whoever may
/// read the conversation may listen, as long as they may.
///
/// # Errors
/// Why they may not; [`Error::Invalid`] for a position that the log has not reached.
pub async fn watch(
    app: &App,
    identity: &Arc<Identity>,
    id: Uuid,
    after: Option<Position>,
) -> Result<Box<dyn Listen>> {
    let found = agent_reply::Entity::find_by_id(id).one(app.db.read()).await?;
    let reply = found.ok_or(HIDDEN)?;
    let target = Target::Conversation(reply.conversation_id);
    let recheck: Recheck = {
        let (app, identity) = (app.clone(), identity.clone());
        Arc::new(move || {
            let (app, identity) = (app.clone(), identity.clone());
            Box::pin(async move {
                let signed_in_until = check_identity(&app, &identity).await?;
                let seat = get_seat(&app, &identity.user, &target).await?;
                Ok(earliest(&app, [signed_in_until, seat.valid_until]))
            })
        })
    };
    let mut pass = Pass::new(&app.access, &app.clock, &identity.user.id, identity.grant(), recheck);
    let seat = get_seat(app, &identity.user, &target).await?;
    pass.depends_on(&app.access, grant_of(&identity.user.id, &seat.conversation));
    pass.holds_until(earliest(app, [identity.signed_in_until(), seat.valid_until]));
    let head = Position(reply.last_seq);
    // Whoever lost their place hears it from the beginning.
    let after = after.filter(|after| *after != Position::LOST).unwrap_or_default();
    if after > head {
        return Err(Error::invalid("after", "after is ahead of the answer"));
    }
    if reply.is_trimmed && after > Position::default() && !is_told(app, id, after).await? {
        return Err(Error::invalid(
            "after",
            "The answer is kept in one piece by now: listen from its beginning",
        ));
    }
    if after == head && is_over(&reply) {
        return Ok(Box::new(Nothing));
    }
    Ok(Box::new(Subscription {
        hubs: app.replies.clone(),
        topic: id,
        after: Some(after),
        head,
        audience: "reader",
        user: identity.user.id.clone(),
        present: None,
        judge: Arc::new(judge),
        // Its log always reaches back to its beginning.
        snapshot: Arc::new(|_| Box::pin(async { Err(HIDDEN) })),
        pass,
    }))
}

const HIDDEN: Error = Error::NotFound("Agent reply");

/// How long the right to hear an answer is good before it is asked for again: its log tells nothing of who was sent away,
/// by another server perhaps.
const DOUBT: TimeDelta = TimeDelta::minutes(1);

fn earliest(app: &App, ends: [Option<DateTime<Utc>>; 2]) -> Option<DateTime<Utc>> {
    ends.into_iter().flatten().chain([app.clock.now() + DOUBT]).min()
}

/// Once it is committed, those who hear answers of a community here ask again whether they may.
pub(in crate::domain) async fn doubt_heard(tx: &Write, community_id: Uuid) -> Result<()> {
    let heard: Vec<Uuid> = agent_reply::Entity::find()
        .select_only()
        .column(agent_reply::Column::Id)
        .filter(agent_reply::Column::CommunityId.eq(community_id))
        .filter(unfinished())
        .into_tuple()
        .all(tx)
        .await?;
    tx.after(|app| heard.into_iter().for_each(|id| app.replies.doubt(id)));
    Ok(())
}

/// Answers that are being given or read aloud.
pub(super) fn unfinished() -> Expr {
    let running = agent_reply::Column::Status.eq(Status::Running);
    running.or(agent_reply::Column::Audio.eq(Audio::Pending))
}

async fn get_seat(app: &App, actor: &User, target: &Target) -> Result<Seat> {
    conversations::find_readable(app, actor, target).await?.ok_or(HIDDEN)
}

/// Whether an event of this number is in the answer's log.
async fn is_told(app: &App, id: Uuid, at: Position) -> Result<bool> {
    let found = agent_reply_event::Entity::find_by_id((id, at.0)).one(app.db.read()).await?;
    Ok(found.is_some())
}

/// Whether nothing follows any more.
fn is_over(reply: &agent_reply::Model) -> bool {
    reply.status != Status::Running && reply.audio != Audio::Pending
}

fn judge(event: &ReplyEvent) -> Sight {
    match event.kind {
        Kind::Meta | Kind::Chunk | Kind::Error => Sight::Shown,
        Kind::Done if matches!(event.reply.audio, Audio::Pending | Audio::Ready) => Sight::Shown,
        Kind::Done | Kind::AudioReady => Sight::Done { shown: true },
        Kind::Silent => Sight::Done { shown: false },
    }
}

/// A subscription to what is over and was told.
struct Nothing;

impl Listen for Nothing {
    fn open(self: Box<Self>, _: Asked) -> BoxStream<'static, Next> {
        stream::empty().boxed()
    }
}

//! Listening to a conversation.

use std::sync::Arc;

use chrono::{DateTime, Utc};
use entity::{conversation, conversation_event::Kind};
use sea_orm::EntityTrait;
use uuid::Uuid;

use super::{
    Event, History, MessageRow, ReadableConversation, Target,
    access::{Intent, get_seat},
    history,
};
use crate::{
    app::App,
    domain::{
        Error, Result,
        accounts::{Identity, check_identity},
        confirm::grant_of,
    },
    live::{self, Listen, Pass, Position, Recheck, Sight, Subscription},
};

/// The most messages that a snapshot shows.
const MOST: u64 = 100;

/// Where a conversation stands: everything up to its position is in it.
#[derive(Clone, Debug)]
pub struct Snapshot {
    /// The conversation as it was read, by those who may listen to it.
    pub conversation: ReadableConversation,
    /// Whether it is told because the log no longer reaches back to where the listener was.
    pub resync: bool,
    /// When it was read.
    pub at: DateTime<Utc>,
}

impl Snapshot {
    /// Everything up to here is in it.
    pub fn position(&self) -> Position {
        Position(self.conversation.last_seq)
    }
}

/// What somebody wants to hear.
#[derive(Clone, Copy, Debug)]
pub struct Watched {
    /// Of which conversation.
    pub target: Target,
    /// Where they go on; none begins with a snapshot, [`Position::LOST`] with one that says so.
    pub after: Option<Position>,
    /// Whether they want to hear who is there and types, and be shown there themselves.
    pub activity: bool,
}

/// Listens to a conversation that whoever asks may read, as long as they may.
///
/// # Errors
/// Why they may not; [`Error::Invalid`] for a position that the log has not reached.
pub async fn watch(app: &App, identity: &Arc<Identity>, watched: Watched) -> Result<Box<dyn Listen>> {
    let user = identity.user.clone();
    let Watched { target, after, activity } = watched;
    let recheck: Recheck = {
        let (app, identity) = (app.clone(), identity.clone());
        Arc::new(move || {
            let (app, identity) = (app.clone(), identity.clone());
            Box::pin(async move {
                let signed_in_until = check_identity(&app, &identity).await?;
                let seat = get_seat(&app, app.db.read(), &identity.user, &target, Intent::Read).await?;
                Ok([signed_in_until, seat.valid_until].into_iter().flatten().min())
            })
        })
    };
    let mut pass = Pass::new(&app.access, &app.clock, &user.id, identity.grant(), recheck);
    // The log's end is read before the right, so that a removal in between is either refused or behind that end.
    let seat = get_seat(app, app.db.read(), &user, &target, Intent::Read).await?;
    pass.holds_until([identity.signed_in_until(), seat.valid_until].into_iter().flatten().min());
    let conversation = seat.conversation;
    pass.depends_on(&app.access, grant_of(&user.id, &conversation));
    let head = Position(conversation.last_seq);
    if after.is_some_and(|after| after > head && after != Position::LOST) {
        return Err(Error::invalid("after", "after is ahead of the conversation"));
    }
    let (app, topic, me) = (app.clone(), conversation.id, user.id.clone());
    Ok(Box::new(Subscription {
        hubs: app.conversations.clone(),
        topic,
        after,
        head,
        audience: "reader",
        user: user.id.clone(),
        present: activity.then(|| user.id.clone()),
        judge: Arc::new(move |event: &Event| judge(event, &me)),
        snapshot: Arc::new(move |resync| {
            let app = app.clone();
            Box::pin(async move {
                let snapshot = snapshot(&app, topic, resync).await?;
                Ok(live::Snapshot { position: snapshot.position(), happening: Arc::new(snapshot) })
            })
        }),
        pass,
    }))
}

/// Whoever is removed hears of that, and of nothing behind it.
fn judge(event: &Event, me: &str) -> Sight {
    let about_me = event.person.as_ref().is_some_and(|person| person.id == me);
    match event.kind {
        Kind::MemberLeft | Kind::MemberRemoved if about_me => {
            Sight::Last(Error::Forbidden("You are no longer a member"))
        }
        _ => Sight::Shown,
    }
}

async fn snapshot(app: &App, conversation_id: Uuid, resync: bool) -> Result<Snapshot> {
    let found = conversation::Entity::find_by_id(conversation_id).one(app.db.read()).await?;
    let conversation = found.ok_or(Error::NotFound("Conversation"))?;
    let conversation = ReadableConversation::checked(conversation);
    Ok(Snapshot { conversation, resync, at: app.clock.now() })
}

/// The newest messages of a snapshot, oldest first: none that came after it.
///
/// # Errors
/// [`Error::Internal`].
pub async fn snapshot_messages(app: &App, snapshot: &Snapshot, last: u64) -> Result<Vec<MessageRow>> {
    let history =
        History { conversation_id: snapshot.conversation.id, up_to: Some(snapshot.conversation.last_seq) };
    history::newest(app, history, None, last.min(MOST)).await
}

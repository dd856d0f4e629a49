//! Subscriptions to conversations.

use std::sync::Arc;

use chrono::{DateTime, Utc};
use entity::{conversation, conversation_event::Kind};
use sea_orm::EntityTrait;
use uuid::Uuid;

use super::{
    ConversationEvent, History, MessageRow, ReadableConversation, Target,
    access::{Permission, get_access},
    history,
};
use crate::{
    app::App,
    domain::{
        accounts::{Identity, check_identity},
        grant_confirmation::grant_of,
    },
    error::{Error, Result},
    live::{self, AccessGrant, Position, Recheck, Subscribe, Subscription, Visibility},
};

/// Maximum number of messages in a snapshot.
const MAX_SNAPSHOT_MESSAGES: u64 = 100;

/// Snapshot of a conversation, including everything up to its position.
#[derive(Clone, Debug)]
pub struct Snapshot {
    /// The conversation at the time of the snapshot.
    pub conversation: ReadableConversation,
    /// Whether the log no longer reaches back to the subscriber's position.
    pub resync: bool,
    /// Time of the snapshot.
    pub at: DateTime<Utc>,
}

impl Snapshot {
    /// Returns the position up to which the snapshot includes everything.
    pub fn position(&self) -> Position {
        Position(self.conversation.last_seq)
    }
}

/// Options of a subscription.
#[derive(Clone, Copy, Debug)]
pub struct SubscriptionOptions {
    /// The conversation.
    pub target: Target,
    /// Position to continue after; `None` starts with a snapshot, [`Position::LOST`] with a resync
    /// snapshot.
    pub after: Option<Position>,
    /// Whether to receive presence and typing, and to be shown as present.
    pub activity: bool,
}

/// Subscribes to a conversation while the user may read it.
///
/// # Errors
/// The refusal to read; [`Error::Invalid`] for a position beyond the log.
pub async fn watch(
    app: &App,
    identity: &Arc<Identity>,
    watched: SubscriptionOptions,
) -> Result<Box<dyn Subscribe>> {
    let user = identity.user.clone();
    let SubscriptionOptions { target, after, activity } = watched;
    let recheck: Recheck = {
        let (app, identity) = (app.clone(), identity.clone());
        Arc::new(move || {
            let (app, identity) = (app.clone(), identity.clone());
            Box::pin(async move {
                let signed_in_until = check_identity(&app, &identity).await?;
                let access =
                    get_access(&app, app.db.read(), &identity.user, &target, Permission::Read).await?;
                Ok([signed_in_until, access.valid_until].into_iter().flatten().min())
            })
        })
    };
    let mut grant = AccessGrant::new(&app.grants, &app.clock, &user.id, identity.grant(), recheck);
    // The head is read before the right, so that a removal in between is either refused or after the head.
    let access = get_access(app, app.db.read(), &user, &target, Permission::Read).await?;
    grant.holds_until([identity.signed_in_until(), access.valid_until].into_iter().flatten().min());
    let conversation = access.conversation;
    grant.depends_on(&app.grants, grant_of(&user.id, &conversation));
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
        visibility: Arc::new(move |event: &ConversationEvent| visibility(event, &me, head)),
        snapshot: Arc::new(move |resync| {
            let app = app.clone();
            Box::pin(async move {
                let snapshot = snapshot(&app, topic, resync).await?;
                Ok(live::Snapshot { position: snapshot.position(), payload: Arc::new(snapshot) })
            })
        }),
        grant,
    }))
}

/// A removed member receives the event of the removal and none after it. A removal up to `head`, where the right was
/// checked, came before a new membership.
fn visibility(event: &ConversationEvent, me: &str, head: Position) -> Visibility {
    let about_me = event.person.as_ref().is_some_and(|person| person.id == me);
    match event.kind {
        Kind::MemberLeft | Kind::MemberRemoved if about_me && event.position > head => {
            Visibility::FinalThenError(Error::Forbidden("You are no longer a member"))
        }
        _ => Visibility::Visible,
    }
}

async fn snapshot(app: &App, conversation_id: Uuid, resync: bool) -> Result<Snapshot> {
    let found = conversation::Entity::find_by_id(conversation_id).one(app.db.read()).await?;
    let conversation = found.ok_or(Error::NotFound("Conversation"))?;
    let conversation = ReadableConversation::checked(conversation);
    Ok(Snapshot { conversation, resync, at: app.clock.now() })
}

/// Returns the newest messages of a snapshot, oldest first, without later ones.
///
/// # Errors
/// [`Error::Internal`].
pub async fn snapshot_messages(app: &App, snapshot: &Snapshot, last: u64) -> Result<Vec<MessageRow>> {
    let history =
        History { conversation_id: snapshot.conversation.id, up_to: Some(snapshot.conversation.last_seq) };
    history::newest(app, history, None, last.min(MAX_SNAPSHOT_MESSAGES)).await
}

//! Subscription to a customer's queue position.

use std::sync::Arc;

use chrono::{DateTime, Utc};
use entity::support_chat::{self, Status};
use tokio::sync::Notify;
use uuid::Uuid;

use super::{chats::find_by_conversation, queue};
use crate::{
    app::App,
    domain::{
        accounts::{Identity, check_identity},
        conversations::{self, Target},
    },
    error::{Error, Result},
    live::{AccessGrant, Recheck, Right, SignalSubscription, StateSource, StateSubscription, Subscribe},
};

/// Queue position of a customer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct QueuePosition {
    /// The chat.
    pub chat: support_chat::Model,
    /// Position among the waiting chats, from 1; `None` if the chat does not wait.
    pub position: Option<u64>,
}

/// Subscribes to the queue position of a chat: the current one, then each change, while the actor may read
/// the chat.
///
/// # Errors
/// [`Error::NotFound`] if the actor has no such chat.
pub async fn watch_queue_position(
    app: &App,
    identity: &Arc<Identity>,
    conversation_id: Uuid,
) -> Result<Box<dyn Subscribe>> {
    let recheck: Recheck = {
        let (app, identity) = (app.clone(), identity.clone());
        Arc::new(move || {
            let (app, identity) = (app.clone(), identity.clone());
            Box::pin(async move {
                let signed_in_until = check_identity(&app, &identity).await?;
                let readable_until = check(&app, &identity, conversation_id).await?;
                Ok([signed_in_until, readable_until].into_iter().flatten().min())
            })
        })
    };
    let mut grant =
        AccessGrant::new(&app.grants, &app.clock, &identity.user.id, identity.grant(), recheck.clone());
    grant.holds_until(recheck().await?);
    let chat = find_by_conversation(app.db.read(), conversation_id).await?.ok_or(CONVERSATION_NOT_FOUND)?;
    let right = Right::Community { user: identity.user.id.clone(), community: chat.community_id };
    grant.depends_on(&app.grants, Some(right));
    let access = app.queue_positions.subscribe(chat.community_id);
    let source = QueuePositionSource {
        app: app.clone(),
        access,
        identity: identity.clone(),
        conversation_id,
        known: None,
    };
    Ok(Box::new(StateSubscription { source, grant }))
}

const CONVERSATION_NOT_FOUND: Error = Error::NotFound("Conversation");

/// Returns when the actor's right to read the chat ends, if it does.
async fn check(app: &App, identity: &Identity, conversation_id: Uuid) -> Result<Option<DateTime<Utc>>> {
    let target = Target::Conversation(conversation_id);
    let access = conversations::find_readable(app, &identity.user, &target).await?;
    Ok(access.ok_or(CONVERSATION_NOT_FOUND)?.valid_until)
}

struct QueuePositionSource {
    app: App,
    access: SignalSubscription,
    identity: Arc<Identity>,
    conversation_id: Uuid,
    /// Last published status and position.
    known: Option<(Status, Option<u64>)>,
}

impl StateSource for QueuePositionSource {
    type Change = QueuePosition;

    fn wake_signal(&self) -> Arc<Notify> {
        self.access.signal.clone()
    }

    async fn poll_change(&mut self) -> Result<Option<QueuePosition>> {
        let app = &self.app;
        // A customer who was banned meanwhile gets the refusal instead of the position.
        check(app, &self.identity, self.conversation_id).await?;
        let db = app.db.read();
        let chat = find_by_conversation(db, self.conversation_id).await?.ok_or(CONVERSATION_NOT_FOUND)?;
        let position = queue::position(db, &chat).await?;
        let is = (chat.status, position);
        let was = self.known.replace(is);
        Ok((was != Some(is)).then_some(QueuePosition { chat, position }))
    }
}

//! Subscriptions to the support queue and to a customer's position in it.

use std::sync::Arc;

use async_graphql::{Context, ID, Object, Subscription};
use futures_util::stream::BoxStream;

use super::{SupportChat, SupportStatus};
use crate::{
    domain::{conversations::ConversationEvent, support},
    error::{Error, Result},
    graphql::{
        DateTime,
        context::{ContextExt, uuid},
        subscribe::listen,
        users::User,
    },
    live::{Event as _, Payload},
};

/// The status or the assignee of a support chat changed.
pub(in crate::graphql) struct SupportEvent(pub(in crate::graphql) Arc<ConversationEvent>);

/// The status or the assignee of a support chat changed.
#[Object]
impl SupportEvent {
    /// Position after this event; pass it as `after` to continue.
    pub(in crate::graphql) async fn position(&self) -> Option<String> {
        Some(self.0.position().to_string())
    }

    /// Time of the change.
    async fn at(&self) -> DateTime {
        self.0.at.into()
    }

    /// Status after the change.
    async fn status(&self) -> Option<SupportStatus> {
        self.0.support.map(Into::into)
    }

    /// The user who caused the change, or for a transfer the new assignee; null when no user did.
    async fn user(&self) -> Option<User> {
        self.0.person.clone().map(User::from)
    }

    /// The chat as it is when the event is delivered.
    async fn support(&self, ctx: &Context<'_>) -> Result<SupportChat> {
        SupportChat::load(ctx, self.0.conversation_id).await?.ok_or(Error::NotFound("Conversation"))
    }
}

/// A change of the support queue.
pub(in crate::graphql) struct SupportQueueEvent(Arc<support::QueueEvent>);

/// A change of the support queue.
#[Object]
impl SupportQueueEvent {
    /// True for the first event, which lists the first chats of the queue. The next events list the others, up to
    /// 100 each.
    async fn is_snapshot(&self) -> bool {
        self.0.is_snapshot
    }

    /// The chats that changed, as they are now, in the order of the queue; at most 100, and of resolved chats
    /// only the newest 50.
    async fn chats(&self) -> Vec<SupportChat> {
        self.0.chats.iter().cloned().map(SupportChat).collect()
    }

    /// Ids of the chats that left the list.
    async fn removed_ids(&self) -> Vec<ID> {
        self.0.removed_ids.iter().copied().map(ID::from).collect()
    }

    /// Ids of the support chats whose answers became overdue.
    async fn late_ids(&self) -> Vec<ID> {
        self.0.late_ids.iter().copied().map(ID::from).collect()
    }

    /// Ids of all chats that were sent and are still listed, in the order of the queue.
    async fn ordered_ids(&self) -> Vec<ID> {
        self.0.ordered_ids.iter().copied().map(ID::from).collect()
    }
}

/// A customer's position in the support queue.
pub(in crate::graphql) struct SupportQueuePosition(Arc<support::QueuePosition>);

/// A customer's position in the support queue.
#[Object]
impl SupportQueuePosition {
    /// Current state of the support chat.
    async fn status(&self) -> SupportStatus {
        self.0.chat.status.into()
    }

    /// Position in the queue, from 1; null when the customer is not waiting.
    async fn position(&self) -> Option<i32> {
        self.0.position.and_then(|position| i32::try_from(position).ok())
    }

    /// Time when the customer began to wait; null when the customer is not waiting.
    async fn waiting_since(&self) -> Option<DateTime> {
        self.0.chat.waiting_since.map(DateTime::from)
    }
}

/// Subscriptions to customer service.
#[derive(Default)]
pub(in crate::graphql) struct SupportSubscription;

#[Subscription]
impl SupportSubscription {
    /// Streams the support queue: first the whole queue, then changes, while the viewer belongs to the team.
    async fn support_queue(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Id of the community.")] community_id: ID,
    ) -> Result<BoxStream<'static, SupportQueueEvent>> {
        let read = |happening: &Payload| happening.clone().downcast().ok().map(SupportQueueEvent);
        let id = &community_id;
        listen(ctx, read, None, move |_| async move {
            let identity = ctx.viewer()?.identity.as_ref().ok_or(Error::Unauthenticated)?;
            support::watch_queue(ctx.app()?, identity, uuid("communityId", id)?).await
        })
        .await
    }

    /// Streams a customer's position in the queue: first the current state, then each change of position or status,
    /// while the viewer may read the chat.
    async fn support_queue_position(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Id of the support chat's conversation.")] conversation_id: ID,
    ) -> Result<BoxStream<'static, SupportQueuePosition>> {
        let read = |happening: &Payload| happening.clone().downcast().ok().map(SupportQueuePosition);
        let id = &conversation_id;
        listen(ctx, read, None, move |_| async move {
            let identity = ctx.viewer()?.identity.as_ref().ok_or(Error::Unauthenticated)?;
            support::watch_queue_position(ctx.app()?, identity, uuid("conversationId", id)?).await
        })
        .await
    }
}

//! Customer service as it happens.

use std::sync::Arc;

use async_graphql::{Context, ID, Object, Subscription};
use futures_util::stream::BoxStream;

use crate::{
    domain::{Error, Result, conversations::Event, support},
    graphql::{
        DateTime,
        context::{Asked, uuid},
        listen::listen,
        support::{SupportChat, SupportStatus},
        users::User,
    },
    live::{Event as _, Happening},
};

/// The status or the assignee of a support chat changed.
pub(in crate::graphql) struct SupportEvent(pub(in crate::graphql) Arc<Event>);

/// The status or the assignee of a support chat changed.
#[Object]
impl SupportEvent {
    /// Where to go on after it.
    pub(in crate::graphql) async fn position(&self) -> Option<String> {
        Some(self.0.position().to_string())
    }

    /// Time of the action.
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
    /// True for the first event, which lists the whole queue.
    async fn whole(&self) -> bool {
        self.0.whole
    }

    /// Those that changed, as they are now, in the order of the queue; of those that are resolved the last 50 are shown.
    async fn chats(&self) -> Vec<SupportChat> {
        self.0.chats.iter().cloned().map(SupportChat).collect()
    }

    /// The ids of those that are no longer shown.
    async fn gone(&self) -> Vec<ID> {
        self.0.gone.iter().copied().map(ID::from).collect()
    }

    /// Ids of the support chats whose answers became overdue.
    async fn late(&self) -> Vec<ID> {
        self.0.late.iter().copied().map(ID::from).collect()
    }

    /// The ids of all that are shown, in the order of the queue.
    async fn order(&self) -> Vec<ID> {
        self.0.order.iter().copied().map(ID::from).collect()
    }
}

/// A customer's position in the support queue.
pub(in crate::graphql) struct SupportPlace(Arc<support::Place>);

/// A customer's position in the support queue.
#[Object]
impl SupportPlace {
    /// Current state of the support chat.
    async fn status(&self) -> SupportStatus {
        self.0.chat.status.into()
    }

    /// Position in the queue, from 1; null when the customer is not waiting.
    async fn position(&self) -> Option<i32> {
        self.0.position.and_then(|position| i32::try_from(position).ok())
    }

    /// Since when they wait; null when they do not.
    async fn waiting_since(&self) -> Option<DateTime> {
        self.0.chat.waiting_since.map(DateTime::from)
    }
}

/// What can be listened to in customer service.
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
        let read = |happening: &Happening| happening.clone().downcast().ok().map(SupportQueueEvent);
        let id = &community_id;
        listen(ctx, read, None, move |_| async move {
            let identity = ctx.viewer()?.identity.as_ref().ok_or(Error::Unauthenticated)?;
            support::watch_queue(ctx.app()?, identity, uuid("communityId", id)?).await
        })
        .await
    }

    /// Streams a customer's position in the queue: first the current state, then each change of position or status,
    /// while the viewer may read the chat.
    async fn support_place(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The conversation of the chat.")] conversation_id: ID,
    ) -> Result<BoxStream<'static, SupportPlace>> {
        let read = |happening: &Happening| happening.clone().downcast().ok().map(SupportPlace);
        let id = &conversation_id;
        listen(ctx, read, None, move |_| async move {
            let identity = ctx.viewer()?.identity.as_ref().ok_or(Error::Unauthenticated)?;
            support::watch_place(ctx.app()?, identity, uuid("conversationId", id)?).await
        })
        .await
    }
}

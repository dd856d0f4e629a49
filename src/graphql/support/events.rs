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

/// A support chat stands otherwise: somebody waits, answers or is done.
pub(in crate::graphql) struct SupportEvent(pub(in crate::graphql) Arc<Event>);

/// A support chat stands otherwise: somebody waits, answers or is done.
#[Object]
impl SupportEvent {
    /// Where to go on after it.
    pub(in crate::graphql) async fn position(&self) -> Option<String> {
        Some(self.0.position().to_string())
    }

    /// When.
    async fn at(&self) -> DateTime {
        self.0.at.into()
    }

    /// Who had to do something about it from then on.
    async fn status(&self) -> Option<SupportStatus> {
        self.0.support.map(Into::into)
    }

    /// Who brought that about; null where nobody did. Of a chat that was handed on, who serves from then on.
    async fn user(&self) -> Option<User> {
        self.0.person.clone().map(User::from)
    }

    /// The chat as it stood when this was told.
    async fn support(&self, ctx: &Context<'_>) -> Result<SupportChat> {
        SupportChat::load(ctx, self.0.conversation_id).await?.ok_or(Error::NotFound("Conversation"))
    }
}

/// What changed in the queue of a team.
pub(in crate::graphql) struct SupportQueueEvent(Arc<support::QueueEvent>);

/// What changed in the queue of a team.
#[Object]
impl SupportQueueEvent {
    /// Whether it is told first: all of the queue.
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

    /// The ids of those whose customers wait longer from now on than the community promises itself.
    async fn late(&self) -> Vec<ID> {
        self.0.late.iter().copied().map(ID::from).collect()
    }

    /// The ids of all that are shown, in the order of the queue.
    async fn order(&self) -> Vec<ID> {
        self.0.order.iter().copied().map(ID::from).collect()
    }
}

/// Where a customer stands.
pub(in crate::graphql) struct SupportPlace(Arc<support::Place>);

/// Where a customer stands.
#[Object]
impl SupportPlace {
    /// Who has to do something about it.
    async fn status(&self) -> SupportStatus {
        self.0.chat.status.into()
    }

    /// Their place among those who wait, from 1; null when they do not.
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
    /// The queue of a team: first all of it, then what changes, for as long as the viewer serves there.
    async fn support_queue(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The community.")] community_id: ID,
    ) -> Result<BoxStream<'static, SupportQueueEvent>> {
        let read = |happening: &Happening| happening.clone().downcast().ok().map(SupportQueueEvent);
        let id = &community_id;
        listen(ctx, read, None, move |_| async move {
            let identity = ctx.viewer()?.identity.as_ref().ok_or(Error::Unauthenticated)?;
            support::watch_queue(ctx.app()?, identity, uuid("communityId", id)?).await
        })
        .await
    }

    /// Where the customer of a support chat stands: first as it is, then whenever their place or who has to do something
    /// changes, for as long as the viewer may read the chat.
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

//! What is done in customer service.

use async_graphql::{Context, ID, InputObject, Object, SimpleObject};

use crate::{
    domain::{Result, communities, support},
    graphql::{
        communities::memberships::Membership,
        context::{Asked, uuid},
        late::{Late, row_id},
        support::{SupportChat, SupportStatus},
    },
};

/// Input of `startSupportChat`.
#[derive(InputObject)]
pub(in crate::graphql) struct StartSupportChatInput {
    /// Id of the official account.
    community_id: ID,
}

/// A chat that was begun or was there.
#[derive(SimpleObject)]
pub(in crate::graphql) struct StartSupportChatPayload {
    /// The support chat.
    chat: SupportChat,
    /// Id of the chat's conversation.
    conversation_id: ID,
    /// Whether it was there before.
    existing: bool,
    /// Current state of the support chat.
    status: SupportStatus,
}

/// Where a person is asked for.
#[derive(InputObject)]
pub(in crate::graphql) struct RequestHumanInput {
    /// The community that the viewer's chat is with.
    community_id: ID,
}

/// A customer to be taken.
#[derive(InputObject)]
pub(in crate::graphql) struct AcceptTransferInput {
    /// The community that serves.
    community_id: ID,
    /// The conversation of the waiting customer.
    conversation_id: Late<ID>,
}

/// Input of `resolveSupportChat`.
#[derive(InputObject)]
pub(in crate::graphql) struct ResolveSupportChatInput {
    /// The community that serves.
    community_id: ID,
    /// Id of the conversation.
    conversation_id: Late<ID>,
}

/// A customer to be handed on.
#[derive(InputObject)]
pub(in crate::graphql) struct TransferSupportChatInput {
    /// Id of the conversation.
    conversation_id: ID,
    /// Id of the colleague who takes over; omitted returns the customer to the queue.
    user_id: Option<ID>,
}

/// Input of `inviteCsAgent`.
#[derive(InputObject)]
pub(in crate::graphql) struct InviteCsAgentInput {
    /// Id of the community.
    community_id: ID,
    /// An account's id or e-mail address.
    user_id: Late<ID>,
}

/// What can be done in customer service.
#[derive(Default)]
pub(in crate::graphql) struct SupportMutation;

#[Object]
impl SupportMutation {
    /// Begins the viewer's chat with an official account, or comes back to it: one that was resolved is opened again. It
    /// takes no membership.
    async fn start_support_chat(
        &self,
        ctx: &Context<'_>,
        input: StartSupportChatInput,
    ) -> Result<StartSupportChatPayload> {
        let id = uuid("communityId", &input.community_id)?;
        let started = support::start(ctx.app()?, ctx.user()?, id).await?;
        Ok(StartSupportChatPayload {
            conversation_id: started.chat.conversation_id.into(),
            existing: started.existing,
            status: started.chat.status.into(),
            chat: SupportChat(started.chat),
        })
    }

    /// Asks for a person instead of the agent. An answer that is being given falls silent.
    async fn request_human(&self, ctx: &Context<'_>, input: RequestHumanInput) -> Result<SupportChat> {
        let id = uuid("communityId", &input.community_id)?;
        support::request_human(ctx.app()?, ctx.user()?, id).await.map(SupportChat)
    }

    /// Assigns a waiting customer to the viewer. Of concurrent calls exactly one succeeds. Team only.
    async fn accept_transfer(&self, ctx: &Context<'_>, input: AcceptTransferInput) -> Result<SupportChat> {
        let id = uuid("communityId", &input.community_id)?;
        let conversation = row_id(input.conversation_id);
        support::accept(ctx.app()?, ctx.user()?, id, conversation).await.map(SupportChat)
    }

    /// Resolves a support chat. Idempotent. Customer, assignee, creator and moderators only.
    async fn resolve_support_chat(
        &self,
        ctx: &Context<'_>,
        input: ResolveSupportChatInput,
    ) -> Result<SupportChat> {
        let id = uuid("communityId", &input.community_id)?;
        let conversation = row_id(input.conversation_id);
        support::resolve(ctx.app()?, ctx.user()?, id, conversation).await.map(SupportChat)
    }

    /// Transfers a customer to a colleague or back to the queue. Assignee, creator and moderators only.
    async fn transfer_support_chat(
        &self,
        ctx: &Context<'_>,
        input: TransferSupportChatInput,
    ) -> Result<SupportChat> {
        let conversation = uuid("conversationId", &input.conversation_id)?;
        let to = input.user_id.as_ref().map(|id| id.as_str());
        support::transfer(ctx.app()?, ctx.user()?, conversation, to).await.map(SupportChat)
    }

    /// Makes a user a CS agent free of charge, member or not. Users with a higher role keep it. Creator and moderators
    /// only.
    async fn invite_cs_agent(&self, ctx: &Context<'_>, input: InviteCsAgentInput) -> Result<Membership> {
        let id = uuid("communityId", &input.community_id)?;
        let who = input.user_id.map(|id| id.0);
        let row = communities::invite_cs(ctx.app()?, ctx.user()?, id, who).await?;
        Ok(Membership::new((row, None)))
    }
}

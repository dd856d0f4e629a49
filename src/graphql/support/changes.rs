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

/// With whom to begin a chat.
#[derive(InputObject)]
pub(in crate::graphql) struct StartSupportChatInput {
    /// An official account.
    community_id: ID,
}

/// A chat that was begun or was there.
#[derive(SimpleObject)]
pub(in crate::graphql) struct StartSupportChatPayload {
    /// The chat.
    chat: SupportChat,
    /// The id of the conversation in which it is said.
    conversation_id: ID,
    /// Whether it was there before.
    existing: bool,
    /// Who has to do something about it.
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
    /// The conversation of a customer who waits.
    conversation_id: Late<ID>,
}

/// A chat that is done.
#[derive(InputObject)]
pub(in crate::graphql) struct ResolveSupportChatInput {
    /// The community that serves.
    community_id: ID,
    /// The conversation.
    conversation_id: Late<ID>,
}

/// A customer to be handed on.
#[derive(InputObject)]
pub(in crate::graphql) struct TransferSupportChatInput {
    /// The conversation.
    conversation_id: ID,
    /// Who of the team serves them from now on; back to the queue unless given.
    user_id: Option<ID>,
}

/// Somebody who is to answer customers.
#[derive(InputObject)]
pub(in crate::graphql) struct InviteCsAgentInput {
    /// The community.
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

    /// Takes a customer who waits. Of several who take the same at once, one does. The team only.
    async fn accept_transfer(&self, ctx: &Context<'_>, input: AcceptTransferInput) -> Result<SupportChat> {
        let id = uuid("communityId", &input.community_id)?;
        let conversation = row_id(input.conversation_id);
        support::accept(ctx.app()?, ctx.user()?, id, conversation).await.map(SupportChat)
    }

    /// Says that a chat is done; again changes nothing. Its customer, whoever serves them, the creator and moderators.
    async fn resolve_support_chat(
        &self,
        ctx: &Context<'_>,
        input: ResolveSupportChatInput,
    ) -> Result<SupportChat> {
        let id = uuid("communityId", &input.community_id)?;
        let conversation = row_id(input.conversation_id);
        support::resolve(ctx.app()?, ctx.user()?, id, conversation).await.map(SupportChat)
    }

    /// Hands a customer on to another of the team, or back to the queue. Whoever serves them, the creator and moderators.
    async fn transfer_support_chat(
        &self,
        ctx: &Context<'_>,
        input: TransferSupportChatInput,
    ) -> Result<SupportChat> {
        let conversation = uuid("conversationId", &input.conversation_id)?;
        let to = input.user_id.as_ref().map(|id| id.as_str());
        support::transfer(ctx.app()?, ctx.user()?, conversation, to).await.map(SupportChat)
    }

    /// Makes somebody a CS agent, member or not, for nothing. Whoever may do as much already stays what they are. The
    /// creator and moderators.
    async fn invite_cs_agent(&self, ctx: &Context<'_>, input: InviteCsAgentInput) -> Result<Membership> {
        let id = uuid("communityId", &input.community_id)?;
        let who = input.user_id.map(|id| id.0);
        let row = communities::invite_cs(ctx.app()?, ctx.user()?, id, who).await?;
        Ok(Membership::new((row, None)))
    }
}

//! Starting, transferring and resolving support chats.

use async_graphql::{Context, ID, InputObject, Object};

use super::SupportChat;
use crate::{
    domain::{communities, support},
    error::Result,
    graphql::{
        communities::memberships::Membership,
        context::{ContextExt, uuid},
        deferred_input::{DeferredInput, row_id},
        payloads::{
            AcceptTransferPayload, InviteCsAgentPayload, RequestHumanPayload, ResolveSupportChatPayload,
            StartSupportChatPayload, TransferSupportChatPayload,
        },
    },
};

/// Input of `startSupportChat`.
#[derive(InputObject)]
pub(in crate::graphql) struct StartSupportChatInput {
    /// Id of the official account.
    community_id: ID,
}

/// Input of `requestHuman`.
#[derive(InputObject)]
pub(in crate::graphql) struct RequestHumanInput {
    /// Id of the community that the viewer's chat is with.
    community_id: ID,
}

/// Input of `acceptTransfer`.
#[derive(InputObject)]
pub(in crate::graphql) struct AcceptTransferInput {
    /// Id of the community that serves the customer.
    community_id: ID,
    /// Id of the waiting customer's conversation.
    conversation_id: DeferredInput<ID>,
}

/// Input of `resolveSupportChat`.
#[derive(InputObject)]
pub(in crate::graphql) struct ResolveSupportChatInput {
    /// Id of the community that serves the customer.
    community_id: ID,
    /// Id of the conversation.
    conversation_id: DeferredInput<ID>,
}

/// Input of `transferSupportChat`.
#[derive(InputObject)]
pub(in crate::graphql) struct TransferSupportChatInput {
    /// Id of the customer's conversation.
    conversation_id: ID,
    /// Id of the colleague who takes over; omitted returns the customer to the queue.
    user_id: Option<ID>,
}

/// Input of `inviteCsAgent`.
#[derive(InputObject)]
pub(in crate::graphql) struct InviteCsAgentInput {
    /// Id of the community.
    community_id: ID,
    /// Id or e-mail address of the account.
    user_id: ID,
}

/// Mutations of support chats.
#[derive(Default)]
pub(in crate::graphql) struct SupportMutation;

#[Object]
impl SupportMutation {
    /// Opens the viewer's chat with an official account, or returns the existing chat and reopens it when it
    /// was resolved. Requires no membership.
    async fn start_support_chat(
        &self,
        ctx: &Context<'_>,
        input: StartSupportChatInput,
    ) -> Result<StartSupportChatPayload> {
        let id = uuid("communityId", &input.community_id)?;
        let started = support::start(ctx.app()?, ctx.user()?, id).await?;
        Ok(StartSupportChatPayload { is_existing: started.existing, support_chat: SupportChat(started.chat) })
    }

    /// Requests a person instead of the agent and stops a running answer.
    async fn request_human(
        &self,
        ctx: &Context<'_>,
        input: RequestHumanInput,
    ) -> Result<RequestHumanPayload> {
        let id = uuid("communityId", &input.community_id)?;
        let chat = support::request_human(ctx.app()?, ctx.user()?, id).await?;
        Ok(RequestHumanPayload { support_chat: SupportChat(chat) })
    }

    /// Assigns a waiting customer to the viewer. Of concurrent calls exactly one succeeds. Team only.
    async fn accept_transfer(
        &self,
        ctx: &Context<'_>,
        input: AcceptTransferInput,
    ) -> Result<AcceptTransferPayload> {
        let id = uuid("communityId", &input.community_id)?;
        let conversation = row_id(input.conversation_id);
        let chat = support::accept(ctx.app()?, ctx.user()?, id, conversation).await?;
        Ok(AcceptTransferPayload { support_chat: SupportChat(chat) })
    }

    /// Resolves a support chat. Idempotent. Customer, assignee, creator and moderators only.
    async fn resolve_support_chat(
        &self,
        ctx: &Context<'_>,
        input: ResolveSupportChatInput,
    ) -> Result<ResolveSupportChatPayload> {
        let id = uuid("communityId", &input.community_id)?;
        let conversation = row_id(input.conversation_id);
        let chat = support::resolve(ctx.app()?, ctx.user()?, id, conversation).await?;
        Ok(ResolveSupportChatPayload { support_chat: SupportChat(chat) })
    }

    /// Transfers a customer to a colleague or back to the queue. Assignee, creator and moderators only.
    async fn transfer_support_chat(
        &self,
        ctx: &Context<'_>,
        input: TransferSupportChatInput,
    ) -> Result<TransferSupportChatPayload> {
        let conversation = uuid("conversationId", &input.conversation_id)?;
        let to = input.user_id.as_ref().map(|id| id.as_str());
        let chat = support::transfer(ctx.app()?, ctx.user()?, conversation, to).await?;
        Ok(TransferSupportChatPayload { support_chat: SupportChat(chat) })
    }

    /// Makes a user a CS agent free of charge, member or not. Users with a higher role keep it. Creator and moderators
    /// only.
    async fn invite_cs_agent(
        &self,
        ctx: &Context<'_>,
        input: InviteCsAgentInput,
    ) -> Result<InviteCsAgentPayload> {
        let id = uuid("communityId", &input.community_id)?;
        let row = communities::invite_cs(ctx.app()?, ctx.user()?, id, &input.user_id).await?;
        Ok(InviteCsAgentPayload { membership: Membership::new((row, None)) })
    }
}

//! Changes of conversations: messages, reactions, read marks and typing.

use async_graphql::{Context, ID, InputObject, Object};

use super::{messages::Message, target};
use crate::{
    domain::conversations::{self, NewMessage},
    error::Result,
    graphql::{
        context::{ContextExt, uuid},
        payloads::{
            AddReactionPayload, DeleteMessagePayload, EditMessagePayload, MarkReadPayload,
            PostMessagePayload, RemoveReactionPayload, SetTypingPayload,
        },
    },
};

/// Input of `postMessage`. Give exactly one of `conversationId`, `communityId` and `sessionId`.
#[derive(InputObject)]
pub(in crate::graphql) struct PostMessageInput {
    /// Id of the conversation.
    conversation_id: Option<ID>,
    /// Id of the community, to post in its room.
    community_id: Option<ID>,
    /// Id of the space session, to post in its chat.
    session_id: Option<ID>,
    /// The text, 1 to 5000 characters, stored unchanged.
    content: String,
    /// Key chosen by the client, 1 to 100 characters. A second request with the same key returns the first
    /// message.
    client_key: Option<String>,
    /// Id of the message to reply to, in the same conversation.
    reply_to_id: Option<ID>,
}

/// Input of `editMessage`.
#[derive(InputObject)]
pub(in crate::graphql) struct EditMessageInput {
    /// Id of the message.
    message_id: ID,
    /// The new text, 1 to 5000 characters.
    content: String,
}

/// Input of `deleteMessage`.
#[derive(InputObject)]
pub(in crate::graphql) struct DeleteMessageInput {
    /// Id of the message.
    message_id: ID,
}

/// Input of `addReaction`.
#[derive(InputObject)]
pub(in crate::graphql) struct AddReactionInput {
    /// Id of the message.
    message_id: ID,
    /// A single emoji of the recommended set of Unicode (RGI).
    emoji: String,
}

/// Input of `removeReaction`.
#[derive(InputObject)]
pub(in crate::graphql) struct RemoveReactionInput {
    /// Id of the message.
    message_id: ID,
    /// A single emoji of the recommended set of Unicode (RGI).
    emoji: String,
}

/// Input of `markRead`.
#[derive(InputObject)]
pub(in crate::graphql) struct MarkReadInput {
    /// Id of the conversation.
    conversation_id: ID,
    /// Id of the last message read; omitted means the newest message.
    message_id: Option<ID>,
}

/// Input of `setTyping`.
#[derive(InputObject)]
pub(in crate::graphql) struct SetTypingInput {
    /// Id of the conversation.
    conversation_id: ID,
    /// True shows the viewer as typing for six seconds; false ends it.
    #[graphql(default_with = "Some(true)")]
    is_typing: Option<bool>,
}

/// Mutations of conversations.
#[derive(Default)]
pub(in crate::graphql) struct ConversationMutation;

#[Object]
impl ConversationMutation {
    /// Posts a message to a conversation that the viewer may write to.
    async fn post_message(&self, ctx: &Context<'_>, input: PostMessageInput) -> Result<PostMessagePayload> {
        let user = ctx.user()?;
        let new = NewMessage {
            target: target(
                input.conversation_id.as_ref(),
                input.community_id.as_ref(),
                input.session_id.as_ref(),
            )?,
            content: input.content,
            client_key: input.client_key,
            reply_to: input.reply_to_id.as_ref().map(|id| uuid("replyToId", id)).transpose()?,
        };
        let message = conversations::post(ctx.app()?, user, new).await.map(Message)?;
        Ok(PostMessagePayload { message })
    }

    /// Changes the text of a message. Author only.
    async fn edit_message(&self, ctx: &Context<'_>, input: EditMessageInput) -> Result<EditMessagePayload> {
        let id = uuid("messageId", &input.message_id)?;
        let row = conversations::edit_message(ctx.app()?, ctx.user()?, id, input.content).await?;
        Ok(EditMessagePayload { message: Message(row) })
    }

    /// Deletes a message: the viewer's own, or any message for moderators. The message keeps its place without its
    /// text.
    async fn delete_message(
        &self,
        ctx: &Context<'_>,
        input: DeleteMessageInput,
    ) -> Result<DeleteMessagePayload> {
        let id = uuid("messageId", &input.message_id)?;
        let row = conversations::delete_message(ctx.app()?, ctx.user()?, id).await?;
        Ok(DeleteMessagePayload { message: Message(row) })
    }

    /// Adds an emoji to a message. Idempotent.
    async fn add_reaction(&self, ctx: &Context<'_>, input: AddReactionInput) -> Result<AddReactionPayload> {
        let id = uuid("messageId", &input.message_id)?;
        let row = conversations::add_reaction(ctx.app()?, ctx.user()?, id, &input.emoji).await?;
        Ok(AddReactionPayload { message: Message(row) })
    }

    /// Removes the viewer's emoji from a message. Idempotent.
    async fn remove_reaction(
        &self,
        ctx: &Context<'_>,
        input: RemoveReactionInput,
    ) -> Result<RemoveReactionPayload> {
        let id = uuid("messageId", &input.message_id)?;
        let row = conversations::remove_reaction(ctx.app()?, ctx.user()?, id, &input.emoji).await?;
        Ok(RemoveReactionPayload { message: Message(row) })
    }

    /// Marks a conversation as read up to a message. The mark never goes back.
    async fn mark_read(&self, ctx: &Context<'_>, input: MarkReadInput) -> Result<MarkReadPayload> {
        let conversation = uuid("conversationId", &input.conversation_id)?;
        let message = input.message_id.as_ref().map(|id| uuid("messageId", id)).transpose()?;
        let row = conversations::mark_read(ctx.app()?, ctx.user()?, conversation, message).await?;
        Ok(MarkReadPayload { conversation: row.into() })
    }

    /// Shows subscribers with `activity` that the viewer is typing. Never stored.
    async fn set_typing(&self, ctx: &Context<'_>, input: SetTypingInput) -> Result<SetTypingPayload> {
        let conversation = uuid("conversationId", &input.conversation_id)?;
        let typing = input.is_typing.unwrap_or(true);
        let access = conversations::set_typing(ctx.app()?, ctx.user()?, conversation, typing).await?;
        Ok(SetTypingPayload { conversation: access.into_readable().into() })
    }
}

//! Voice messages.

use async_graphql::{Context, ID, InputObject, Object};

use super::messages::Message;
use crate::{
    domain::conversations::{self, NewVoiceMessage, Target},
    error::Result,
    graphql::{
        Upload,
        context::{ContextExt, uuid},
        payloads::SendVoiceMessagePayload,
    },
};

/// Input of `sendVoiceMessage`.
#[derive(InputObject)]
pub(in crate::graphql) struct SendVoiceMessageInput {
    /// Id of the conversation.
    conversation_id: ID,
    /// A recording of at most two minutes and 8 MiB: WAV, MP3, Ogg with Opus or Vorbis, WebM or M4A. The type
    /// is detected from the content.
    audio: Upload,
    /// Id of the message to reply to, in the same conversation.
    reply_to_id: Option<ID>,
    /// Key chosen by the client, 1 to 100 characters. A second request with the same key returns the first
    /// message.
    client_key: Option<String>,
}

/// Mutations of voice messages.
#[derive(Default)]
pub(in crate::graphql) struct VoiceMessageMutation;

#[Object]
impl VoiceMessageMutation {
    /// Transcribes a recording and posts it as a message with its audio (`ttsAudioUrl`). In a lounge chat the agent
    /// answers.
    async fn send_voice_message(
        &self,
        ctx: &Context<'_>,
        input: SendVoiceMessageInput,
    ) -> Result<SendVoiceMessagePayload> {
        let user = ctx.user()?;
        let new = NewVoiceMessage {
            target: Target::Conversation(uuid("conversationId", &input.conversation_id)?),
            audio: input.audio.0,
            client_key: input.client_key,
            reply_to: input.reply_to_id.as_ref().map(|id| uuid("replyToId", id)).transpose()?,
        };
        let message = conversations::post_voice(ctx.app()?, user, new).await.map(Message)?;
        Ok(SendVoiceMessagePayload { message })
    }
}

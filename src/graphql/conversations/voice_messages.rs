//! Saying something by voice.

use async_graphql::{Context, ID, InputObject, Object};

use crate::{
    domain::{
        Result,
        conversations::{self, NewVoiceMessage, Target},
    },
    graphql::{
        Upload,
        context::{Asked, uuid},
        conversations::messages::Message,
    },
};

/// Input of `sendVoiceMessage`.
#[derive(InputObject)]
pub(in crate::graphql) struct SendVoiceMessageInput {
    /// Id of the conversation.
    conversation_id: ID,
    /// A recording: WAV, MP3, Ogg with Opus or Vorbis, WebM or M4A, known by its content; two minutes and 8 MiB at
    /// most.
    audio: Upload,
    /// The message that it answers, of the same conversation.
    reply_to_id: Option<ID>,
    /// A key of the sender's own, 1 to 100 characters: sent again with it, the first message is given back.
    client_key: Option<String>,
}

/// What can be said by voice.
#[derive(Default)]
pub(in crate::graphql) struct VoiceMessageMutation;

#[Object]
impl VoiceMessageMutation {
    /// Transcribes a recording and posts it as a message with its audio (`ttsAudioUrl`). In a lounge chat the agent
    /// answers.
    async fn send_voice_message(&self, ctx: &Context<'_>, input: SendVoiceMessageInput) -> Result<Message> {
        let user = ctx.user()?;
        let new = NewVoiceMessage {
            target: Target::Conversation(uuid("conversationId", &input.conversation_id)?),
            audio: input.audio.0,
            client_key: input.client_key,
            reply_to: input.reply_to_id.as_ref().map(|id| uuid("replyToId", id)).transpose()?,
        };
        conversations::post_voice(ctx.app()?, user, new).await.map(Message)
    }
}

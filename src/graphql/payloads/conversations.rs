//! Results of the mutations of conversations and messages.

use async_graphql::SimpleObject;

use super::payloads;
use crate::graphql::conversations::{Conversation, messages::Message};

payloads! {
    PostMessagePayload of "postMessage" {
        /// The posted message, or the earlier one with the same `clientKey`.
        message: Message,
    }
    SendVoiceMessagePayload of "sendVoiceMessage" {
        /// The posted message, or the earlier one with the same `clientKey`.
        message: Message,
    }
    EditMessagePayload of "editMessage" {
        /// The changed message.
        message: Message,
    }
    DeleteMessagePayload of "deleteMessage" {
        /// The message, which keeps its place without its text.
        message: Message,
    }
    AddReactionPayload of "addReaction" {
        /// The message with its reactions.
        message: Message,
    }
    RemoveReactionPayload of "removeReaction" {
        /// The message with its reactions.
        message: Message,
    }
    MarkReadPayload of "markRead" {
        /// The conversation with its new read mark.
        conversation: Conversation,
    }
    SetTypingPayload of "setTyping" {
        /// The conversation in which the viewer types.
        conversation: Conversation,
    }
}

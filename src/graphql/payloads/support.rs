//! Results of the mutations of customer service.

use async_graphql::{ID, SimpleObject};

use super::payloads;
use crate::graphql::{
    communities::memberships::Membership,
    support::{
        SupportChat,
        desk::{CannedAnswer, SupportNote},
        official::SupportSettings,
    },
};

payloads! {
    StartSupportChatPayload of "startSupportChat" {
        /// The viewer's chat with the official account, in its current state.
        support_chat: SupportChat,
        /// True when the chat existed before; false when it was created.
        is_existing: bool,
    }
    RequestHumanPayload of "requestHuman" {
        /// The chat that waits for a person.
        support_chat: SupportChat,
    }
    AcceptTransferPayload of "acceptTransfer" {
        /// The chat, assigned to the viewer.
        support_chat: SupportChat,
    }
    ResolveSupportChatPayload of "resolveSupportChat" {
        /// The resolved chat.
        support_chat: SupportChat,
    }
    TransferSupportChatPayload of "transferSupportChat" {
        /// The chat with its new assignee, or waiting.
        support_chat: SupportChat,
    }
    InviteCsAgentPayload of "inviteCsAgent" {
        /// The membership of the CS agent.
        membership: Membership,
    }
    AddSupportNotePayload of "addSupportNote" {
        /// The new note.
        support_note: SupportNote,
    }
    CreateCannedAnswerPayload of "createCannedAnswer" {
        /// The new canned answer.
        canned_answer: CannedAnswer,
    }
    UpdateCannedAnswerPayload of "updateCannedAnswer" {
        /// The changed canned answer.
        canned_answer: CannedAnswer,
    }
    DeleteCannedAnswerPayload of "deleteCannedAnswer" {
        /// Id of the deleted canned answer.
        deleted_id: ID,
    }
    RateSupportChatPayload of "rateSupportChat" {
        /// The chat with the rated episode.
        support_chat: SupportChat,
    }
    UpdateSupportSettingsPayload of "updateSupportSettings" {
        /// The changed settings.
        support_settings: SupportSettings,
    }
}

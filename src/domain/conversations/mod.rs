//! Conversations: messages, subscriptions and event logs.

mod access;
mod compaction;
mod conditions;
mod edit;
mod history;
mod inbox;
mod locked_message;
mod log;
mod messages;
mod open;
mod pending_post;
mod post;
mod posting;
mod reactions;
mod read_mark_writer;
mod read_marks;
mod readable;
mod reads;
mod room_history;
mod search;
mod target;
mod titles;
mod typing;
mod unread;
mod voice;
mod watch;

pub(in crate::domain) use access::Permission;
pub use access::{ConversationAccess, find_readable};
pub(in crate::domain) use access::{get_access, list_of_space};
pub use compaction::trim;
pub use edit::{delete_message, edit_message};
pub use history::{History, list_before, list_messages};
pub use inbox::{InboxEvent, list_all_own, list_own, watch_inbox};
pub use log::{Notification, list_known};
pub(in crate::domain) use log::{record_in_lounge_chat, record_in_room, record_in_session, record_support};
pub(in crate::domain) use messages::find as find_message;
pub use messages::{list_last, list_messages_in};
pub(in crate::domain) use open::{
    count_in_room, find_lounge_chat, find_of_customer, open_for_customer, open_for_session, open_lounge_chat,
    open_room,
};
pub(in crate::domain) use pending_post::{
    AgentMessage, begin_post, find_message_since, list_recent, lock, post_as_agent, post_as_system,
    record_audio,
};
pub(in crate::domain) use post::client_key;
pub use post::{CLIENT_KEY, CONTENT, NewMessage, post};
pub use reactions::{
    REACTIONS as MAX_REACTIONS, REACTORS as MAX_REACTORS, ReactionCount, add_reaction, list_own_reactions,
    list_reactions, list_reactors, remove_reaction,
};
pub(in crate::domain) use read_marks::begin_reading;
pub use read_marks::list_read_marks;
pub use readable::{
    ConversationScope, ExpiredConversation, ReadRight, ReadableConversation, VisibleConversation,
    list_readable_at, list_visible,
};
pub use reads::mark_read;
pub use search::search;
pub use target::Target;
pub(crate) use target::{lounge_chat_scope, room_scope, session_scope, support_scope};
pub use titles::list_titles;
pub use typing::set_typing;
pub use unread::list_unread;
pub use voice::{NewVoiceMessage, post_voice};
pub use watch::{Snapshot, SubscriptionOptions, snapshot_messages, watch};

pub use crate::timeline::{AgentRefusal, ConversationEvent, MessageRow, Person};

//! Conversations: what is said, who hears it, and the log of all that happens in them.

mod access;
mod edit;
mod event;
mod floor;
mod history;
mod inbox;
mod log;
mod messages;
mod open;
mod post;
mod reactions;
mod readable;
mod reads;
mod search;
mod sound;
mod titles;
mod trim;
mod typing;
mod voice;
mod watch;

pub(in crate::domain) use access::Intent;
pub use access::{Seat, Target, find_readable};
pub(in crate::domain) use access::{get_seat, list_of_space};
pub(crate) use access::{room_scope, session_scope, support_scope, talk_scope};
pub use edit::{delete_message, edit_message};
pub use event::{Event, Person};
pub(in crate::domain) use floor::{
    Spoken, find_said_since, list_said, lock, say_as_agent, say_as_system, take_floor, tell_spoken,
};
pub use history::{History, list_before, list_messages};
pub use inbox::{Inbox, InboxEvent, list_own, watch_inbox};
pub use log::{Bell, ConversationLog, list_known};
pub(in crate::domain) use log::{record_in_room, record_in_session, record_in_talk, record_support};
pub(in crate::domain) use messages::find as find_message;
pub use messages::{MessageRow, Refusal, list_last, list_messages_in};
pub(in crate::domain) use open::{
    find_of_customer, find_talk, open_for_customer, open_for_session, open_room, open_talk,
};
pub(in crate::domain) use post::client_key;
pub use post::{NewMessage, post};
pub use reactions::{ReactionCount, add_reaction, list_own_reactions, list_reactions, remove_reaction};
pub use readable::{ExpiredConversation, ReadRight, ReadableConversation, VisibleConversation, list_visible};
pub(in crate::domain) use reads::begin_reading;
pub use reads::{list_read_marks, list_unread, mark_read};
pub use search::search;
pub use titles::list_titles;
pub use trim::trim;
pub use typing::set_typing;
pub use voice::{NewVoiceMessage, post_voice};
pub use watch::{Snapshot, Watched, snapshot_messages, watch};

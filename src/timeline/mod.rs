//! The logs of conversations and agent replies: their events, with the data that subscribers see and other servers
//! receive. It checks no rights; the domain does before anything is shown.

mod conversation_event;
mod conversation_log;
mod message_row;
mod person;
mod reply_event;
mod reply_log;

pub use conversation_event::ConversationEvent;
pub use conversation_log::ConversationLog;
pub use message_row::{AgentRefusal, MessageRow, load_messages, select_messages};
pub use person::Person;
pub use reply_event::ReplyEvent;
pub use reply_log::ReplyLog;

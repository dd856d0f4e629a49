//! Lists without pages: the maximum number of rows of each, and which of them only REST documents may select.
//!
//! The complexity of a document is computed from these numbers. A test compares them with the schema and
//! fails for a list that is missing here or that a client could nest without bound.

use crate::domain::{
    EVENT_ROWS,
    accounts::{self, MAX_PEOPLE},
    conversations,
};

/// Lists without pages, with their maximum number of rows, which the domain or the resolver enforces.
pub const LISTS: &[(&str, usize)] = &[
    ("AgentListing.knowledge", 50),
    ("Club.agents", 100),
    ("Club.tags", 20),
    ("Community.agents", 100),
    ("Community.tags", 20),
    ("ConversationActivity.present", 50),
    ("ConversationActivity.typing", 50),
    ("InboxEvent.conversations", EVENT),
    ("InboxEvent.removedIds", 500),
    ("Lounge.agents", 100),
    ("Lounge.tags", 20),
    ("Message.reactions", REACTIONS),
    ("OfficialAccount.agents", 100),
    ("OfficialAccount.supportHours", 50),
    ("OfficialAccount.tags", 20),
    ("Query.allVerificationRequests", 1000),
    ("Query.cannedAnswers", 500),
    ("Query.communityAgents", 100),
    ("Query.nodes", NODES),
    ("Query.searchUsers", MAX_PEOPLE as usize),
    ("Query.spaceSessions", 1000),
    ("Query.supportNotes", 500),
    ("Space.allSessions", 1000),
    ("Space.tags", 20),
    ("SpaceSession.participants", PARTICIPANTS),
    ("Reaction.users", REACTORS),
    ("ReportEvent.removedIds", 50),
    ("ReportEvent.reports", 50),
    ("SupportChat.episodes", EPISODES),
    ("SupportStatistics.days", 30),
    ("SupportQueueEvent.chats", EVENT),
    ("SupportQueueEvent.removedIds", QUEUE),
    ("SupportQueueEvent.lateIds", EVENT),
    ("SupportQueueEvent.orderedIds", QUEUE),
    ("SupportSettings.hours", 50),
    ("Viewer.allCreatedCommunities", 1000),
    ("Viewer.allJoinedCommunities", 1000),
    ("Viewer.allConversations", 500),
    ("Viewer.apiKeys", accounts::MAX_KEYS as usize),
];

/// Lists whose pages differ from the usual 20 rows and maximum of 100: default and maximum number of rows per
/// page.
pub const PAGES: &[(&str, usize, usize)] = &[
    ("ConversationSnapshot.messages", 50, 100),
    ("LoungeDashboard.days", 30, 90),
    ("Query.communityMembers", MEMBERS, MEMBERS),
    ("Query.messages", 50, 100),
    ("Query.supportQueue", QUEUE_PAGE, WHOLE_QUEUE),
];

/// Fields that cost more than others because each queries the database: the number of fields that each counts
/// as.
pub const COSTLY: &[(&str, usize)] = &[
    ("Conversation.search", 250),
    ("Lounge.dashboard", 100),
    ("LoungeDashboard.days", 100),
    ("Query.openConnections", 250),
    ("Query.searchUsers", 250),
];

/// Fields that cost more with an argument, because they then compare the texts of many rows: the argument, and the number
/// of fields that each counts as.
pub const SEARCHES: &[(&str, &str, usize)] = &[
    ("Query.agentListings", "search", 250),
    ("Query.communities", "search", 250),
    ("Query.spaces", "search", 250),
    ("Query.users", "search", 250),
];

/// Long texts and JSON: maximum number of bytes of each, without escapes.
pub const LONG: &[(&str, usize)] = &[
    ("AgentKnowledge.text", 1024 * 1024),
    ("AgentListing.systemPrompt", 128 * 1024),
    ("AgentReply.text", 128 * 1024),
    ("Message.content", 128 * 1024),
];

/// Maximum number of objects that one query finds by their ids.
pub(super) const NODES: usize = 50;
/// Maximum number of conversations or support chats per event; further changes follow in the next event.
const EVENT: usize = EVENT_ROWS;
/// Maximum number of support chats in a live queue.
const QUEUE: usize = 1050;
/// Default number of support chats per page of a queue.
pub(super) const QUEUE_PAGE: usize = 100;
/// Maximum number of support chats in a queue: 1000 open ones and 1000 resolved ones.
pub(super) const WHOLE_QUEUE: usize = 2000;
/// Participants of a space session, the first who joined.
pub(super) const PARTICIPANTS: usize = 100;
/// Maximum number of emoji on a message, most frequent first.
pub(super) const REACTIONS: usize = conversations::MAX_REACTIONS as usize;
/// Maximum number of users of an emoji on a message, the first.
pub(super) const REACTORS: usize = conversations::MAX_REACTORS as usize;
/// Maximum number of episodes of a support chat, the newest.
pub(super) const EPISODES: usize = 100;
/// Maximum number of members in the list without cursors. REST lists all of them.
pub(super) const MEMBERS: usize = 1000;
/// Minimum number of bytes of a member in a REST response: keys, ids, role, time and state.
pub(super) const MEMBER_BYTES: usize = 200;
/// Maximum number of bytes of a member in a REST response besides the account's id and the texts.
pub(super) const MEMBER_FRAME: usize = 220;

/// Lists without pages of which clients have pages. Only REST documents, whose answers are fixed, may select them: in a
/// client's document each level would multiply the rows of the level above.
pub const REST_ONLY: &[&str] = &[
    "Space.allSessions",
    "Viewer.allConversations",
    "Viewer.allCreatedCommunities",
    "Viewer.allJoinedCommunities",
];

/// Removes these fields and their descriptions from the text of the schema.
pub(super) fn without_rest_only(sdl: &str) -> String {
    let mut kept: Vec<&str> = Vec::new();
    let (mut ty, mut in_text, mut described) = ("", false, None);
    for line in sdl.lines() {
        if line.trim() == "\"\"\"" {
            // A description is dropped with the field that follows it.
            if !in_text {
                described = Some(kept.len());
            }
            in_text = !in_text;
            kept.push(line);
            continue;
        }
        if in_text {
            kept.push(line);
            continue;
        }
        if let Some(rest) = line.strip_prefix("type ") {
            ty = rest.split([' ', '{']).next().unwrap_or_default();
        }
        let field = line.trim_start().split(['(', ':']).next().unwrap_or_default();
        let start = described.take();
        if line.starts_with('\t') && REST_ONLY.contains(&format!("{ty}.{field}").as_str()) {
            kept.truncate(start.unwrap_or(kept.len()));
            continue;
        }
        kept.push(line);
    }
    kept.join("\n") + "\n"
}

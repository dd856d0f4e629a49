//! The lists that have no pages: how many rows each can have, and which of them only REST documents may select.
//!
//! What a GraphQL document costs is counted with these numbers. A test holds them to the schema: a list that is missing
//! here, or that a client could nest without bound, fails it.

/// Lists without pages and the greatest number of their rows, which the domain or the resolver holds; of lists with
/// pages those whose page can be longer than 100 rows, or than 20 when the client does not say.
pub const LISTS: &[(&str, usize)] = &[
    ("AgentListing.knowledge", 50),
    ("Club.agents", 100),
    ("Club.tags", 20),
    ("Community.agents", 100),
    ("Community.tags", 20),
    ("ConversationActivity.present", 50),
    ("ConversationActivity.typing", 50),
    ("ConversationSnapshot.messages", 50),
    ("InboxEvent.conversations", COUNTED),
    ("InboxEvent.gone", 500),
    ("Lounge.agents", 100),
    ("Lounge.tags", 20),
    ("LoungeDashboard.days", 30),
    ("Message.reactions", REACTIONS),
    ("OfficialAccount.agents", 100),
    ("OfficialAccount.supportHours", 50),
    ("OfficialAccount.tags", 20),
    ("Query.allVerificationRequests", 1000),
    ("Query.cannedAnswers", 500),
    ("Query.communityAgents", 100),
    ("Query.communityMembers", 1000),
    ("Query.messages", 50),
    ("Query.spaceSessions", 1000),
    ("Query.supportNotes", 500),
    ("Query.supportQueue", COUNTED),
    ("Space.allSessions", 1000),
    ("Space.tags", 20),
    ("SpaceSession.participants", PARTICIPANTS),
    ("SupportChat.episodes", EPISODES),
    ("SupportFigures.days", 30),
    ("SupportQueueEvent.chats", COUNTED),
    ("SupportQueueEvent.gone", 1000),
    ("SupportQueueEvent.late", 1000),
    ("SupportQueueEvent.order", 1000),
    ("SupportSettings.hours", 50),
    ("Viewer.allCreatedCommunities", 1000),
    ("Viewer.allJoinedCommunities", 1000),
    ("Viewer.apiKeys", 50),
    ("Viewer.conversations", 500),
    ("Viewer.sessions", SIGN_INS),
];

/// What the customers who wait count as, and the conversations of an inbox, though they can be 1000 and 500: these lists
/// are at the root, so that nothing multiplies them, and an operator's queue must stay readable in one query.
const COUNTED: usize = 100;
/// Participants of a space session, the first who joined.
pub(super) const PARTICIPANTS: usize = 100;
/// Emoji on a message, the most frequent.
pub(super) const REACTIONS: usize = 20;
/// Episodes of a support chat, the newest.
pub(super) const EPISODES: usize = 100;
/// Members of a community, where they are listed without pages: legacy clients look for themselves in the whole list.
pub(super) const MEMBERS: u64 = 20_000;
/// Sign-ins of an account, the newest.
pub(super) const SIGN_INS: usize = 100;

/// Lists that lead back to their own parents without pages: REST has to answer them as documented, in documents that are
/// known; in a client's each level would multiply the rows of the one before.
pub const REST_ONLY: &[&str] = &["Space.allSessions"];

/// The schema's text without those fields: their lines, and those of their descriptions.
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

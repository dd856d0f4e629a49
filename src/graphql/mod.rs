//! The GraphQL schema: objects, inputs and roots, one file a noun. No rule is here: unpack, one domain call, wrap.

mod accounts;
mod admin;
mod agent_loaders;
mod agent_replies;
mod agent_reply_events;
mod agents;
mod at_hand;
mod audit;
mod blocks;
mod communities;
mod community_changes;
mod community_kinds;
mod community_loaders;
mod context;
mod conversations;
mod error;
mod events;
mod executor;
mod late;
mod listen;
mod loaders;
mod lounge_changes;
mod lounge_loaders;
mod lounge_voices;
mod lounges;
mod memberships;
mod messages;
mod moderation;
mod mutation;
mod official;
mod paging;
mod personal;
mod reports;
mod scalars;
mod space_sessions;
mod spaces;
mod support;
mod support_changes;
mod support_desk;
mod support_events;
mod support_loaders;
mod upload;
mod users;
mod verification;
mod viewer;
mod voice_messages;
mod wallet;

use async_graphql::{MergedObject, MergedSubscription, SchemaBuilder, ValidationMode};

pub use error::finish;
pub use executor::Graph;
pub use listen::{Listening, Question, Write};
pub use mutation::Mutation;
pub use personal::{PERSONAL, is_personal};
pub use scalars::{Coins, DateTime};
pub use upload::Upload;

use crate::app::App;

/// What can be asked.
#[derive(MergedObject, Default)]
pub struct Query(
    accounts::AccountQuery,
    spaces::SpaceQuery,
    space_sessions::SpaceSessionQuery,
    conversations::ConversationQuery,
    agents::AgentQuery,
    agent_replies::AgentReplyQuery,
    communities::CommunityQuery,
    lounges::LoungeQuery,
    wallet::WalletQuery,
    verification::VerificationQuery,
    audit::AuditQuery,
    admin::AdminQuery,
    reports::ReportQuery,
    blocks::BlockQuery,
    support::SupportQuery,
    support_desk::SupportDeskQuery,
    official::OfficialQuery,
);

/// What can be listened to.
#[derive(MergedSubscription, Default)]
pub struct Subscription(
    events::ConversationSubscription,
    agent_replies::AgentReplySubscription,
    support_events::SupportSubscription,
);

/// The schema of the product.
pub type Schema = async_graphql::Schema<Query, Mutation, Subscription>;

/// What resolvers know of the site beside the application.
#[derive(Clone, Copy, Debug, Default)]
pub struct Site {
    /// Whether cookies travel over https only.
    pub secure: bool,
}

fn builder() -> SchemaBuilder<Query, Mutation, Subscription> {
    // The limits are our own (`document::limits`): the library counts fragments by expanding them without bound.
    Schema::build(Query::default(), Mutation::default(), Subscription::default())
}

/// The schema that validates documents: never executed.
pub fn strict() -> Schema {
    builder().extension(crate::document::ValidateOnly).finish()
}

/// The schema that executes documents which were validated before: its own validation is off.
pub fn fast(app: &App, site: Site) -> Schema {
    builder()
        .data(app.clone())
        .data(site)
        .data(loaders::batched(loaders::Users(app.clone())))
        .data(loaders::batched(loaders::Participants(app.clone())))
        .data(loaders::batched(loaders::Spaces(app.clone())))
        .data(loaders::batched(loaders::Conversations(app.clone())))
        .data(loaders::batched(loaders::Messages(app.clone())))
        .data(loaders::batched(agent_loaders::Listings(app.clone())))
        .data(loaders::batched(agent_loaders::Places(app.clone())))
        .data(loaders::batched(agent_loaders::AskedBy(app.clone())))
        .data(loaders::batched(loaders::LastMessages(app.clone())))
        .data(loaders::batched(loaders::Titles(app.clone())))
        .data(loaders::batched(loaders::Reactions(app.clone())))
        .data(loaders::batched(loaders::OwnReactions(app.clone())))
        .data(loaders::batched(loaders::ReadMarks(app.clone())))
        .data(loaders::batched(community_loaders::Communities(app.clone())))
        .data(loaders::batched(community_loaders::CommunitiesById(app.clone())))
        .data(loaders::batched(community_loaders::OwnMemberships(app.clone())))
        .data(loaders::batched(community_loaders::Revenues(app.clone())))
        .data(loaders::batched(community_loaders::Mutes(app.clone())))
        .data(loaders::batched(loaders::Blocked(app.clone())))
        .data(loaders::batched(verification::Verifications(app.clone())))
        .data(loaders::batched(official::Settings(app.clone())))
        .data(loaders::batched(official::OwnChats(app.clone())))
        .data(loaders::batched(support_loaders::Chats(app.clone())))
        .data(loaders::batched(support_loaders::Known(app.clone())))
        .data(loaders::batched(support_loaders::Waiting(app.clone())))
        .data(loaders::batched(support_loaders::Episodes(app.clone())))
        .data(loaders::batched(lounge_loaders::Lounges(app.clone())))
        .data(loaders::batched(lounge_loaders::Allowances(app.clone())))
        .data(loaders::batched(lounge_loaders::OwnSubscriptions(app.clone())))
        .validation_mode(ValidationMode::Fast)
        .finish()
}

/// The schema's text, as `schema.graphql` keeps it.
pub fn sdl() -> String {
    let sdl = builder().finish().sdl();
    format!("{}\n", sdl.trim())
}

//! The GraphQL schema: objects, inputs and roots, one file a noun. No rule is here: unpack, one domain call, wrap.

mod accounts;
mod admin;
mod agents;
mod at_hand;
mod audit;
mod blocks;
mod communities;
mod context;
mod conversations;
mod dataloader;
mod error;
mod executor;
mod late;
mod listen;
pub mod lists;
mod loaders;
mod lounges;
mod mutation;
mod paging;
mod personal;
mod reports;
mod scalars;
mod size;
mod spaces;
mod support;
mod upload;
mod users;
mod verification;
mod viewer;
mod wallet;

use async_graphql::{MergedObject, MergedSubscription, SchemaBuilder, ValidationMode};

pub use error::finish;
pub use executor::Graph;
pub use listen::{Listening, Question, Write};
pub use mutation::Mutation;
pub use personal::{PERSONAL, is_personal};
pub use scalars::{Coins, DateTime};
pub use size::too_large;
pub use upload::Upload;

use crate::{app::App, document::Model};

/// Marks a request that executes one of the documents of REST, which give away what their reference says.
#[derive(Clone, Copy, Debug)]
pub struct RestDocument;

/// Operations that read data.
#[derive(MergedObject, Default)]
pub struct Query(
    accounts::AccountQuery,
    spaces::SpaceQuery,
    spaces::sessions::SpaceSessionQuery,
    conversations::ConversationQuery,
    agents::AgentQuery,
    agents::replies::AgentReplyQuery,
    communities::CommunityQuery,
    lounges::LoungeQuery,
    wallet::WalletQuery,
    verification::VerificationQuery,
    audit::AuditQuery,
    admin::AdminQuery,
    reports::ReportQuery,
    blocks::BlockQuery,
    support::SupportQuery,
    support::desk::SupportDeskQuery,
    support::official::OfficialQuery,
);

/// Streams of events.
#[derive(MergedSubscription, Default)]
pub struct Subscription(
    conversations::events::ConversationSubscription,
    agents::replies::AgentReplySubscription,
    support::events::SupportSubscription,
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

/// The schema without an application, for what is never executed.
pub fn bare() -> Schema {
    builder().finish()
}

/// The schema that executes documents which were validated before: its own validation is off.
pub fn fast(app: &App, site: Site) -> Schema {
    builder().data(app.clone()).data(site).validation_mode(ValidationMode::Fast).finish()
}

/// The schema's text, as `schema.graphql` keeps it.
pub fn sdl() -> String {
    lists::without_rest_only(&full_sdl())
}

/// The schema's text with the fields that only REST documents may select.
fn full_sdl() -> String {
    let sdl = builder().finish().sdl();
    format!("{}\n", sdl.trim())
}

/// The schema as GraphQL clients have it.
///
/// # Errors
/// When the schema's own text cannot be read.
pub fn model() -> anyhow::Result<Model> {
    Ok(Model::from_sdl(&sdl())?.with_bounds(lists::LISTS))
}

/// The schema as REST documents have it.
///
/// # Errors
/// When the schema's own text cannot be read.
pub fn rest_model() -> anyhow::Result<Model> {
    Ok(Model::from_sdl(&full_sdl())?.with_bounds(lists::LISTS))
}

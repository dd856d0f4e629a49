//! The GraphQL schema: objects, inputs and roots, one file per noun. Resolvers hold no rules: they unpack the
//! input, call the domain once and wrap the result.

mod accounts;
mod admin;
mod agents;
mod audit;
mod blocks;
mod bounds;
mod communities;
mod connections;
mod context;
mod conversations;
mod dataloader;
mod deferred_input;
mod eager;
mod error;
mod executor;
pub mod lists;
mod loaders;
mod lounges;
mod meter;
mod mutation;
mod node;
mod nullable;
mod overload;
mod paging;
mod payloads;
mod reports;
mod root;
mod scalars;
mod size;
mod spaces;
mod subscribe;
mod support;
mod update_input;
mod upload;
mod users;
mod verification;
mod viewer;
mod viewer_dependent;
mod wallet;

use async_graphql::{MergedObject, MergedSubscription, SDLExportOptions, SchemaBuilder, ValidationMode};

pub use error::finish;
pub use executor::{Expected, Graph};
pub use mutation::Mutation;
pub use root::Root;
pub use scalars::{Coins, DateTime};
pub use size::{of as bytes_of, too_large};
pub use subscribe::{SerializeResponse, SubscriptionExecutor, SubscriptionRequest};
pub use upload::Upload;
pub use viewer_dependent::{VIEWER_DEPENDENT, is_viewer_dependent};

use crate::{app::App, document::Model};

/// Marks a request that executes a REST document, which may select the fields that only REST returns.
#[derive(Clone, Copy, Debug)]
pub struct RestDocument;

/// Operations that read data.
#[derive(MergedObject, Default)]
#[graphql(name = "Query")]
pub struct QueryFields(
    node::NodeQuery,
    users::UserQuery,
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
    connections::ConnectionQuery,
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
    reports::ReportSubscription,
);

/// The root of all queries.
pub type Query = Root<QueryFields>;

/// The schema with its three roots.
pub type Schema = async_graphql::Schema<Query, Mutation, Subscription>;

/// Settings of the site that resolvers need besides the application.
#[derive(Clone, Copy, Debug)]
pub struct Site {
    /// Whether cookies are sent over HTTPS only.
    pub secure: bool,
    /// Maximum number of bytes of a response.
    pub answer_bytes: usize,
}

impl Default for Site {
    fn default() -> Self {
        Self { secure: false, answer_bytes: usize::MAX }
    }
}

fn builder() -> SchemaBuilder<Query, Mutation, Subscription> {
    // Plaza applies its own limits (`document::limits`): the library counts fragments by expanding them without bound.
    Schema::build(Query::default(), Mutation::default(), Subscription::default())
}

/// Builds the schema without an application, for uses that never execute it.
pub fn schema_without_extensions() -> Schema {
    builder().finish()
}

/// Builds the schema that executes documents. The server validates them before, so it needs the library's fast mode only.
pub fn schema(app: &App, site: Site, mode: ValidationMode) -> Schema {
    builder().data(app.clone()).data(site).validation_mode(mode).finish()
}

/// Builds the schema that executes validated documents; its own validation is off.
pub fn fast(app: &App, site: Site) -> Schema {
    schema(app, site, ValidationMode::Fast)
}

/// The same, for answers that could be too large: it counts their bytes while they are made.
pub fn metered(app: &App, site: Site) -> Schema {
    let builder = builder().data(app.clone()).data(site).validation_mode(ValidationMode::Fast);
    builder.extension(meter::Meters).finish()
}

/// The schema's text, as `schema.graphql` keeps it.
pub fn sdl() -> String {
    root::with_nullable_fields(&lists::without_rest_only(&full_sdl()))
}

/// Returns the text of the schema including the fields that only REST documents may select.
fn full_sdl() -> String {
    let sdl = builder().finish().sdl_with_options(SDLExportOptions::new().include_specified_by());
    // The library does not support an interface that implements another.
    let sdl = sdl.replace("\ninterface Community {", "\ninterface Community implements Node {");
    format!("{}\n", sdl.trim())
}

/// Parses the schema for GraphQL clients.
///
/// # Errors
/// Fails if the text of the schema cannot be parsed.
pub fn model() -> anyhow::Result<Model> {
    Ok(counted(Model::from_sdl(&sdl())?))
}

fn counted(model: Model) -> Model {
    model
        .with_bounds(lists::LISTS)
        .with_inputs(bounds::BOUNDS)
        .with_pages(lists::PAGES)
        .with_costly(lists::COSTLY)
        .with_costly_arguments(lists::SEARCHES)
        .with_long(lists::LONG)
}

/// Parses the schema for REST documents.
///
/// # Errors
/// Fails if the text of the schema cannot be parsed.
pub fn rest_model() -> anyhow::Result<Model> {
    Ok(counted(Model::from_sdl(&full_sdl())?))
}

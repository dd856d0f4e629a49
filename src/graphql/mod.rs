//! The GraphQL schema: objects, inputs and roots, one file a noun. No rule is here: unpack, one domain call, wrap.

mod accounts;
mod context;
mod error;
mod executor;
mod loaders;
mod mutation;
mod paging;
mod scalars;
mod space_sessions;
mod spaces;
mod users;

use async_graphql::{EmptySubscription, MergedObject, SchemaBuilder, ValidationMode};

pub use error::finish;
pub use executor::Graph;
pub use mutation::Mutation;
pub use scalars::DateTime;

use crate::app::App;

/// What can be asked.
#[derive(MergedObject, Default)]
pub struct Query(accounts::AccountQuery, spaces::SpaceQuery, space_sessions::SpaceSessionQuery);

/// The schema of the product.
pub type Schema = async_graphql::Schema<Query, Mutation, EmptySubscription>;

/// What resolvers know of the site beside the application.
#[derive(Clone, Copy, Debug, Default)]
pub struct Site {
    /// Whether cookies travel over https only.
    pub secure: bool,
}

fn builder() -> SchemaBuilder<Query, Mutation, EmptySubscription> {
    // The limits are our own (`document::limits`): the library counts fragments by expanding them without bound.
    Schema::build(Query::default(), Mutation::default(), EmptySubscription)
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
        .data(loaders::users(app))
        .data(loaders::participants(app))
        .data(loaders::spaces(app))
        .validation_mode(ValidationMode::Fast)
        .finish()
}

/// The schema's text, as `schema.graphql` keeps it.
pub fn sdl() -> String {
    let sdl = builder().finish().sdl();
    format!("{}\n", sdl.trim())
}

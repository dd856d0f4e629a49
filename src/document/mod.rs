//! stand-in
pub use checker::ValidateOnly;
mod checker;
pub type Check = dyn Fn(&async_graphql::parser::types::ExecutableDocument) -> Result<(), Vec<async_graphql::ServerError>> + Send + Sync;

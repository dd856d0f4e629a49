//! Access to the application, the viewer and the loaders from a resolver's context.

use async_graphql::{Context, ID};
use uuid::Uuid;

use super::dataloader::{Loader, Loaders};
use crate::{
    app::App,
    auth::Viewer,
    domain::User,
    error::{Error, Result},
};

/// Accessors for the application and the viewer of an execution.
pub(super) trait ContextExt {
    /// Returns the application.
    fn app(&self) -> Result<&App>;
    /// Returns the viewer, signed in or not.
    fn viewer(&self) -> Result<&Viewer>;
    /// Returns the signed-in account.
    fn user(&self) -> Result<&User>;
    /// Loads the row of a key, in one batch with the keys of other fields; `None` if there is none.
    fn load<L: Loader>(&self, key: L::Key) -> impl Future<Output = Result<Option<L::Value>>> + Send;
}

impl ContextExt for Context<'_> {
    fn app(&self) -> Result<&App> {
        self.data_opt().ok_or_else(|| absent("the application"))
    }

    fn viewer(&self) -> Result<&Viewer> {
        self.data_opt().ok_or_else(|| absent("the viewer"))
    }

    fn user(&self) -> Result<&User> {
        self.viewer()?.user()
    }

    async fn load<L: Loader>(&self, key: L::Key) -> Result<Option<L::Value>> {
        let loaders: &Loaders = self.data_opt().ok_or_else(|| absent("the set of loaders"))?;
        loaders.load::<L>(self.app()?, key).await
    }
}

fn absent(what: &str) -> Error {
    Error::Internal(anyhow::anyhow!("{what} is not in the context"))
}

/// Reads the id of a row.
///
/// # Errors
/// [`Error::Invalid`] naming `field`.
pub(super) fn uuid(field: &'static str, id: &ID) -> Result<Uuid> {
    Uuid::try_parse(id).map_err(|_| Error::invalid(field, format!("{field} must be a UUID")))
}

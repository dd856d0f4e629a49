//! What a resolver finds in its context.

use async_graphql::{Context, ID};
use uuid::Uuid;

use crate::{
    app::App,
    auth::Viewer,
    domain::{Error, Result, User},
    graphql::dataloader::{Loader, Loaders},
};

/// The application and whoever asks.
pub(super) trait Asked {
    /// The application.
    fn app(&self) -> Result<&App>;
    /// Whoever asks.
    fn viewer(&self) -> Result<&Viewer>;
    /// The account that asks.
    fn user(&self) -> Result<&User>;
    /// The row of a key; `None` if there is none. It is loaded with those that other fields ask for at the same time.
    fn load<L: Loader>(&self, key: L::Key) -> impl Future<Output = Result<Option<L::Value>>> + Send;
}

impl Asked for Context<'_> {
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

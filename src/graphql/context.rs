//! What a resolver finds in its context.

use async_graphql::{Context, ID};
use uuid::Uuid;

use crate::{
    app::App,
    auth::Viewer,
    domain::{Error, Result, User},
};

/// The application and whoever asks.
pub(super) trait Asked {
    /// The application.
    fn app(&self) -> Result<&App>;
    /// Whoever asks.
    fn viewer(&self) -> Result<&Viewer>;
    /// The account that asks.
    fn user(&self) -> Result<&User>;
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

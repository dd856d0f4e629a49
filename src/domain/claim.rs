//! Claims: expensive work outside of transactions is done by one request at a time, across all servers.

use std::time::Duration;

use chrono::TimeDelta;
use entity::claim;
use sea_orm::{
    ActiveValue::Set,
    ColumnTrait, EntityTrait, QueryFilter,
    sea_query::{Expr, ExprTrait, OnConflict},
};
use uuid::Uuid;

use crate::error::Result;
use crate::{app::App, security::random};

/// How long an unreleased claim lasts; after that its holder counts as gone.
const LEASE: TimeDelta = TimeDelta::minutes(3);
/// Interval of attempts to take a claim that another request holds.
const RETRY_INTERVAL: Duration = Duration::from_millis(200);

/// An exclusive claim on a piece of work until its release.
#[must_use = "a claim is held until it is let go"]
pub(in crate::domain) struct Claim {
    id: String,
    holder: Uuid,
}

impl Claim {
    /// Waits until no other request holds the claim of this name, and takes it.
    ///
    /// # Errors
    /// Returns an error if the database does not answer.
    pub(in crate::domain) async fn wait(app: &App, name: &str) -> Result<Self> {
        let claim = Self { id: random::sha256_hex(name), holder: app.new_id()? };
        while !claim.take(app).await? {
            tokio::time::sleep(RETRY_INTERVAL).await;
        }
        Ok(claim)
    }

    /// Tries to take the claim; returns whether it succeeded.
    async fn take(&self, app: &App) -> Result<bool> {
        let now = app.clock.now();
        let row = claim::ActiveModel {
            id: Set(self.id.clone()),
            holder: Set(self.holder),
            until: Set(now + LEASE),
        };
        let taken = OnConflict::column(claim::Column::Id)
            .update_columns([claim::Column::Holder, claim::Column::Until])
            .action_and_where(Expr::col((claim::Entity, claim::Column::Until)).lte(now))
            .to_owned();
        let written =
            claim::Entity::insert(row).on_conflict(taken).exec_without_returning(app.db.write()).await?;
        Ok(written > 0)
    }

    /// Releases the claim. An error is logged, and the claim then expires.
    pub(in crate::domain) async fn release(self, app: &App) {
        let deleted = claim::Entity::delete_many()
            .filter(claim::Column::Id.eq(&self.id))
            .filter(claim::Column::Holder.eq(self.holder))
            .exec(app.db.write())
            .await;
        if let Err(error) = deleted {
            tracing::warn!(%error, "a claim was not released; it expires by itself");
        }
    }
}

/// Deletes expired claims.
///
/// # Errors
/// [`Error::Internal`](crate::error::Error::Internal).
pub async fn prune(app: &App) -> Result<()> {
    claim::Entity::delete_many()
        .filter(claim::Column::Until.lt(app.clock.now()))
        .exec(app.db.write())
        .await?;
    Ok(())
}

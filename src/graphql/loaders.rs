//! Rows that many fields of one answer ask for, loaded together.

use std::{collections::HashMap, sync::Arc, time::Duration};

use async_graphql::{
    dataloader::{DataLoader, Loader},
    futures_util::future::BoxFuture,
    runtime::{Timer, TokioSpawner},
};
use entity::{participant, space, user};
use futures_util::FutureExt;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};
use uuid::Uuid;

use crate::{
    app::App,
    domain::{self, Error, User, spaces},
};

/// Loads people by id.
pub(super) struct Users(App);
/// Loads who takes part, by session.
pub(super) struct Participants(App);
/// Loads spaces by id.
pub(super) struct Spaces(App);

/// A failure that every waiting field shares.
type Shared = Arc<Error>;

impl Loader<String> for Users {
    type Value = User;
    type Error = Shared;

    async fn load(&self, ids: &[String]) -> Result<HashMap<String, User>, Shared> {
        let rows = user::Entity::find().filter(user::Column::Id.is_in(ids)).all(self.0.db.read()).await;
        let rows = rows.map_err(|error| Arc::new(error.into()))?;
        Ok(rows.into_iter().map(|user| (user.id.clone(), user)).collect())
    }
}

impl Loader<Uuid> for Participants {
    type Value = Vec<(participant::Model, Option<User>)>;
    type Error = Shared;

    async fn load(&self, sessions: &[Uuid]) -> Result<HashMap<Uuid, Self::Value>, Shared> {
        let rows = spaces::list_participants(&self.0, sessions).await.map_err(Arc::new)?;
        let mut by_session: HashMap<Uuid, Self::Value> = HashMap::new();
        for row in rows {
            by_session.entry(row.0.session_id).or_default().push(row);
        }
        Ok(by_session)
    }
}

impl Loader<Uuid> for Spaces {
    type Value = space::Model;
    type Error = Shared;

    async fn load(&self, ids: &[Uuid]) -> Result<HashMap<Uuid, space::Model>, Shared> {
        let rows = spaces::list_by_ids(&self.0, ids).await.map_err(Arc::new)?;
        Ok(rows.into_iter().map(|space| (space.id, space)).collect())
    }
}

pub(super) fn users(app: &App) -> DataLoader<Users> {
    DataLoader::new(Users(app.clone()), TokioSpawner::current(), NextTurn)
}

pub(super) fn participants(app: &App) -> DataLoader<Participants> {
    DataLoader::new(Participants(app.clone()), TokioSpawner::current(), NextTurn)
}

pub(super) fn spaces(app: &App) -> DataLoader<Spaces> {
    DataLoader::new(Spaces(app.clone()), TokioSpawner::current(), NextTurn)
}

/// What a loader failed with, as the domain says it.
pub(super) fn failed(error: &Shared) -> domain::Error {
    Error::Internal(anyhow::anyhow!("{error}: {:#}", anyhow::Error::msg(format!("{error:?}"))))
}

/// Collects what is asked for until every ready field has asked, instead of for a millisecond.
struct NextTurn;

impl Timer for NextTurn {
    fn delay(&self, _: Duration) -> BoxFuture<'static, ()> {
        tokio::task::yield_now().boxed()
    }
}

//! Lookup of lounges.

use entity::{
    community::{self, Kind, Status},
    lounge,
};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter};
use uuid::Uuid;

use crate::{
    app::App,
    domain::communities::get_locked,
    error::{Error, Result},
};

/// Returns an active lounge, without an access check.
///
/// # Errors
/// [`Error::Internal`].
pub async fn find(app: &App, id: Uuid) -> Result<Option<community::Model>> {
    let found = community::Entity::find_by_id(id).one(app.db.read()).await?;
    Ok(found.filter(is_open))
}

/// Returns the lounge rows of communities, in no order, without an access check.
///
/// # Errors
/// [`Error::Internal`].
pub async fn list_by_ids(app: &App, ids: &[Uuid]) -> Result<Vec<lounge::Model>> {
    let of_ids = lounge::Column::CommunityId.is_in(ids.iter().copied());
    Ok(lounge::Entity::find().filter(of_ids).all(app.db.read()).await?)
}

/// Returns the lounge row of a community.
pub(super) async fn get(db: &impl ConnectionTrait, id: Uuid) -> Result<lounge::Model> {
    lounge::Entity::find_by_id(id).one(db).await?.ok_or(Error::NotFound("Lounge"))
}

/// Returns an active lounge and locks its community.
pub(super) async fn get_open(
    tx: &impl ConnectionTrait,
    id: Uuid,
) -> Result<(community::Model, lounge::Model)> {
    const LOUNGE_NOT_FOUND: Error = Error::NotFound("Lounge");
    let community = get_locked(tx, id).await.map_err(|error| match error {
        Error::NotFound(_) => LOUNGE_NOT_FOUND,
        other => other,
    })?;
    if !is_open(&community) {
        return Err(LOUNGE_NOT_FOUND);
    }
    let lounge = get(tx, id).await?;
    Ok((community, lounge))
}

fn is_open(community: &community::Model) -> bool {
    community.kind == Kind::Lounge && community.status == Status::Active
}

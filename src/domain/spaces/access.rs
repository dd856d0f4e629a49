//! Who may see a space: everybody a public one; a private one its owner, the invited and those who take part in one of its
//! sessions and have not left it.

use entity::{participant, space, space_invite, space_session, user};
use sea_orm::{
    ActiveValue::Set, ColumnTrait, Condition, ConnectionTrait, EntityTrait, QueryFilter, QuerySelect,
    QueryTrait, sea_query::OnConflict,
};
use uuid::Uuid;

use crate::{
    app::App,
    domain::{Error, Result, User, blocks},
};

/// What a space must fulfil to be seen by `actor`.
pub(super) fn visible(actor: Option<&str>) -> Condition {
    let public = Condition::any().add(space::Column::IsPublic.eq(true));
    let Some(actor) = actor else { return public };
    let invited = space_invite::Entity::find()
        .select_only()
        .column(space_invite::Column::SpaceId)
        .filter(space_invite::Column::UserId.eq(actor));
    let takes_part = participant::Entity::find()
        .select_only()
        .column(space_session::Column::SpaceId)
        .inner_join(space_session::Entity)
        .filter(participant::Column::UserId.eq(actor))
        .filter(participant::Column::IsConnected.eq(true));
    public
        .add(space::Column::OwnerId.eq(actor))
        .add(space::Column::Id.in_subquery(invited.into_query()))
        .add(space::Column::Id.in_subquery(takes_part.into_query()))
}

/// What a space must fulfil to be seen by an account.
pub(in crate::domain) fn visible_to(user_id: &str) -> Condition {
    visible(Some(user_id))
}

/// Finds a space that the actor may see, with its owner.
///
/// # Errors
/// [`Error::Internal`].
pub async fn find_visible(
    app: &App,
    actor: Option<&User>,
    id: Uuid,
) -> Result<Option<(space::Model, Option<User>)>> {
    Ok(space::Entity::find_by_id(id)
        .filter(visible(actor.map(|actor| actor.id.as_str())))
        .find_also_related(user::Entity)
        .one(app.db.read())
        .await?)
}

/// The space, or not found to those who may not see it.
///
/// # Errors
/// [`Error::NotFound`].
pub async fn get_visible(db: &impl ConnectionTrait, actor: Option<&User>, id: Uuid) -> Result<space::Model> {
    let seen = visible(actor.map(|actor| actor.id.as_str()));
    space::Entity::find_by_id(id).filter(seen).one(db).await?.ok_or(Error::NotFound("Space"))
}

/// Those of these spaces that somebody, or who is not signed in, may see, in no order.
///
/// # Errors
/// [`Error::Internal`].
pub async fn list_visible(app: &App, actor: Option<&str>, ids: &[Uuid]) -> Result<Vec<space::Model>> {
    Ok(space::Entity::find()
        .filter(space::Column::Id.is_in(ids.iter().copied()))
        .filter(visible(actor))
        .all(app.db.read())
        .await?)
}

/// The space, for its owner only.
pub(super) async fn get_owned(db: &impl ConnectionTrait, actor: &User, id: Uuid) -> Result<space::Model> {
    let space = get_visible(db, Some(actor), id).await?;
    if space.owner_id == actor.id { Ok(space) } else { Err(Error::Forbidden("Forbidden")) }
}

/// The owner lets somebody see and join a private space. Inviting twice is once.
///
/// # Errors
/// [`Error::NotFound`] for the space or the user, [`Error::Forbidden`] to others than the owner.
pub async fn invite(app: &App, actor: &User, space_id: Uuid, user_id: &str) -> Result<space::Model> {
    let tx = app.begin(actor).await?;
    let space = get_owned(&tx, actor, space_id).await?;
    if let Some(done) = tx.replayed()? {
        return Ok(done);
    }
    let guest = user::Entity::find_by_id(user_id).filter(user::Column::DeletedAt.is_null()).one(&tx).await?;
    if guest.is_none() {
        return Err(Error::NotFound("User"));
    }
    // Who is blocked is not told, and nothing comes of it.
    if blocks::is_blocked(&tx, user_id, &actor.id).await? {
        return tx.commit(space).await;
    }
    let invite = space_invite::ActiveModel {
        space_id: Set(space_id),
        user_id: Set(user_id.to_owned()),
        created_at: Set(app.clock.now()),
    };
    space_invite::Entity::insert(invite)
        .on_conflict(OnConflict::new().do_nothing().to_owned())
        .exec_without_returning(&tx)
        .await?;
    tx.commit(space).await
}

//! Access to spaces. Everyone may see a public space; a private one is visible to its owner, invited users
//! and connected participants of its sessions.

use entity::{participant, space, space_invite, space_session, user};
use sea_orm::{
    ActiveValue::Set,
    ColumnTrait, Condition, ConnectionTrait, EntityTrait, QueryFilter, QuerySelect, QueryTrait,
    sea_query::{Expr, OnConflict},
};
use uuid::Uuid;

use super::rows::{self, SpaceRow};
use crate::{
    app::App,
    domain::{User, blocks},
    error::{Error, Result},
};

/// Condition for the spaces that `actor` may see.
pub(super) fn visible(actor: Option<&str>) -> Condition {
    match actor {
        None => public(),
        Some(actor) => visible_to_value(&Expr::val(actor)),
    }
}

/// Condition for the spaces that the user may see whose id is an expression of SQL; null is the id of no user.
pub(super) fn visible_to_expr(actor: &'static str) -> Condition {
    visible_to_value(&Expr::cust(actor))
}

fn public() -> Condition {
    Condition::any().add(space::Column::IsPublic.eq(true))
}

fn visible_to_value(actor: &Expr) -> Condition {
    // Imported here only: elsewhere it would make `max` and `min` ambiguous.
    use sea_orm::sea_query::ExprTrait;

    let invited = space_invite::Entity::find()
        .select_only()
        .column(space_invite::Column::SpaceId)
        .filter(Expr::col((space_invite::Entity, space_invite::Column::UserId)).eq(actor.clone()));
    let takes_part = participant::Entity::find()
        .select_only()
        .column(space_session::Column::SpaceId)
        .inner_join(space_session::Entity)
        .filter(Expr::col((participant::Entity, participant::Column::UserId)).eq(actor.clone()))
        .filter(participant::Column::IsConnected.eq(true));
    public()
        .add(Expr::col((space::Entity, space::Column::OwnerId)).eq(actor.clone()))
        .add(space::Column::Id.in_subquery(invited.into_query()))
        .add(space::Column::Id.in_subquery(takes_part.into_query()))
}

/// Condition for the spaces that the user may see.
pub(in crate::domain) fn visible_to(user_id: &str) -> Condition {
    visible(Some(user_id))
}

/// Returns a space that the actor may see, with its owner.
///
/// # Errors
/// [`Error::Internal`].
pub async fn find_visible(app: &App, actor: Option<&User>, id: Uuid) -> Result<Option<SpaceRow>> {
    let db = app.db.read();
    let select = rows::select(true)
        .filter(space::Column::Id.eq(id))
        .filter(visible(actor.map(|actor| actor.id.as_str())));
    let row = db.query_one_raw(select.build(db.get_database_backend())).await?;
    Ok(row.map(|row| rows::read(&row)).transpose()?)
}

/// Returns a space that the actor may see.
///
/// # Errors
/// [`Error::NotFound`].
pub async fn get_visible(db: &impl ConnectionTrait, actor: Option<&User>, id: Uuid) -> Result<space::Model> {
    let seen = visible(actor.map(|actor| actor.id.as_str()));
    space::Entity::find_by_id(id).filter(seen).one(db).await?.ok_or(Error::NotFound("Space"))
}

/// Returns those of the given spaces that the actor may see, in no order; `None` for an anonymous actor.
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

/// Locks and returns a space of the actor's. Inviting, hiding, deleting and removing take this lock, which waits for users
/// who are joining.
pub(super) async fn get_owned(tx: &impl ConnectionTrait, actor: &User, id: Uuid) -> Result<space::Model> {
    let seen = space::Entity::find_by_id(id).filter(visible(Some(&actor.id)));
    let space = seen.lock_exclusive().one(tx).await?.ok_or(Error::NotFound("Space"))?;
    if space.owner_id == actor.id { Ok(space) } else { Err(Error::Forbidden("Forbidden")) }
}

/// Locks a space against changes of its visibility, until the transaction ends. Entering a session takes this lock before
/// the check of the right, so that a right that ends meanwhile is not used.
pub(super) async fn hold(tx: &impl ConnectionTrait, id: Uuid) -> Result<()> {
    let row = space::Entity::find_by_id(id).select_only().column(space::Column::Id).lock_shared();
    row.into_tuple::<Uuid>().one(tx).await?;
    Ok(())
}

/// Invites a user to see and join a private space. Owner only. Idempotent.
///
/// # Errors
/// [`Error::NotFound`] for the space or the user, [`Error::Forbidden`] unless the actor is the owner.
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
    // Pretends success, so that a block is not revealed.
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

//! Blocking and unblocking users.

use entity::{block, user};
use sea_orm::{
    ActiveValue::Set, ColumnTrait, Condition, ConnectionTrait, EntityTrait, QueryFilter,
    sea_query::OnConflict,
};

use uuid::Uuid;

use crate::{
    app::App,
    domain::User,
    error::{Error, Result},
    text::fields,
};

/// Blocks a user under a label of the actor's choice, because account names are not visible to everyone.
/// Blocking again only changes the label.
///
/// # Errors
/// [`Error::Invalid`] for the actor's own account and for the label, [`Error::NotFound`].
pub async fn block(app: &App, actor: &User, user_id: &str, label: Option<String>) -> Result<block::Model> {
    if user_id == actor.id {
        return Err(Error::invalid("userId", "You cannot block yourself"));
    }
    let label = label.map(|label| fields::line("label", &label, 100)).transpose()?;
    let tx = app.begin(actor).await?;
    if let Some(done) = tx.replayed()? {
        return Ok(done);
    }
    let found = user::Entity::find_by_id(user_id).filter(user::Column::DeletedAt.is_null()).one(&tx).await?;
    found.ok_or(Error::NotFound("User"))?;
    let row = block::ActiveModel {
        id: Set(app.new_id()?),
        blocker_id: Set(actor.id.clone()),
        blocked_id: Set(user_id.to_owned()),
        label: Set(label.filter(|label| !label.is_empty())),
        created_at: Set(app.clock.now()),
    };
    let pair = [block::Column::BlockerId, block::Column::BlockedId];
    let block = block::Entity::insert(row)
        .on_conflict(OnConflict::columns(pair).update_column(block::Column::Label).to_owned())
        .exec_with_returning(&tx)
        .await?;
    tx.commit(block).await
}

/// Unblocks a user. Returns the id of the block.
///
/// # Errors
/// [`Error::Missing`] if the user is not blocked.
pub async fn unblock(app: &App, actor: &User, user_id: &str) -> Result<Uuid> {
    let tx = app.begin(actor).await?;
    if let Some(done) = tx.replayed()? {
        return Ok(done);
    }
    let lifted = block::Entity::delete_many()
        .filter(block::Column::BlockerId.eq(&actor.id))
        .filter(block::Column::BlockedId.eq(user_id))
        .exec_with_returning(&tx)
        .await?;
    let lifted = lifted.first().ok_or(Error::Missing("The user is not blocked"))?.id;
    tx.commit(lifted).await
}

/// Deletes all blocks by and of an account that is being deleted.
pub(in crate::domain) async fn forget(tx: &impl ConnectionTrait, actor: &User) -> Result<()> {
    let of_them = Condition::any()
        .add(block::Column::BlockerId.eq(&actor.id))
        .add(block::Column::BlockedId.eq(&actor.id));
    block::Entity::delete_many().filter(of_them).exec(tx).await?;
    Ok(())
}

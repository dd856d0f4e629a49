//! Blocking somebody, and no longer.

use entity::{block, user};
use sea_orm::{
    ActiveValue::Set, ColumnTrait, Condition, ConnectionTrait, EntityTrait, QueryFilter,
    sea_query::OnConflict,
};

use crate::{
    app::App,
    domain::{Error, Result, User, text},
};

/// Blocks somebody, under the name that the actor wants to find them by: it is theirs to choose, because the account's
/// is not shown to all who meet somebody. Again only changes that name.
///
/// # Errors
/// [`Error::Invalid`] for the actor themselves and the label, [`Error::NotFound`].
pub async fn block(app: &App, actor: &User, user_id: &str, label: Option<String>) -> Result<block::Model> {
    if user_id == actor.id {
        return Err(Error::invalid("userId", "You cannot block yourself"));
    }
    let label = label.map(|label| text::at_most("label", label.trim().to_owned(), 100)).transpose()?;
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

/// Blocks somebody no longer.
///
/// # Errors
/// [`Error::Missing`] for one who is not blocked.
pub async fn unblock(app: &App, actor: &User, user_id: &str) -> Result<()> {
    let tx = app.begin(actor).await?;
    if let Some(done) = tx.replayed()? {
        return Ok(done);
    }
    let lifted = block::Entity::delete_many()
        .filter(block::Column::BlockerId.eq(&actor.id))
        .filter(block::Column::BlockedId.eq(user_id))
        .exec(&tx)
        .await?;
    if lifted.rows_affected == 0 {
        return Err(Error::Missing("They are not blocked"));
    }
    tx.commit(()).await
}

/// Drops what an account that ends blocked, and where it is blocked.
pub(in crate::domain) async fn forget(tx: &impl ConnectionTrait, actor: &User) -> Result<()> {
    let of_them = Condition::any()
        .add(block::Column::BlockerId.eq(&actor.id))
        .add(block::Column::BlockedId.eq(&actor.id));
    block::Entity::delete_many().filter(of_them).exec(tx).await?;
    Ok(())
}

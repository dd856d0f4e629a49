//! Aliases: display names within one community. An alias outlives the membership, as bans and mutes do: old
//! messages keep it, and a returning member gets it back.

use entity::{alias, conversation, conversation_event, user};
use sea_orm::{
    ActiveValue::Set,
    ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QuerySelect, QueryTrait,
    sea_query::{Expr, OnConflict},
};
use uuid::Uuid;

use crate::{
    app::App,
    domain::{User, conversations::Person},
    error::Result,
};

/// Returns the user's alias in a community, member or not; `None` if the account's name applies.
pub(super) async fn find(
    db: &impl ConnectionTrait,
    community_id: Uuid,
    user_id: &str,
) -> Result<Option<String>> {
    let found = alias::Entity::find_by_id((community_id, user_id.to_owned())).one(db).await?;
    Ok(found.map(|alias| alias.name))
}

/// Returns those of these users who have an alias in some community.
///
/// # Errors
/// [`crate::error::Error::Internal`].
pub async fn list_aliased(app: &App, users: &[String]) -> Result<Vec<String>> {
    Ok(alias::Entity::find()
        .select_only()
        .column(alias::Column::UserId)
        .distinct()
        .filter(alias::Column::UserId.is_in(users))
        .into_tuple()
        .all(app.db.read())
        .await?)
}

/// Returns an account with its alias in a community, member or not.
pub(in crate::domain) async fn known_in(
    db: &impl ConnectionTrait,
    community_id: Uuid,
    account: User,
) -> Result<Person> {
    let name = find(db, community_id, &account.id).await?;
    Ok(Person::known_as(account, name))
}

/// Sets a user's alias; `None` deletes it, so that the account's name applies again.
pub(super) async fn set(
    tx: &impl ConnectionTrait,
    community_id: Uuid,
    user_id: &str,
    name: Option<&str>,
) -> Result<()> {
    let Some(name) = name else {
        alias::Entity::delete_by_id((community_id, user_id.to_owned())).exec(tx).await?;
        return Ok(());
    };
    let row = alias::ActiveModel {
        community_id: Set(community_id),
        user_id: Set(user_id.to_owned()),
        name: Set(name.to_owned()),
    };
    let columns = [alias::Column::CommunityId, alias::Column::UserId];
    alias::Entity::insert(row)
        .on_conflict(OnConflict::columns(columns).update_column(alias::Column::Name).to_owned())
        .exec_without_returning(tx)
        .await?;
    Ok(())
}

/// Deletes all aliases of an account that is being deleted, also from the event logs.
pub(super) async fn forget(tx: &impl ConnectionTrait, user_id: &str) -> Result<()> {
    use conversation_event::Column;
    let named = alias::Entity::find()
        .select_only()
        .column(alias::Column::CommunityId)
        .filter(alias::Column::UserId.eq(user_id));
    let logs = conversation::Entity::find()
        .select_only()
        .column(conversation::Column::Id)
        .filter(conversation::Column::CommunityId.in_subquery(named.into_query()));
    conversation_event::Entity::update_many()
        .col_expr(Column::Alias, Expr::value(None::<String>))
        .filter(Column::ConversationId.in_subquery(logs.into_query()))
        .filter(Column::UserId.eq(user_id))
        .filter(Column::Alias.is_not_null())
        .exec(tx)
        .await?;
    alias::Entity::delete_many().filter(alias::Column::UserId.eq(user_id)).exec(tx).await?;
    Ok(())
}

/// Returns accounts with their aliases, members or not, by (community, user), in no order.
///
/// # Errors
/// [`crate::error::Error::Internal`].
pub async fn list_known(app: &App, keys: &[(Uuid, String)]) -> Result<Vec<(Uuid, Person)>> {
    let ids = || keys.iter().map(|(_, user)| user.as_str());
    let users = user::Entity::find().filter(user::Column::Id.is_in(ids())).all(app.db.read()).await?;
    let aliases = alias::Entity::find()
        .filter(alias::Column::CommunityId.is_in(keys.iter().map(|(community, _)| *community)))
        .filter(alias::Column::UserId.is_in(ids()))
        .all(app.db.read())
        .await?;
    let known = keys.iter().filter_map(|(community, id)| {
        let user = users.iter().find(|user| user.id == *id)?.clone();
        let own = aliases.iter().find(|own| own.community_id == *community && own.user_id == *id);
        Some((*community, Person::known_as(user, own.map(|own| own.name.clone()))))
    });
    Ok(known.collect())
}

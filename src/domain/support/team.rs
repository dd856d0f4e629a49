//! Those who serve: who they are known as, and how many customers each takes.

use entity::{
    membership,
    support_chat::{self, Status},
};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, PaginatorTrait, QueryFilter, QuerySelect};
use uuid::Uuid;

use super::settings;
use crate::domain::{
    Error, Result, User,
    communities::{self, Action, may},
    conversations::Person,
};

/// Somebody as they are known in a community.
pub(super) async fn person_in(db: &impl ConnectionTrait, community_id: Uuid, user: &User) -> Result<Person> {
    communities::known_in(db, community_id, user.clone()).await
}

/// Refuses a chat to one of the team who serves as many customers as the community lets them. They are locked until the
/// transaction ends, so that of two chats that come at once the second is counted with the first. The chat is locked
/// before.
///
/// # Errors
/// [`Error::NotFound`] for one who does not serve here, [`Error::Conflict`].
pub(super) async fn check_capacity(
    tx: &impl ConnectionTrait,
    chat: &support_chat::Model,
    user_id: &str,
) -> Result<()> {
    let own = membership::Entity::find()
        .filter(membership::Column::CommunityId.eq(chat.community_id))
        .filter(membership::Column::UserId.eq(user_id))
        .lock_exclusive()
        .one(tx)
        .await?;
    if !own.is_some_and(|own| may(own.role, Action::Serve)) {
        return Err(Error::NotFound("CS agent"));
    }
    let Some(capacity) = settings::load(tx, chat.community_id).await?.capacity else { return Ok(()) };
    let serving = support_chat::Entity::find()
        .filter(support_chat::Column::CommunityId.eq(chat.community_id))
        .filter(support_chat::Column::AssigneeId.eq(user_id))
        .filter(support_chat::Column::Status.eq(Status::HumanActive))
        .filter(support_chat::Column::Id.ne(chat.id))
        .count(tx)
        .await?;
    if serving < u64::try_from(capacity).unwrap_or_default() {
        return Ok(());
    }
    Err(Error::Conflict(format!("{capacity} customers at a time is as many as one can serve here")))
}

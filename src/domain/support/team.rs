//! Team members: their names and their capacity.

use entity::{
    membership,
    support_chat::{self, Status},
};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, PaginatorTrait, QueryFilter, QuerySelect};
use uuid::Uuid;

use super::settings;
use crate::{
    domain::{
        User,
        communities::{self, Action, may},
        conversations::Person,
    },
    error::{Error, Result},
};

/// Returns a user with their alias in the community.
pub(super) async fn person_in(db: &impl ConnectionTrait, community_id: Uuid, user: &User) -> Result<Person> {
    communities::known_in(db, community_id, user.clone()).await
}

/// Refuses to assign a chat to a CS agent at capacity. Locks the membership, so that concurrent assignments
/// are counted. The chat must be locked before.
///
/// # Errors
/// [`Error::NotFound`] if the user does not serve here, [`Error::Conflict`] at capacity.
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
    Err(Error::Conflict(format!("A team member can serve at most {capacity} customers at a time here")))
}

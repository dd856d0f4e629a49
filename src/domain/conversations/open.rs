//! Creation of conversations.

use entity::conversation::{self, Kind};
use sea_orm::{
    ActiveModelTrait, ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter,
    sea_query::OnConflict,
};
use uuid::Uuid;

use super::target::{lounge_chat_scope, room_scope, session_scope, support_scope};
use crate::{app::App, error::Result};

/// Creates the conversation of a new space session.
pub(in crate::domain) async fn open_for_session(
    app: &App,
    tx: &impl ConnectionTrait,
    session_id: Uuid,
) -> Result<conversation::Model> {
    let new = conversation::ActiveModel {
        scope: Set(session_scope(session_id)),
        space_session_id: Set(Some(session_id)),
        community_id: Set(None),
        ..blank(app, Kind::SpaceSession)?
    };
    Ok(new.insert(tx).await?)
}

/// Creates the room of a new community.
pub(in crate::domain) async fn open_room(
    app: &App,
    tx: &impl ConnectionTrait,
    community_id: Uuid,
) -> Result<conversation::Model> {
    let new = conversation::ActiveModel {
        scope: Set(room_scope(community_id)),
        space_session_id: Set(None),
        community_id: Set(Some(community_id)),
        ..blank(app, Kind::Room)?
    };
    Ok(new.insert(tx).await?)
}

/// Creates a customer's support conversation unless it exists: of concurrent calls, one creates it. Returns
/// `None` if it existed.
pub(in crate::domain) async fn open_for_customer(
    app: &App,
    tx: &impl ConnectionTrait,
    community_id: Uuid,
    customer_id: &str,
) -> Result<Option<Uuid>> {
    let id = app.new_id()?;
    let new = conversation::ActiveModel {
        id: Set(id),
        scope: Set(support_scope(community_id, customer_id)),
        space_session_id: Set(None),
        community_id: Set(Some(community_id)),
        customer_id: Set(Some(customer_id.to_owned())),
        ..blank(app, Kind::Support)?
    };
    let made = conversation::Entity::insert(new)
        .on_conflict(OnConflict::column(conversation::Column::Scope).do_nothing().to_owned())
        .exec_without_returning(tx)
        .await?;
    Ok((made > 0).then_some(id))
}

/// Counts a change that a member writes into a community's room towards their messages there.
///
/// # Errors
/// [`crate::error::Error::RateLimited`].
pub(in crate::domain) async fn count_in_room(
    app: &App,
    db: &impl ConnectionTrait,
    author_id: &str,
    community_id: Uuid,
) -> Result<()> {
    let room = conversation::Column::Scope.eq(room_scope(community_id));
    match conversation::Entity::find().filter(room).one(db).await? {
        Some(room) => app.post_limiter.count(author_id, room.id),
        None => Ok(()),
    }
}

/// Returns a customer's support conversation.
pub(in crate::domain) async fn find_of_customer(
    db: &impl ConnectionTrait,
    community_id: Uuid,
    customer_id: &str,
) -> Result<Option<conversation::Model>> {
    let of_both = conversation::Column::Scope.eq(support_scope(community_id, customer_id));
    Ok(conversation::Entity::find().filter(of_both).one(db).await?)
}

/// Creates a customer's lounge chat. The transaction must have locked the community's row.
pub(in crate::domain) async fn open_lounge_chat(
    app: &App,
    tx: &impl ConnectionTrait,
    community_id: Uuid,
    customer_id: &str,
) -> Result<conversation::Model> {
    let new = conversation::ActiveModel {
        scope: Set(lounge_chat_scope(community_id, customer_id)),
        space_session_id: Set(None),
        community_id: Set(Some(community_id)),
        customer_id: Set(Some(customer_id.to_owned())),
        ..blank(app, Kind::Lounge)?
    };
    Ok(new.insert(tx).await?)
}

/// Returns a customer's lounge chat without an access check.
pub(in crate::domain) async fn find_lounge_chat(
    db: &impl ConnectionTrait,
    community_id: Uuid,
    customer_id: &str,
) -> Result<Option<conversation::Model>> {
    let scope = conversation::Column::Scope.eq(lounge_chat_scope(community_id, customer_id));
    Ok(conversation::Entity::find().filter(scope).one(db).await?)
}

fn blank(app: &App, kind: Kind) -> Result<conversation::ActiveModel> {
    let now = app.clock.now();
    Ok(conversation::ActiveModel {
        id: Set(app.new_id()?),
        kind: Set(kind),
        customer_id: Set(None),
        last_seq: Set(0),
        message_count: Set(0),
        // A conversation without messages sorts by its creation time.
        last_micros: Set(now.timestamp_micros()),
        created_at: Set(now),
        ..Default::default()
    })
}

//! Making the conversation that something has.

use entity::conversation::{self, Kind};
use sea_orm::{
    ActiveModelTrait, ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter,
    sea_query::OnConflict,
};
use uuid::Uuid;

use super::access::{room_scope, session_scope, support_scope, talk_scope};
use crate::{app::App, domain::Result};

/// Makes the chat of a new space session.
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

/// Makes the room of a new community.
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

/// Makes one customer's chat with an official account, unless there is one: of several who begin it at once, one does.
/// None where it was there.
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

/// The chat of one customer with an official account.
pub(in crate::domain) async fn find_of_customer(
    db: &impl ConnectionTrait,
    community_id: Uuid,
    customer_id: &str,
) -> Result<Option<conversation::Model>> {
    let of_both = conversation::Column::Scope.eq(support_scope(community_id, customer_id));
    Ok(conversation::Entity::find().filter(of_both).one(db).await?)
}

/// Makes somebody's talk in a lounge, whose row the transaction has locked.
pub(in crate::domain) async fn open_talk(
    app: &App,
    tx: &impl ConnectionTrait,
    community_id: Uuid,
    customer_id: &str,
) -> Result<conversation::Model> {
    let new = conversation::ActiveModel {
        scope: Set(talk_scope(community_id, customer_id)),
        space_session_id: Set(None),
        community_id: Set(Some(community_id)),
        customer_id: Set(Some(customer_id.to_owned())),
        ..blank(app, Kind::Lounge)?
    };
    Ok(new.insert(tx).await?)
}

/// Somebody's talk in a lounge, whether or not they may read it now.
pub(in crate::domain) async fn find_talk(
    db: &impl ConnectionTrait,
    community_id: Uuid,
    customer_id: &str,
) -> Result<Option<conversation::Model>> {
    let scope = conversation::Column::Scope.eq(talk_scope(community_id, customer_id));
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
        // Where nothing was said yet, it stands among the others by when it was made.
        last_micros: Set(now.timestamp_micros()),
        created_at: Set(now),
        ..Default::default()
    })
}

//! Making the conversation that something has.

use entity::conversation::{self, Kind};
use sea_orm::{ActiveModelTrait, ActiveValue::Set, ConnectionTrait};
use uuid::Uuid;

use super::access::{room_scope, session_scope};
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

fn blank(app: &App, kind: Kind) -> Result<conversation::ActiveModel> {
    Ok(conversation::ActiveModel {
        id: Set(app.new_id()?),
        kind: Set(kind),
        customer_id: Set(None),
        last_seq: Set(0),
        message_count: Set(0),
        last_micros: Set(0),
        created_at: Set(app.clock.now()),
        ..Default::default()
    })
}

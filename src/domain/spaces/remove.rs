//! Sending people away: out of a session, or out of a space with all its sessions.

use entity::{participant, space, space_invite, space_session, user};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect, QueryTrait};
use serde_json::json;
use uuid::Uuid;

use super::{
    access::get_owned,
    participants::{disconnect, find, get_of_space},
    sessions::{SpaceSession, get_session},
};
use crate::{
    app::App,
    domain::{
        Error, Result, User, Write,
        audit::{self, Deed},
    },
};

/// Ends somebody's part in a session. The space's owner only. They may come back where they may still see the space.
///
/// # Errors
/// [`Error::NotFound`], [`Error::Forbidden`], [`Error::Invalid`] for the owner, [`Error::Missing`] for one who does not
/// take part.
pub async fn remove_from_session(
    app: &App,
    actor: &User,
    session_id: Uuid,
    user_id: &str,
) -> Result<SpaceSession> {
    let tx = app.begin(actor).await?;
    let session = get_of_space(&tx, actor, None, session_id).await?;
    get_owned(&tx, actor, session.space_id).await?;
    if let Some(done) = tx.replayed()? {
        return Ok(done);
    }
    let account = get_other(&tx, actor, user_id).await?;
    let found = find(&tx, session.id, user_id).await?.filter(|found| found.is_connected);
    let participant = found.ok_or(Error::Missing("Not in this session"))?;
    disconnect(app, &tx, participant, account).await?;
    let deed = Deed::of(actor, audit::Action::ParticipantRemoved).to(user_id).on(session.id);
    audit::record(app, &tx, deed.with(json!({ "spaceId": session.space_id }))).await?;
    let session = get_session(&tx, session.id).await?;
    tx.commit(session).await
}

/// Ends somebody's part in all sessions of a space and takes their invitation back. The space's owner only. A public space
/// they may still see and join.
///
/// # Errors
/// [`Error::NotFound`], [`Error::Forbidden`], [`Error::Invalid`] for the owner, [`Error::Missing`] for one who neither
/// takes part nor is invited.
pub async fn remove_from_space(
    app: &App,
    actor: &User,
    space_id: Uuid,
    user_id: &str,
) -> Result<space::Model> {
    let tx = app.begin(actor).await?;
    let space = get_owned(&tx, actor, space_id).await?;
    if let Some(done) = tx.replayed()? {
        return Ok(done);
    }
    let account = get_other(&tx, actor, user_id).await?;
    let invited = space_invite::Entity::delete_by_id((space_id, user_id.to_owned())).exec(&tx).await?;
    let sessions = space_session::Entity::find()
        .select_only()
        .column(space_session::Column::Id)
        .filter(space_session::Column::SpaceId.eq(space_id));
    let parts = participant::Entity::find()
        .filter(participant::Column::SessionId.in_subquery(sessions.into_query()))
        .filter(participant::Column::UserId.eq(user_id))
        .filter(participant::Column::IsConnected.eq(true))
        // In one order, so that two that lock these chats do not wait in a circle.
        .order_by_asc(participant::Column::SessionId)
        .all(&tx)
        .await?;
    if parts.is_empty() && invited.rows_affected == 0 {
        return Err(Error::Missing("Not in this space"));
    }
    for part in parts {
        disconnect(app, &tx, part, account.clone()).await?;
    }
    audit::record(app, &tx, Deed::of(actor, audit::Action::SpaceGuestRemoved).to(user_id).on(space_id))
        .await?;
    tx.after(move |app| app.access.changed(&account.id));
    tx.commit(space).await
}

/// Somebody else's account.
async fn get_other(tx: &Write, actor: &User, user_id: &str) -> Result<User> {
    if user_id == actor.id {
        return Err(Error::invalid("userId", "You cannot remove yourself"));
    }
    user::Entity::find_by_id(user_id).one(tx).await?.ok_or(Error::NotFound("User"))
}

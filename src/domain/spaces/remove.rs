//! Removing participants from a session or a space.

use entity::{participant, space, space_invite, space_session, user};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect, QueryTrait};
use serde_json::json;
use uuid::Uuid;

use super::{
    access::{get_owned, get_visible},
    participants::{disconnect, find, get_of_space},
    sessions::{SpaceSession, get_session},
};
use crate::{
    app::{App, Change},
    domain::{
        UnitOfWork, User,
        audit::{self, AuditEntry},
    },
    error::{Error, Result},
};

/// Removes a participant from a session. Owner of the space only. They may rejoin if they can still see the
/// space.
///
/// # Errors
/// [`Error::NotFound`], [`Error::Forbidden`], [`Error::Invalid`] for the owner, [`Error::Missing`] if the
/// user does not participate.
pub async fn remove_from_session(
    app: &App,
    actor: &User,
    session_id: Uuid,
    user_id: &str,
) -> Result<SpaceSession> {
    let tx = app.begin(actor).await?;
    let session = get_of_space(&tx, actor, None, session_id).await?;
    let space = get_visible(&tx, Some(actor), session.space_id).await?;
    if space.owner_id != actor.id {
        return Err(Error::Forbidden("Forbidden"));
    }
    if let Some(done) = tx.replayed()? {
        return Ok(done);
    }
    let account = get_other(&tx, actor, user_id).await?;
    let found = find(&tx, session.id, user_id).await?.filter(|found| found.is_connected);
    let participant = found.ok_or(Error::Missing("Not in this session"))?;
    disconnect(app, &tx, participant, account).await?;
    let entry = AuditEntry::of(actor, audit::Action::ParticipantRemoved).to(user_id).on(session.id);
    audit::record(app, &tx, entry.with(json!({ "spaceId": session.space_id }))).await?;
    let session = get_session(&tx, session.id).await?;
    tx.commit(session).await
}

/// Removes a user from all sessions of a space and revokes their invitation. Owner of the space only. They
/// may still see and join a public space.
///
/// # Errors
/// [`Error::NotFound`], [`Error::Forbidden`], [`Error::Invalid`] for the owner, [`Error::Missing`] if the
/// user neither participates nor is invited.
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
        // In a fixed order, so that concurrent removals do not deadlock on the conversations.
        .order_by_asc(participant::Column::SessionId)
        .all(&tx)
        .await?;
    if parts.is_empty() && invited.rows_affected == 0 {
        return Err(Error::Missing("Not in this space"));
    }
    for part in parts {
        disconnect(app, &tx, part, account.clone()).await?;
    }
    audit::record(app, &tx, AuditEntry::of(actor, audit::Action::SpaceGuestRemoved).to(user_id).on(space_id))
        .await?;
    tx.publish([Change::Rights(account.id)]);
    tx.commit(space).await
}

/// Returns another user's account.
async fn get_other(tx: &UnitOfWork, actor: &User, user_id: &str) -> Result<User> {
    if user_id == actor.id {
        return Err(Error::invalid("userId", "You cannot remove yourself"));
    }
    user::Entity::find_by_id(user_id).one(tx).await?.ok_or(Error::NotFound("User"))
}

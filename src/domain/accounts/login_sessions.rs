//! Sign-ins: opened, listed, ended.

use chrono::TimeDelta;
use entity::login_session;
use sea_orm::{
    ActiveModelTrait, ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder,
};
use uuid::Uuid;

use super::{Identity, Proof, devices, identity::forget};
use crate::{
    app::App,
    domain::{Error, Result, User, Write},
    random,
};

/// How long a sign-in lasts.
pub(super) const LIFE: TimeDelta = TimeDelta::days(30);
/// A sign-in that was not extended for so long is extended when it is used.
pub(super) const SLIDE_AFTER: TimeDelta = TimeDelta::days(1);

/// Where a sign-in comes from.
#[derive(Clone, Debug, Default)]
pub struct Device {
    /// The client's network address.
    pub address: Option<String>,
    /// The client's `User-Agent`.
    pub agent: Option<String>,
    /// The token by which the device is known again, where it has one.
    pub token: Option<String>,
}

/// A sign-in and its token, which is shown this once.
#[derive(Clone)]
pub struct OpenedSession {
    /// The secret: 64 hex digits.
    pub token: String,
    /// The stored part.
    pub session: login_session::Model,
    /// The account that is signed in.
    pub user: User,
    /// The token by which the device is to be known again: 64 hex digits; `None` where it had one.
    pub device_token: Option<String>,
}

/// Opens a session for a user who has proven to be one. The account's row is new or locked.
pub(super) async fn open(app: &App, tx: &Write, user: User, device: &Device) -> Result<OpenedSession> {
    let now = app.clock.second();
    let token = random::hex::<32>().map_err(Error::Internal)?;
    let session = login_session::ActiveModel {
        id: Set(app.new_id()?),
        user_id: Set(user.id.clone()),
        token_hash: Set(random::sha256_hex(&token)),
        ip_address: Set(device.address.clone()),
        user_agent: Set(device.agent.as_deref().map(|agent| agent.chars().take(300).collect())),
        created_at: Set(now),
        updated_at: Set(now),
        expires_at: Set(now + LIFE),
    }
    .insert(tx)
    .await?;
    let device_token = devices::remember(app, tx, &user.id, device.token.as_deref()).await?;
    Ok(OpenedSession { token, session, user, device_token })
}

/// The actor's sign-ins that still hold, newest first.
///
/// # Errors
/// [`Error::Internal`].
pub async fn list_sessions(app: &App, actor: &User) -> Result<Vec<login_session::Model>> {
    Ok(login_session::Entity::find()
        .filter(login_session::Column::UserId.eq(&actor.id))
        .filter(login_session::Column::ExpiresAt.gt(app.clock.now()))
        .order_by_desc(login_session::Column::Id)
        .all(app.db.read())
        .await?)
}

/// Ends one of the actor's sign-ins.
///
/// # Errors
/// [`Error::NotFound`].
pub async fn revoke_session(app: &App, actor: &User, id: Uuid) -> Result<()> {
    let tx = app.begin(actor).await?;
    if let Some(done) = tx.replayed()? {
        return Ok(done);
    }
    let gone = login_session::Entity::delete_many()
        .filter(login_session::Column::Id.eq(id))
        .filter(login_session::Column::UserId.eq(&actor.id))
        .exec(&tx)
        .await?;
    if gone.rows_affected == 0 {
        return Err(Error::NotFound("Session"));
    }
    forget(&tx, &actor.id);
    tx.commit(()).await
}

/// Ends the sign-in by which somebody is here. A key is left as it is.
///
/// # Errors
/// [`Error::Internal`].
pub async fn sign_out(app: &App, identity: Option<&Identity>) -> Result<()> {
    let Some(identity) = identity else { return Ok(()) };
    if let Proof::Session(session) = &identity.proof {
        let tx = app.begin(&identity.user).await?;
        if let Some(done) = tx.replayed()? {
            return Ok(done);
        }
        login_session::Entity::delete_by_id(session.id).exec(&tx).await?;
        forget(&tx, &identity.user.id);
        tx.commit(()).await?;
    }
    Ok(())
}

/// Ends all sign-ins of a user but one.
pub(super) async fn end_all(db: &impl ConnectionTrait, user_id: &str, but: Option<Uuid>) -> Result<()> {
    let mut gone = login_session::Entity::delete_many().filter(login_session::Column::UserId.eq(user_id));
    if let Some(but) = but {
        gone = gone.filter(login_session::Column::Id.ne(but));
    }
    gone.exec(db).await?;
    Ok(())
}

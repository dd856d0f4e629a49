//! Sessions of signed-in users.

use entity::login_session;
use sea_orm::{
    ActiveModelTrait, ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, PaginatorTrait,
    QueryFilter, Select,
};
use uuid::Uuid;

use super::{
    Identity, Proof, devices,
    identity::{SESSION_LIFETIME, forget},
};
use crate::{
    app::App,
    domain::{PageRows, UnitOfWork, User, Window, newest_first},
    error::{Error, Result},
    security::random,
};

/// Device of a sign-in.
#[derive(Clone, Debug, Default)]
pub struct Device {
    /// The client's network address.
    pub address: Option<String>,
    /// The client's `User-Agent`.
    pub agent: Option<String>,
    /// Token of a known device.
    pub token: Option<String>,
}

/// A new session with its token, which is shown only once.
#[derive(Clone)]
pub struct OpenedSession {
    /// The secret: 64 hex digits.
    pub token: String,
    /// The stored session.
    pub session: login_session::Model,
    /// The signed-in account.
    pub user: User,
    /// Token for a new device, 64 hex digits; `None` if the device has one.
    pub device_token: Option<String>,
}

/// Opens a session for an authenticated user. The account's row must be new or locked.
pub(super) async fn open(app: &App, tx: &UnitOfWork, user: User, device: &Device) -> Result<OpenedSession> {
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
        expires_at: Set(now + SESSION_LIFETIME),
    }
    .insert(tx)
    .await?;
    let device_token = devices::remember(app, tx, &user.id, device.token.as_deref()).await?;
    Ok(OpenedSession { token, session, user, device_token })
}

/// Lists the actor's valid sessions, newest first.
///
/// # Errors
/// [`Error::Internal`].
pub async fn list_sessions(
    app: &App,
    actor: &User,
    window: Window,
    total: bool,
) -> Result<PageRows<login_session::Model>> {
    let valid = valid(app, actor);
    let total = if total { Some(valid.clone().count(app.db.read()).await?) } else { None };
    let page = newest_first(valid, login_session::Column::CreatedAt, login_session::Column::Id, window);
    Ok(PageRows::new(page.all(app.db.read()).await?, window, total))
}

/// Finds one of the actor's valid sessions.
///
/// # Errors
/// [`Error::Internal`].
pub async fn find_session(app: &App, actor: &User, id: Uuid) -> Result<Option<login_session::Model>> {
    Ok(valid(app, actor).filter(login_session::Column::Id.eq(id)).one(app.db.read()).await?)
}

fn valid(app: &App, actor: &User) -> Select<login_session::Entity> {
    login_session::Entity::find()
        .filter(login_session::Column::UserId.eq(&actor.id))
        .filter(login_session::Column::ExpiresAt.gt(app.clock.now()))
}

/// Ends one of the actor's sessions.
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

/// Ends the caller's session and returns its id. Has no effect for an API key.
///
/// # Errors
/// [`Error::Internal`].
pub async fn sign_out(app: &App, identity: Option<&Identity>) -> Result<Option<Uuid>> {
    let Some(Identity { user, proof: Proof::Session(session), .. }) = identity else { return Ok(None) };
    let tx = app.begin(user).await?;
    if let Some(done) = tx.replayed()? {
        return Ok(done);
    }
    login_session::Entity::delete_by_id(session.id).exec(&tx).await?;
    forget(&tx, &user.id);
    tx.commit(Some(session.id)).await
}

/// Ends all sessions of a user except `but`.
pub(in crate::domain) async fn end_all(
    db: &impl ConnectionTrait,
    user_id: &str,
    but: Option<Uuid>,
) -> Result<()> {
    let mut gone = login_session::Entity::delete_many().filter(login_session::Column::UserId.eq(user_id));
    if let Some(but) = but {
        gone = gone.filter(login_session::Column::Id.ne(but));
    }
    gone.exec(db).await?;
    Ok(())
}

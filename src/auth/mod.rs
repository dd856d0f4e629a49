//! Authentication: turns a session cookie, a bearer token or an API key into a [`Viewer`].

pub mod cookie;
pub mod origin;

use std::sync::Arc;

use axum::http::{HeaderMap, header};

use crate::{
    app::App,
    domain::{
        User,
        accounts::{Device, Identity, KEY_PREFIX, Proof, identify},
    },
    error::{Error, Result},
};

/// The sender of a request, authenticated or anonymous.
#[derive(Clone, Debug, Default)]
pub struct Viewer {
    /// The authenticated account and its proof; `None` if anonymous.
    pub identity: Option<Arc<Identity>>,
    /// The session token of the request; `None` for API keys.
    pub token: Option<String>,
    /// The API key of the request.
    pub key: Option<String>,
    /// Whether the session token came from the cookie, which a browser sends by itself.
    pub by_cookie: bool,
    /// Network address and user agent of the client.
    pub device: Device,
}

impl Viewer {
    /// Returns the authenticated account.
    ///
    /// # Errors
    /// [`Error::Unauthenticated`].
    pub fn user(&self) -> Result<&User> {
        self.find_user().ok_or(Error::Unauthenticated)
    }

    /// Returns the authenticated account; `None` if anonymous.
    pub fn find_user(&self) -> Option<&User> {
        self.identity.as_ref().map(|identity| &identity.user)
    }

    /// Returns whether the viewer is a platform administrator.
    pub fn is_admin(&self) -> bool {
        self.find_user().is_some_and(|user| user.is_admin)
    }

    /// Returns the kind of the sender, for traces.
    pub fn kind(&self) -> &'static str {
        match self.find_user() {
            None => "anonymous",
            Some(_) if self.key.is_some() => "key",
            Some(user) if user.is_admin => "administrator",
            Some(_) => "user",
        }
    }

    /// Refuses a banned account, unless the operation is open to banned accounts.
    ///
    /// # Errors
    /// [`Error::AccountBanned`].
    pub fn refuse_banned(&self, open_to_banned: bool) -> Result<()> {
        match &self.identity {
            Some(identity) if identity.is_banned() && !open_to_banned => Err(Error::AccountBanned),
            _ => Ok(()),
        }
    }

    /// Returns the viewer authenticated again: on a connection that outlives its request, the session may
    /// have ended.
    ///
    /// # Errors
    /// [`Error::Unauthenticated`] if the session has ended or the key was revoked.
    pub async fn with_extended_session(&self, app: &App) -> Result<Self> {
        let Some(secret) = self.token.as_deref().or(self.key.as_deref()) else { return Ok(self.clone()) };
        let identity = identify(app, secret).await?.ok_or(Error::Unauthenticated)?;
        Ok(Self { identity: Some(identity), ..self.clone() })
    }

    /// Returns the cookies to send again if the session was just extended.
    pub fn renewed_cookies(&self, app: &App, secure: bool) -> Vec<String> {
        let proof = self.identity.as_ref().map(|identity| &identity.proof);
        let Some(Proof::Session(session)) = proof else { return Vec::new() };
        let just_now = app.clock.now() - session.updated_at < chrono::TimeDelta::seconds(10);
        if self.by_cookie && just_now && session.updated_at != session.created_at {
            cookie::set(self.token.as_deref().unwrap_or_default(), secure)
        } else {
            Vec::new()
        }
    }
}

/// Maximum number of characters of `User-Agent` that are stored.
const LONGEST_AGENT: usize = 500;

/// Root fields that a banned account may select.
pub const ALLOWED_WHEN_BANNED: [&str; 2] = ["signOut", "currentSession"];

/// Authenticates a request. A valid bearer token takes precedence over the cookie. An invalid API key is
/// refused even beside a valid cookie; any other unknown bearer token is ignored.
///
/// # Errors
/// [`Error::Unauthenticated`] for an unknown API key.
pub async fn authenticate(app: &App, headers: &HeaderMap, address: Option<String>) -> Result<Viewer> {
    let agent = headers.get(header::USER_AGENT).and_then(|value| value.to_str().ok());
    let agent = agent.map(|agent| agent.chars().take(LONGEST_AGENT).collect());
    let token = cookie::find_device(headers).map(str::to_owned);
    let mut viewer = Viewer { device: Device { address, agent, token }, ..Viewer::default() };
    if let Some(token) = bearer(headers) {
        viewer.identity = identify(app, token).await?;
        if token.starts_with(KEY_PREFIX) {
            viewer.key = Some(token.to_owned());
            return if viewer.identity.is_some() { Ok(viewer) } else { Err(Error::Unauthenticated) };
        }
        if viewer.identity.is_some() {
            viewer.token = Some(token.to_owned());
            return Ok(viewer);
        }
    }
    if let Some(token) = cookie::find(headers) {
        viewer.by_cookie = true;
        // An API key is accepted as a bearer token only: browsers send cookies by themselves.
        if !token.starts_with(KEY_PREFIX) {
            viewer.identity = identify(app, token).await?;
            viewer.token = viewer.identity.is_some().then(|| token.to_owned());
        }
    }
    Ok(viewer)
}

/// Authenticates a session token or an API key.
///
/// # Errors
/// [`Error::Unauthenticated`] if it is unknown.
pub async fn by_token(app: &App, token: &str, device: Device) -> Result<Viewer> {
    let identity = identify(app, token).await?.ok_or(Error::Unauthenticated)?;
    let secret = Some(token.to_owned());
    let (token, key) = if token.starts_with(KEY_PREFIX) { (None, secret) } else { (secret, None) };
    Ok(Viewer { identity: Some(identity), token, key, by_cookie: false, device })
}

fn bearer(headers: &HeaderMap) -> Option<&str> {
    let value = headers.get(header::AUTHORIZATION)?.to_str().ok()?;
    let (scheme, token) = value.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then(|| token.trim())
}

//! Signing up and in, the viewer's own account, sign-ins and API keys.

use async_graphql::{Context, ID, InputObject, MaybeUndefined, Object, SimpleObject};
use axum::http::header::SET_COOKIE;

use super::{
    DateTime, Site,
    context::{Asked, uuid},
    viewer::{ApiKey, LoginSession, Viewer},
};
use crate::{
    auth::cookie,
    domain::{
        Error, Result, User,
        accounts::{self, NewAccount, OpenedSession, PasswordChange, Profile, Proof},
    },
};

/// Result of `signUp` and `signIn`. Browsers also receive the session cookie.
#[derive(SimpleObject)]
pub(super) struct SignedIn {
    /// The session's secret, good as the cookie and as `Authorization: Bearer`.
    token: String,
    /// Id of the space session.
    session: LoginSession,
    /// The account of the session.
    user: Viewer,
}

/// The session and the account that ask.
#[derive(SimpleObject)]
pub(super) struct CurrentSession {
    /// The session; null when an API key asks.
    session: Option<LoginSession>,
    /// The account, without anything that leads on: a banned account reads this and no more.
    user: SessionUser,
}

/// The account that asks, by itself.
#[derive(SimpleObject)]
pub(super) struct SessionUser {
    /// Opaque text; treat it as a string.
    id: ID,
    /// The address that signs in.
    email: String,
    /// Whether the address was proven to be theirs.
    email_verified: bool,
    /// The name that others see.
    name: String,
    /// URL of a picture; null where there is none.
    image: Option<String>,
    /// When the account was made.
    created_at: DateTime,
    /// When the account last changed.
    updated_at: DateTime,
}

impl From<User> for SessionUser {
    fn from(user: User) -> Self {
        Self {
            id: ID(user.id),
            email: user.email,
            email_verified: user.email_verified,
            name: user.name,
            image: user.image,
            created_at: user.created_at.into(),
            updated_at: user.updated_at.into(),
        }
    }
}

/// A new API key with its secret.
#[derive(SimpleObject)]
pub(super) struct CreatedApiKey {
    /// The secret, shown this once.
    key: String,
    /// The API key.
    api_key: ApiKey,
}

/// Input of `signUp`.
#[derive(InputObject)]
pub(super) struct SignUpInput {
    /// An e-mail address that no account has, nor one that looks like it; 254 characters at most.
    email: String,
    /// 8 to 128 characters, none of them a control; not a common password, the address or the name.
    password: String,
    /// The name that others see, 1 to 100 characters.
    name: String,
    /// URL of the person's picture; null when none is set.
    image: Option<String>,
}

/// Input of `signIn`.
#[derive(InputObject)]
pub(super) struct SignInInput {
    /// The address signed up with.
    email: String,
    /// The account's password.
    password: String,
}

/// Input of `updateProfile`. An omitted field stays unchanged.
#[derive(InputObject)]
pub(super) struct UpdateProfileInput {
    /// The new name, 1 to 100 characters.
    name: Option<String>,
    /// URL of a picture; null takes it away.
    image: MaybeUndefined<String>,
}

/// Input of `changePassword`.
#[derive(InputObject)]
pub(super) struct ChangePasswordInput {
    /// The password until now.
    current_password: String,
    /// 8 to 128 characters, none of them a control; not a common password, the address or the name.
    new_password: String,
    /// Whether all API keys of the account are revoked, too, and what they listen to ends; a key that asks stays.
    #[graphql(default)]
    revoke_api_keys: bool,
}

/// The end of an account.
#[derive(InputObject)]
pub(super) struct DeleteAccountInput {
    /// The password, once more.
    password: String,
}

/// Input of `createApiKey`.
#[derive(InputObject)]
pub(super) struct CreateApiKeyInput {
    /// Name of the key, 1 to 100 characters.
    name: String,
}

/// Queries about the viewer's account.
#[derive(Default)]
pub(super) struct AccountQuery;

#[Object]
impl AccountQuery {
    /// The signed-in account; null when signed out.
    async fn viewer(&self, ctx: &Context<'_>) -> Result<Option<Viewer>> {
        Ok(ctx.viewer()?.find_user().cloned().map(Viewer))
    }

    /// The current session; null when signed out and for API keys.
    async fn current_session(&self, ctx: &Context<'_>) -> Result<Option<CurrentSession>> {
        let viewer = ctx.viewer()?;
        let Some(identity) = &viewer.identity else { return Ok(None) };
        let session = match &identity.proof {
            Proof::Session(session) => Some(LoginSession::seen_by(session.clone(), viewer)),
            Proof::Key(_) => None,
        };
        Ok(Some(CurrentSession { session, user: identity.user.clone().into() }))
    }
}

/// What can be done with one's account.
#[derive(Default)]
pub(super) struct AccountMutation;

#[Object]
impl AccountMutation {
    /// Makes an account and signs it in.
    async fn sign_up(&self, ctx: &Context<'_>, input: SignUpInput) -> Result<SignedIn> {
        let SignUpInput { email, password, name, image } = input;
        let new = NewAccount { email, password, name, image };
        let opened = accounts::sign_up(ctx.app()?, new, &ctx.viewer()?.device).await?;
        Ok(welcome(ctx, opened))
    }

    /// Signs in with e-mail and password.
    async fn sign_in(&self, ctx: &Context<'_>, input: SignInInput) -> Result<SignedIn> {
        let viewer = ctx.viewer()?;
        let identity = viewer.identity.as_deref();
        let SignInInput { email, password } = input;
        let opened = accounts::sign_in(ctx.app()?, &email, password, &viewer.device, identity).await?;
        Ok(welcome(ctx, opened))
    }

    /// Ends the session that asks. Without one nothing happens.
    async fn sign_out(&self, ctx: &Context<'_>) -> Result<bool> {
        accounts::sign_out(ctx.app()?, ctx.viewer()?.identity.as_deref()).await?;
        set_cookies(ctx, cookie::clear(secure(ctx)));
        Ok(true)
    }

    /// Ends one of the viewer's sign-ins.
    async fn revoke_session(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Id of the space session.")] id: ID,
    ) -> Result<Viewer> {
        let user = ctx.user()?;
        accounts::revoke_session(ctx.app()?, user, uuid("id", &id)?).await?;
        Ok(Viewer(user.clone()))
    }

    /// Changes the viewer's name or picture.
    async fn update_profile(&self, ctx: &Context<'_>, input: UpdateProfileInput) -> Result<Viewer> {
        let image = match input.image {
            MaybeUndefined::Undefined => None,
            MaybeUndefined::Null => Some(None),
            MaybeUndefined::Value(image) => Some(Some(image)),
        };
        let profile = Profile { name: input.name, image };
        accounts::update_profile(ctx.app()?, ctx.user()?, profile).await.map(Viewer)
    }

    /// Changes the viewer's password and ends all their other sign-ins and what these listen to; their API keys, too,
    /// where that is asked for.
    async fn change_password(&self, ctx: &Context<'_>, input: ChangePasswordInput) -> Result<Viewer> {
        let viewer = ctx.viewer()?;
        let identity = viewer.identity.as_deref().ok_or(Error::Unauthenticated)?;
        let change = PasswordChange {
            current: input.current_password,
            new: input.new_password,
            revoke_keys: input.revoke_api_keys,
            device_token: viewer.device.token.clone(),
        };
        accounts::change_password(ctx.app()?, identity, change).await?;
        Ok(Viewer(identity.user.clone()))
    }

    /// Deletes the viewer's account: personal data, sign-ins, keys, own spaces and agents with what they know. Own
    /// communities are closed, others left.
    async fn delete_account(&self, ctx: &Context<'_>, input: DeleteAccountInput) -> Result<bool> {
        let identity = ctx.viewer()?.identity.as_deref().ok_or(Error::Unauthenticated)?;
        accounts::delete_account(ctx.app()?, identity, input.password).await?;
        set_cookies(ctx, cookie::clear(secure(ctx)));
        Ok(true)
    }

    /// Makes an API key; its secret is shown this once. It takes a sign-in: a key cannot make another.
    async fn create_api_key(&self, ctx: &Context<'_>, input: CreateApiKeyInput) -> Result<CreatedApiKey> {
        let identity = ctx.viewer()?.identity.as_deref().ok_or(Error::Unauthenticated)?;
        let made = accounts::create_key(ctx.app()?, identity, &input.name).await?;
        Ok(CreatedApiKey { key: made.secret, api_key: made.key.into() })
    }

    /// Revokes one of the viewer's API keys, at once.
    async fn revoke_api_key(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The API key.")] id: ID,
    ) -> Result<bool> {
        accounts::revoke_key(ctx.app()?, ctx.user()?, uuid("id", &id)?).await?;
        Ok(true)
    }
}

fn welcome(ctx: &Context<'_>, opened: OpenedSession) -> SignedIn {
    set_cookies(ctx, cookie::set(&opened.token, secure(ctx)));
    if let Some(device) = &opened.device_token {
        ctx.append_http_header(SET_COOKIE, cookie::set_device(device, secure(ctx)));
    }
    SignedIn {
        session: LoginSession::new(opened.session, Some(opened.token.clone()), true),
        token: opened.token,
        user: Viewer(opened.user),
    }
}

fn set_cookies(ctx: &Context<'_>, cookies: Vec<String>) {
    for cookie in cookies {
        ctx.append_http_header(SET_COOKIE, cookie);
    }
}

fn secure(ctx: &Context<'_>) -> bool {
    ctx.data_opt::<Site>().copied().unwrap_or_default().secure
}

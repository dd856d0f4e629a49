//! Sign-up, sign-in and the viewer's account, sessions and API keys.

use async_graphql::{Context, ID, InputObject, MaybeUndefined, Object, SimpleObject};
use axum::http::header::SET_COOKIE;

use super::{
    DateTime, Site, Upload,
    context::{ContextExt, uuid},
    payloads::{
        ChangePasswordPayload, CreateApiKeyPayload, DeleteAccountPayload, RevokeApiKeyPayload,
        RevokeSessionPayload, SignInPayload, SignOutPayload, SignUpPayload, UpdateProfilePayload,
        UploadProfilePicturePayload,
    },
    update_input::{change, kept},
    viewer::{LoginSession, Viewer},
};
use crate::{
    auth::cookie,
    domain::{
        User, account_deletion,
        accounts::{self, NewAccount, OpenedSession, PasswordChange, Profile, Proof},
    },
    error::{Error, Result},
};

/// The session and account that the request authenticates as.
#[derive(SimpleObject)]
pub(super) struct CurrentSession {
    /// The session; null for requests with an API key.
    session: Option<LoginSession>,
    /// The account, without links to other objects: a banned account can still read it.
    user: SessionUser,
}

/// The viewer's account without links to other objects. Readable by banned accounts.
#[derive(SimpleObject)]
pub(super) struct SessionUser {
    /// Id of the user, as in `User.id`.
    user_id: ID,
    /// The e-mail address for signing in.
    email: String,
    /// Whether the owner of the account has confirmed the e-mail address.
    is_email_verified: bool,
    /// The account's name as shown to other users.
    name: String,
    /// URL of the account's picture; null when none is set.
    image: Option<String>,
    /// Time when the account was created.
    created_at: DateTime,
    /// Time of the account's last change.
    updated_at: DateTime,
}

impl From<User> for SessionUser {
    fn from(user: User) -> Self {
        Self {
            user_id: ID(user.id),
            email: user.email,
            is_email_verified: user.email_verified,
            name: user.name,
            image: user.image,
            created_at: user.created_at.into(),
            updated_at: user.updated_at.into(),
        }
    }
}

/// Input of `signUp`.
#[derive(InputObject)]
pub(super) struct SignUpInput {
    /// An e-mail address, at most 254 characters. Refused when an account has the same address or one that
    /// looks alike.
    email: String,
    /// 8 to 128 characters without control characters. Common passwords, the address and the name are
    /// refused.
    password: String,
    /// The name that other users see, 1 to 100 characters.
    name: String,
    /// URL of the account's picture; omitted or null means none.
    image: Option<String>,
}

/// Input of `signIn`.
#[derive(InputObject)]
pub(super) struct SignInInput {
    /// The e-mail address of the account.
    email: String,
    /// The account's password.
    password: String,
}

/// Input of `updateProfile`. An omitted field stays unchanged; null is refused where it has no meaning.
#[derive(InputObject)]
pub(super) struct UpdateProfileInput {
    /// The new name, 1 to 100 characters.
    name: MaybeUndefined<String>,
    /// URL of the account's picture; null removes it.
    image: MaybeUndefined<String>,
}

/// Input of `uploadProfilePicture`.
#[derive(InputObject)]
pub(super) struct UploadProfilePictureInput {
    /// A picture of at most 1 MiB, 2048 pixels wide and high: PNG, JPEG, GIF or WebP. The type is detected from
    /// the content, and metadata inside the file is kept.
    picture: Upload,
}

/// Input of `changePassword`.
#[derive(InputObject)]
pub(super) struct ChangePasswordInput {
    /// The account's current password.
    current_password: String,
    /// 8 to 128 characters without control characters. Common passwords, the address and the name are
    /// refused.
    new_password: String,
    /// Whether to revoke all API keys of the account and end their subscriptions, except the key of this
    /// request (default false).
    #[graphql(default)]
    revoke_api_keys: bool,
}

/// Input of `deleteAccount`.
#[derive(InputObject)]
pub(super) struct DeleteAccountInput {
    /// The account's password, as confirmation.
    password: String,
}

/// Input of `revokeSession`.
#[derive(InputObject)]
pub(super) struct RevokeSessionInput {
    /// Id of the session, from `Viewer.sessions`.
    login_session_id: ID,
}

/// Input of `revokeApiKey`.
#[derive(InputObject)]
pub(super) struct RevokeApiKeyInput {
    /// Id of the API key.
    api_key_id: ID,
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

/// Mutations of the viewer's account.
#[derive(Default)]
pub(super) struct AccountMutation;

#[Object]
impl AccountMutation {
    /// Creates an account and signs it in.
    async fn sign_up(&self, ctx: &Context<'_>, input: SignUpInput) -> Result<SignUpPayload> {
        let SignUpInput { email, password, name, image } = input;
        let new = NewAccount { email, password, name, image };
        let opened = accounts::sign_up(ctx.app()?, new, &ctx.viewer()?.device).await?;
        let (token, session, viewer) = welcome(ctx, opened);
        Ok(SignUpPayload { token, session, viewer })
    }

    /// Signs in with e-mail address and password.
    async fn sign_in(&self, ctx: &Context<'_>, input: SignInInput) -> Result<SignInPayload> {
        let viewer = ctx.viewer()?;
        let identity = viewer.identity.as_deref();
        let SignInInput { email, password } = input;
        let opened = accounts::sign_in(ctx.app()?, &email, password, &viewer.device, identity).await?;
        let (token, session, viewer) = welcome(ctx, opened);
        Ok(SignInPayload { token, session, viewer })
    }

    /// Ends the session of this request. Has no effect without a session.
    async fn sign_out(&self, ctx: &Context<'_>) -> Result<SignOutPayload> {
        let ended = accounts::sign_out(ctx.app()?, ctx.viewer()?.identity.as_deref()).await?;
        set_cookies(ctx, cookie::clear(secure(ctx)));
        Ok(SignOutPayload { deleted_id: ended.map(ID::from) })
    }

    /// Ends one of the viewer's sessions, on any device.
    async fn revoke_session(
        &self,
        ctx: &Context<'_>,
        input: RevokeSessionInput,
    ) -> Result<RevokeSessionPayload> {
        let user = ctx.user()?;
        let id = uuid("loginSessionId", &input.login_session_id)?;
        accounts::revoke_session(ctx.app()?, user, id).await?;
        Ok(RevokeSessionPayload { deleted_id: id.into(), viewer: Viewer(user.clone()) })
    }

    /// Changes the viewer's name or picture.
    async fn update_profile(
        &self,
        ctx: &Context<'_>,
        input: UpdateProfileInput,
    ) -> Result<UpdateProfilePayload> {
        let profile = Profile { name: kept("name", input.name)?, image: change(input.image) };
        let user = accounts::update_profile(ctx.app()?, ctx.user()?, profile).await?;
        Ok(UpdateProfilePayload { viewer: Viewer(user) })
    }

    /// Stores a picture and shows it as `image` of the viewer's account. The stored picture that it replaces is
    /// deleted. `updateProfile` with a null `image` removes it.
    async fn upload_profile_picture(
        &self,
        ctx: &Context<'_>,
        input: UploadProfilePictureInput,
    ) -> Result<UploadProfilePicturePayload> {
        let user = accounts::upload_picture(ctx.app()?, ctx.user()?, input.picture.0).await?;
        Ok(UploadProfilePicturePayload { viewer: Viewer(user) })
    }

    /// Changes the viewer's password and ends all their other sessions with their subscriptions; with
    /// `revokeApiKeys` their API keys as well.
    async fn change_password(
        &self,
        ctx: &Context<'_>,
        input: ChangePasswordInput,
    ) -> Result<ChangePasswordPayload> {
        let viewer = ctx.viewer()?;
        let identity = viewer.identity.as_deref().ok_or(Error::Unauthenticated)?;
        let change = PasswordChange {
            current: input.current_password,
            new: input.new_password,
            revoke_keys: input.revoke_api_keys,
            device_token: viewer.device.token.clone(),
        };
        accounts::change_password(ctx.app()?, identity, change).await?;
        Ok(ChangePasswordPayload { viewer: Viewer(identity.user.clone()) })
    }

    /// Deletes the viewer's account with its personal data, sessions, API keys, spaces, agents and their
    /// knowledge. Communities that the viewer created are archived; memberships in others end.
    async fn delete_account(
        &self,
        ctx: &Context<'_>,
        input: DeleteAccountInput,
    ) -> Result<DeleteAccountPayload> {
        let identity = ctx.viewer()?.identity.as_deref().ok_or(Error::Unauthenticated)?;
        account_deletion::delete_account(ctx.app()?, identity, input.password).await?;
        set_cookies(ctx, cookie::clear(secure(ctx)));
        Ok(DeleteAccountPayload { deleted_id: ID(identity.user.id.clone()) })
    }

    /// Creates an API key and returns its secret, once. Requires a session: an API key cannot create another.
    async fn create_api_key(
        &self,
        ctx: &Context<'_>,
        input: CreateApiKeyInput,
    ) -> Result<CreateApiKeyPayload> {
        let identity = ctx.viewer()?.identity.as_deref().ok_or(Error::Unauthenticated)?;
        let made = accounts::create_key(ctx.app()?, identity, &input.name).await?;
        Ok(CreateApiKeyPayload { key: made.secret, api_key: made.key.into() })
    }

    /// Revokes one of the viewer's API keys with immediate effect.
    async fn revoke_api_key(
        &self,
        ctx: &Context<'_>,
        input: RevokeApiKeyInput,
    ) -> Result<RevokeApiKeyPayload> {
        let id = uuid("apiKeyId", &input.api_key_id)?;
        accounts::revoke_key(ctx.app()?, ctx.user()?, id).await?;
        Ok(RevokeApiKeyPayload { deleted_id: id.into() })
    }
}

/// Sets the cookies of a new session; returns its token, the session and its account.
fn welcome(ctx: &Context<'_>, opened: OpenedSession) -> (String, LoginSession, Viewer) {
    set_cookies(ctx, cookie::set(&opened.token, secure(ctx)));
    if let Some(device) = &opened.device_token {
        ctx.append_http_header(SET_COOKIE, cookie::set_device(device, secure(ctx)));
    }
    let session = LoginSession::new(opened.session, Some(opened.token.clone()), true);
    (opened.token, session, Viewer(opened.user))
}

fn set_cookies(ctx: &Context<'_>, cookies: Vec<String>) {
    for cookie in cookies {
        ctx.append_http_header(SET_COOKIE, cookie);
    }
}

fn secure(ctx: &Context<'_>) -> bool {
    ctx.data_opt::<Site>().copied().unwrap_or_default().secure
}

//! Signing up and in, the viewer's own account, sign-ins and API keys.

use async_graphql::{Context, ID, InputObject, MaybeUndefined, Object, SimpleObject};
use axum::http::header::SET_COOKIE;
use entity::{api_key, login_session};

use super::{
    DateTime, Site,
    agents::AgentListing,
    community_kinds::Community,
    context::{Asked, uuid},
    conversations::Conversation,
    memberships::Membership,
    paging::{Connection, wants_total},
    spaces::{Space, wants_owner},
    users::User,
    wallet::Wallet,
};
use crate::{
    auth::{self, cookie},
    domain::{
        self, Error, Page, Result, Slice,
        accounts::{self, NewAccount, OpenedSession, Profile, Proof},
        agents, communities, conversations,
        spaces::{Browse, list_owned},
        wallet,
    },
};

/// The account that asks, with what only its owner sees.
pub(super) struct Viewer(pub(super) domain::User);

/// The account that asks, with what only its owner sees.
#[Object]
impl Viewer {
    /// Opaque text.
    async fn id(&self) -> ID {
        ID(self.0.id.clone())
    }

    /// The address that signs in.
    async fn email(&self) -> &str {
        &self.0.email
    }

    /// Whether the address was proven to be theirs.
    async fn email_verified(&self) -> bool {
        self.0.email_verified
    }

    /// The name that others see.
    async fn name(&self) -> &str {
        &self.0.name
    }

    /// URL of a picture.
    async fn image(&self) -> Option<&str> {
        self.0.image.as_deref()
    }

    /// Whether the account is a platform administrator.
    async fn is_admin(&self) -> bool {
        self.0.is_admin
    }

    /// When the account was made.
    async fn created_at(&self) -> DateTime {
        self.0.created_at.into()
    }

    /// When the account last changed.
    async fn updated_at(&self) -> DateTime {
        self.0.updated_at.into()
    }

    /// The account as others see it.
    async fn user(&self) -> User {
        User::new(self.0.clone())
    }

    /// Where the account is signed in, newest first.
    async fn sessions(&self, ctx: &Context<'_>) -> Result<Vec<LoginSession>> {
        let viewer = ctx.viewer()?;
        let sessions = accounts::list_sessions(ctx.app()?, &self.0).await?;
        Ok(sessions.into_iter().map(|session| LoginSession::seen_by(session, viewer)).collect())
    }

    /// The account's API keys, newest first.
    async fn api_keys(&self, ctx: &Context<'_>) -> Result<Vec<ApiKey>> {
        let keys = accounts::list_keys(ctx.app()?, &self.0).await?;
        Ok(keys.into_iter().map(ApiKey::from).collect())
    }

    /// The account's coins.
    async fn wallet(&self, ctx: &Context<'_>) -> Result<Wallet> {
        wallet::get_wallet(ctx.app()?, &self.0).await.map(Wallet)
    }

    /// The conversations that the account takes part in, the last changed first (the newest 500).
    async fn conversations(&self, ctx: &Context<'_>) -> Result<Vec<Conversation>> {
        let own = conversations::list_own(ctx.app()?, &self.0).await?;
        Ok(own.into_iter().map(Conversation).collect())
    }

    /// The spaces the account owns, newest first, by cursor or by page number.
    #[expect(clippy::too_many_arguments, reason = "the arguments of a connection")]
    async fn spaces(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The first so many, 20 unless told, 50 at most.")] first: Option<i32>,
        #[graphql(desc = "Behind this cursor.")] after: Option<String>,
        #[graphql(desc = "The last so many.")] last: Option<i32>,
        #[graphql(desc = "Ahead of this cursor.")] before: Option<String>,
        #[graphql(desc = "The page's number, from 1.")] page: Option<i32>,
        #[graphql(desc = "Rows a page, 20 unless told, 50 at most.")] limit: Option<i32>,
    ) -> Result<Connection<Space>> {
        let window = Page { first, after, last, before, page, limit }.window()?;
        let browse = Browse {
            search: None,
            category: None,
            window,
            owners: wants_owner(ctx),
            total: wants_total(ctx),
        };
        Ok(Space::connection(list_owned(ctx.app()?, &self.0, browse).await?))
    }

    /// The communities the account is in, last joined first, by cursor or by page number.
    #[expect(clippy::too_many_arguments, reason = "the arguments of a connection")]
    async fn memberships(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The first so many, 20 unless told, 50 at most.")] first: Option<i32>,
        #[graphql(desc = "Behind this cursor.")] after: Option<String>,
        #[graphql(desc = "The last so many.")] last: Option<i32>,
        #[graphql(desc = "Ahead of this cursor.")] before: Option<String>,
        #[graphql(desc = "The page's number, from 1.")] page: Option<i32>,
        #[graphql(desc = "Rows a page, 20 unless told, 50 at most.")] limit: Option<i32>,
    ) -> Result<Connection<Membership>> {
        let window = Page { first, after, last, before, page, limit }.window()?;
        let slice = communities::list_memberships(ctx.app()?, &self.0, window, wants_total(ctx)).await?;
        let Slice { rows, window, more_after, more_before, total } = slice;
        let rows = rows.into_iter().map(|row| (row, Some(self.0.clone()))).collect();
        Ok(Membership::connection(Slice { rows, window, more_after, more_before, total }))
    }

    /// The communities the account runs, closed ones included, newest first, by cursor or by page number.
    #[expect(clippy::too_many_arguments, reason = "the arguments of a connection")]
    async fn created_communities(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The first so many, 20 unless told, 50 at most.")] first: Option<i32>,
        #[graphql(desc = "Behind this cursor.")] after: Option<String>,
        #[graphql(desc = "The last so many.")] last: Option<i32>,
        #[graphql(desc = "Ahead of this cursor.")] before: Option<String>,
        #[graphql(desc = "The page's number, from 1.")] page: Option<i32>,
        #[graphql(desc = "Rows a page, 20 unless told, 50 at most.")] limit: Option<i32>,
    ) -> Result<Connection<Community>> {
        let window = Page { first, after, last, before, page, limit }.window()?;
        let slice = communities::list_created(ctx.app()?, &self.0, window, wants_total(ctx)).await?;
        Ok(Community::connection(slice))
    }

    /// The agents the account wrote, taken back ones included, newest first, by cursor or by page number.
    #[expect(clippy::too_many_arguments, reason = "the arguments of a connection")]
    async fn agent_listings(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The first so many, 20 unless told, 50 at most.")] first: Option<i32>,
        #[graphql(desc = "Behind this cursor.")] after: Option<String>,
        #[graphql(desc = "The last so many.")] last: Option<i32>,
        #[graphql(desc = "Ahead of this cursor.")] before: Option<String>,
        #[graphql(desc = "The page's number, from 1.")] page: Option<i32>,
        #[graphql(desc = "Rows a page, 20 unless told, 50 at most.")] limit: Option<i32>,
    ) -> Result<Connection<AgentListing>> {
        let window = Page { first, after, last, before, page, limit }.window()?;
        let slice = agents::list_own(ctx.app()?, &self.0, window, wants_total(ctx)).await?;
        Ok(AgentListing::connection(slice))
    }

    /// All communities the account runs, closed ones included, newest first (the newest thousand).
    async fn all_created_communities(&self, ctx: &Context<'_>) -> Result<Vec<Community>> {
        Ok(Community::list(communities::list_all_created(ctx.app()?, &self.0).await?))
    }

    /// All active communities the account is in, last joined first (the last thousand).
    async fn all_joined_communities(&self, ctx: &Context<'_>) -> Result<Vec<Community>> {
        Ok(Community::list(communities::list_all_joined(ctx.app()?, &self.0).await?))
    }
}

/// A sign-in that lasts.
#[derive(SimpleObject)]
pub(super) struct LoginSession {
    /// UUID.
    id: ID,
    /// Who is signed in.
    user_id: ID,
    /// The secret; only in the answer to signing in and for the session that asks.
    token: Option<String>,
    /// Whether it is the session that asks.
    current: bool,
    /// The client's network address when it signed in.
    ip_address: Option<String>,
    /// The client's `User-Agent` when it signed in.
    user_agent: Option<String>,
    /// When it began.
    created_at: DateTime,
    /// When its life was last extended.
    updated_at: DateTime,
    /// When it ends unless it is used: 30 days after it was last extended.
    expires_at: DateTime,
}

impl LoginSession {
    fn new(session: login_session::Model, token: Option<String>, current: bool) -> Self {
        Self {
            id: session.id.into(),
            user_id: ID(session.user_id),
            token,
            current,
            ip_address: session.ip_address,
            user_agent: session.user_agent,
            created_at: session.created_at.into(),
            updated_at: session.updated_at.into(),
            expires_at: session.expires_at.into(),
        }
    }

    fn seen_by(session: login_session::Model, viewer: &auth::Viewer) -> Self {
        let current = matches!(
            viewer.identity.as_ref().map(|identity| &identity.proof),
            Some(Proof::Session(own)) if own.id == session.id
        );
        let token = viewer.token.clone().filter(|_| current);
        Self::new(session, token, current)
    }
}

/// An API key, without its secret.
#[derive(SimpleObject)]
pub(super) struct ApiKey {
    /// UUID.
    id: ID,
    /// What its owner calls it.
    name: String,
    /// The key's first characters.
    prefix: String,
    /// When it was last used, to the minute.
    last_used_at: Option<DateTime>,
    /// When it was made.
    created_at: DateTime,
}

impl From<api_key::Model> for ApiKey {
    fn from(key: api_key::Model) -> Self {
        Self {
            id: key.id.into(),
            name: key.name,
            prefix: key.prefix,
            last_used_at: key.last_used_at.map(DateTime),
            created_at: key.created_at.into(),
        }
    }
}

/// What signing up or in gives. A browser also gets the session cookie.
#[derive(SimpleObject)]
pub(super) struct SignedIn {
    /// The session's secret, good as the cookie and as `Authorization: Bearer`.
    token: String,
    /// The session.
    session: LoginSession,
    /// The account.
    user: Viewer,
}

/// The session and the account that ask.
#[derive(SimpleObject)]
pub(super) struct CurrentSession {
    /// The session; null when an API key asks.
    session: Option<LoginSession>,
    /// The account.
    user: Viewer,
}

/// A key and its secret.
#[derive(SimpleObject)]
pub(super) struct CreatedApiKey {
    /// The secret, shown this once.
    key: String,
    /// The key.
    api_key: ApiKey,
}

/// What it takes to sign up.
#[derive(InputObject)]
pub(super) struct SignUpInput {
    /// An e-mail address nobody else signed up with.
    email: String,
    /// 8 to 128 characters.
    password: String,
    /// The name that others see, 1 to 100 characters.
    name: String,
    /// URL of a picture.
    image: Option<String>,
}

/// What it takes to sign in.
#[derive(InputObject)]
pub(super) struct SignInInput {
    /// The address signed up with.
    email: String,
    /// The password.
    password: String,
}

/// What changes of the profile; absent leaves a part as it is.
#[derive(InputObject)]
pub(super) struct UpdateProfileInput {
    /// 1 to 100 characters.
    name: Option<String>,
    /// URL of a picture; null takes it away.
    image: MaybeUndefined<String>,
}

/// A change of password.
#[derive(InputObject)]
pub(super) struct ChangePasswordInput {
    /// The password until now.
    current_password: String,
    /// 8 to 128 characters.
    new_password: String,
}

/// The end of an account.
#[derive(InputObject)]
pub(super) struct DeleteAccountInput {
    /// The password, once more.
    password: String,
}

/// A key to be made.
#[derive(InputObject)]
pub(super) struct CreateApiKeyInput {
    /// What to call it, 1 to 100 characters.
    name: String,
}

/// Queries about the viewer's account.
#[derive(Default)]
pub(super) struct AccountQuery;

#[Object]
impl AccountQuery {
    /// The account that asks; null when nobody is signed in.
    async fn viewer(&self, ctx: &Context<'_>) -> Result<Option<Viewer>> {
        Ok(ctx.viewer()?.find_user().cloned().map(Viewer))
    }

    /// The session and the account that ask; null when nobody is signed in.
    async fn current_session(&self, ctx: &Context<'_>) -> Result<Option<CurrentSession>> {
        let viewer = ctx.viewer()?;
        let Some(identity) = &viewer.identity else { return Ok(None) };
        let session = match &identity.proof {
            Proof::Session(session) => Some(LoginSession::seen_by(session.clone(), viewer)),
            Proof::Key(_) => None,
        };
        Ok(Some(CurrentSession { session, user: Viewer(identity.user.clone()) }))
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
        let device = &ctx.viewer()?.device;
        let opened = accounts::sign_in(ctx.app()?, &input.email, input.password, device).await?;
        Ok(welcome(ctx, opened))
    }

    /// Ends the session that asks. Without one nothing happens.
    async fn sign_out(&self, ctx: &Context<'_>) -> Result<bool> {
        accounts::sign_out(ctx.app()?, ctx.viewer()?.identity.as_deref()).await?;
        ctx.append_http_header(SET_COOKIE, cookie::clear(secure(ctx)));
        Ok(true)
    }

    /// Ends one of the viewer's sign-ins.
    async fn revoke_session(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The session.")] id: ID,
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

    /// Changes the viewer's password and ends all their other sign-ins.
    async fn change_password(&self, ctx: &Context<'_>, input: ChangePasswordInput) -> Result<Viewer> {
        let identity = ctx.viewer()?.identity.as_deref().ok_or(Error::Unauthenticated)?;
        accounts::change_password(ctx.app()?, identity, input.current_password, input.new_password).await?;
        Ok(Viewer(identity.user.clone()))
    }

    /// Deletes the viewer's account: personal data, sign-ins, keys and own spaces. Own communities are closed, others
    /// left.
    async fn delete_account(&self, ctx: &Context<'_>, input: DeleteAccountInput) -> Result<bool> {
        accounts::delete_account(ctx.app()?, ctx.user()?, input.password).await?;
        ctx.append_http_header(SET_COOKIE, cookie::clear(secure(ctx)));
        Ok(true)
    }

    /// Makes an API key; its secret is shown this once.
    async fn create_api_key(&self, ctx: &Context<'_>, input: CreateApiKeyInput) -> Result<CreatedApiKey> {
        let made = accounts::create_key(ctx.app()?, ctx.user()?, &input.name).await?;
        Ok(CreatedApiKey { key: made.secret, api_key: made.key.into() })
    }

    /// Revokes one of the viewer's API keys, at once.
    async fn revoke_api_key(&self, ctx: &Context<'_>, #[graphql(desc = "The key.")] id: ID) -> Result<bool> {
        accounts::revoke_key(ctx.app()?, ctx.user()?, uuid("id", &id)?).await?;
        Ok(true)
    }
}

fn welcome(ctx: &Context<'_>, opened: OpenedSession) -> SignedIn {
    ctx.append_http_header(SET_COOKIE, cookie::set(&opened.token, secure(ctx)));
    SignedIn {
        session: LoginSession::new(opened.session, Some(opened.token.clone()), true),
        token: opened.token,
        user: Viewer(opened.user),
    }
}

fn secure(ctx: &Context<'_>) -> bool {
    ctx.data_opt::<Site>().copied().unwrap_or_default().secure
}

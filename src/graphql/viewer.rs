//! The viewer: their own account, where it is signed in, its keys and what is theirs.

use async_graphql::{Context, ID, Object, SimpleObject};
use entity::{api_key, login_session};

use super::{
    DateTime,
    agents::AgentListing,
    communities::{kinds::Community, memberships::Membership},
    context::Asked,
    conversations::Conversation,
    lists,
    paging::{Connection, wants_total},
    spaces::{Space, wants_owner},
    users::User,
    wallet::Wallet,
};
use crate::{
    auth,
    domain::{
        self, Page, Result, Slice,
        accounts::{self, Proof},
        agents, communities, conversations,
        spaces::{Browse, list_owned},
        wallet,
    },
};

/// The signed-in account with its private fields.
pub(super) struct Viewer(pub(super) domain::User);

/// The signed-in account with its private fields.
#[Object]
impl Viewer {
    /// Opaque text; treat it as a string.
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

    /// URL of the person's picture; null when none is set.
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

    /// Where the account is signed in, newest first; at most 100.
    async fn sessions(&self, ctx: &Context<'_>) -> Result<Vec<LoginSession>> {
        let viewer = ctx.viewer()?;
        let sessions = accounts::list_sessions(ctx.app()?, &self.0).await?;
        Ok(sessions
            .into_iter()
            .take(lists::SIGN_INS)
            .map(|session| LoginSession::seen_by(session, viewer))
            .collect())
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

    /// The conversations that the account takes part in, the last changed first (the newest 500). The rooms and talks of
    /// memberships that have expired are among them, without what is said (`access`).
    async fn conversations(&self, ctx: &Context<'_>) -> Result<Vec<Conversation>> {
        let own = conversations::list_own(ctx.app()?, &self.0).await?;
        Ok(own.into_iter().map(Conversation::from).collect())
    }

    /// The spaces the account owns, newest first, by cursor or by page number.
    #[expect(clippy::too_many_arguments, reason = "the arguments of a connection")]
    async fn spaces(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Returns the first n items (default 20, maximum 50).")] first: Option<i32>,
        #[graphql(desc = "Returns the items after this cursor.")] after: Option<String>,
        #[graphql(desc = "Returns the last n items (maximum 50).")] last: Option<i32>,
        #[graphql(desc = "Returns the items before this cursor.")] before: Option<String>,
        #[graphql(desc = "The page's number, from 1.")] page: Option<i32>,
        #[graphql(desc = "Items per page (default 20, maximum 50).")] limit: Option<i32>,
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
        #[graphql(desc = "Returns the first n items (default 20, maximum 50).")] first: Option<i32>,
        #[graphql(desc = "Returns the items after this cursor.")] after: Option<String>,
        #[graphql(desc = "Returns the last n items (maximum 50).")] last: Option<i32>,
        #[graphql(desc = "Returns the items before this cursor.")] before: Option<String>,
        #[graphql(desc = "The page's number, from 1.")] page: Option<i32>,
        #[graphql(desc = "Items per page (default 20, maximum 50).")] limit: Option<i32>,
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
        #[graphql(desc = "Returns the first n items (default 20, maximum 50).")] first: Option<i32>,
        #[graphql(desc = "Returns the items after this cursor.")] after: Option<String>,
        #[graphql(desc = "Returns the last n items (maximum 50).")] last: Option<i32>,
        #[graphql(desc = "Returns the items before this cursor.")] before: Option<String>,
        #[graphql(desc = "The page's number, from 1.")] page: Option<i32>,
        #[graphql(desc = "Items per page (default 20, maximum 50).")] limit: Option<i32>,
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
        #[graphql(desc = "Returns the first n items (default 20, maximum 50).")] first: Option<i32>,
        #[graphql(desc = "Returns the items after this cursor.")] after: Option<String>,
        #[graphql(desc = "Returns the last n items (maximum 50).")] last: Option<i32>,
        #[graphql(desc = "Returns the items before this cursor.")] before: Option<String>,
        #[graphql(desc = "The page's number, from 1.")] page: Option<i32>,
        #[graphql(desc = "Items per page (default 20, maximum 50).")] limit: Option<i32>,
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

/// A signed-in session of an account.
#[derive(SimpleObject)]
pub(super) struct LoginSession {
    /// Unique id of the object (UUID).
    id: ID,
    /// Id of the signed-in account.
    user_id: ID,
    /// The secret; only in the answer to signing in and for the session that asks.
    token: Option<String>,
    /// Whether it is the session that asks.
    current: bool,
    /// The client's network address when it signed in.
    ip_address: Option<String>,
    /// The client's `User-Agent` when it signed in.
    user_agent: Option<String>,
    /// Time when the session began.
    created_at: DateTime,
    /// When its life was last extended.
    updated_at: DateTime,
    /// Time when the session ends unless it is used: 30 days after its last extension.
    expires_at: DateTime,
}

impl LoginSession {
    pub(super) fn new(session: login_session::Model, token: Option<String>, current: bool) -> Self {
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

    pub(super) fn seen_by(session: login_session::Model, viewer: &auth::Viewer) -> Self {
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
    /// Unique id of the object (UUID).
    id: ID,
    /// Name of the key, chosen by its owner.
    name: String,
    /// The key's first characters.
    prefix: String,
    /// When it was last used, to the minute.
    last_used_at: Option<DateTime>,
    /// Time of creation.
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

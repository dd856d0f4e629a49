//! The viewer's account with its sessions, API keys and own objects.

use async_graphql::{Context, ID, Object, SimpleObject};
use entity::{api_key, login_session};

use super::{
    DateTime,
    agents::AgentListing,
    communities::{kinds::Community, memberships::Membership},
    context::ContextExt,
    conversations::Conversation,
    node::NodeId,
    paging::{Connection, Node, wants_total},
    spaces::{Space, wants_owner},
    users::User,
    wallet::Wallet,
};
use crate::{
    auth,
    domain::{
        self, Cursor, Page,
        accounts::{self, Proof},
        agents, communities, conversations,
        spaces::{Browse, list_owned},
    },
    error::Result,
};

/// The signed-in account with its private fields.
pub(super) struct Viewer(pub(super) domain::User);

/// The signed-in account with its private fields.
#[Object]
impl Viewer {
    /// Id of this object, different from the id of `user`.
    pub(super) async fn id(&self) -> ID {
        NodeId::Viewer(self.0.id.clone()).encode()
    }

    /// Id of the user, as in `User.id` and in all arguments named `userId`.
    async fn user_id(&self) -> ID {
        ID(self.0.id.clone())
    }

    /// The e-mail address for signing in.
    async fn email(&self) -> &str {
        &self.0.email
    }

    /// Whether the owner of the account has confirmed the e-mail address.
    async fn is_email_verified(&self) -> bool {
        self.0.email_verified
    }

    /// The account's name as shown to other users.
    async fn name(&self) -> &str {
        &self.0.name
    }

    /// URL of the account's picture; null when none is set.
    async fn image(&self) -> Option<&str> {
        self.0.image.as_deref()
    }

    /// Whether the account is a platform administrator.
    async fn is_admin(&self) -> bool {
        self.0.is_admin
    }

    /// Time when the account was created.
    async fn created_at(&self) -> DateTime {
        self.0.created_at.into()
    }

    /// Time of the account's last change.
    async fn updated_at(&self) -> DateTime {
        self.0.updated_at.into()
    }

    /// The account as other users see it.
    async fn user(&self) -> User {
        User::new(self.0.clone())
    }

    /// Active sessions of the account, newest first, by cursor.
    async fn sessions(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Returns the first n items (default 20, maximum 50).")] first: Option<i32>,
        #[graphql(desc = "Returns the items after this cursor.")] after: Option<String>,
        #[graphql(desc = "Returns the last n items (maximum 50).")] last: Option<i32>,
        #[graphql(desc = "Returns the items before this cursor.")] before: Option<String>,
    ) -> Result<Connection<LoginSession>> {
        let viewer = ctx.viewer()?;
        let page = Page { first, after, last, before, page: None, limit: None };
        let window = page.window(LoginSession::NAME)?;
        let slice = accounts::list_sessions(ctx.app()?, &self.0, window, wants_total(ctx)).await?;
        Ok(Connection(slice.map(|session| LoginSession::seen_by(session, viewer))))
    }

    /// API keys of the account, newest first. An account has at most 50 keys, so the list has no pages.
    async fn api_keys(&self, ctx: &Context<'_>) -> Result<Vec<ApiKey>> {
        let keys = accounts::list_keys(ctx.app()?, &self.0).await?;
        Ok(keys.into_iter().map(ApiKey::from).collect())
    }

    /// Balance and movements of the account's coins.
    async fn wallet(&self) -> Wallet {
        Wallet::of(&self.0)
    }

    /// Conversations of the account, most recently changed first, by cursor. Includes those of expired
    /// memberships, whose messages are not readable (see `access`).
    async fn conversations(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Returns the first n items (default 20, maximum 50).")] first: Option<i32>,
        #[graphql(desc = "Returns the items after this cursor.")] after: Option<String>,
        #[graphql(desc = "Returns the last n items (maximum 50).")] last: Option<i32>,
        #[graphql(desc = "Returns the items before this cursor.")] before: Option<String>,
    ) -> Result<Connection<Conversation>> {
        let page = Page { first, after, last, before, page: None, limit: None };
        let window = page.ranked_window(Conversation::NAME)?;
        let slice = conversations::list_own(ctx.app()?, &self.0, window, wants_total(ctx)).await?;
        Ok(Conversation::connection(slice))
    }

    /// The 500 conversations of the account that changed last.
    #[graphql(deprecation = "For REST: use `conversations`.")]
    async fn all_conversations(&self, ctx: &Context<'_>) -> Result<Vec<Conversation>> {
        let own = conversations::list_all_own(ctx.app()?, &self.0).await?;
        Ok(own.into_iter().map(Conversation::from).collect())
    }

    /// Spaces that the account owns, newest first. Pages by cursor or by page number.
    #[expect(clippy::too_many_arguments, reason = "the arguments of a connection")]
    async fn spaces(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Returns the first n items (default 20, maximum 50).")] first: Option<i32>,
        #[graphql(desc = "Returns the items after this cursor.")] after: Option<String>,
        #[graphql(desc = "Returns the last n items (maximum 50).")] last: Option<i32>,
        #[graphql(desc = "Returns the items before this cursor.")] before: Option<String>,
        #[graphql(desc = "Page number, from 1.")] page: Option<i32>,
        #[graphql(desc = "Items per page (default 20, maximum 50).")] limit: Option<i32>,
    ) -> Result<Connection<Space>> {
        let window = Page { first, after, last, before, page, limit }.window(Space::NAME)?;
        let browse = Browse {
            search: None,
            category: None,
            window,
            owners: wants_owner(ctx),
            total: wants_total(ctx),
        };
        Ok(Space::connection(list_owned(ctx.app()?, &self.0, browse).await?))
    }

    /// Memberships of the account, most recently joined first. Pages by cursor or by page number.
    #[expect(clippy::too_many_arguments, reason = "the arguments of a connection")]
    async fn memberships(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Returns the first n items (default 20, maximum 50).")] first: Option<i32>,
        #[graphql(desc = "Returns the items after this cursor.")] after: Option<String>,
        #[graphql(desc = "Returns the last n items (maximum 50).")] last: Option<i32>,
        #[graphql(desc = "Returns the items before this cursor.")] before: Option<String>,
        #[graphql(desc = "Page number, from 1.")] page: Option<i32>,
        #[graphql(desc = "Items per page (default 20, maximum 50).")] limit: Option<i32>,
    ) -> Result<Connection<Membership>> {
        let window = Page { first, after, last, before, page, limit }.window(Membership::NAME)?;
        let slice = communities::list_memberships(ctx.app()?, &self.0, window, wants_total(ctx)).await?;
        Ok(Membership::connection(slice.map(|row| (row, Some(self.0.clone())))))
    }

    /// Communities that the account created, including archived ones, newest first. Pages by cursor or by
    /// page number.
    #[expect(clippy::too_many_arguments, reason = "the arguments of a connection")]
    async fn created_communities(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Returns the first n items (default 20, maximum 50).")] first: Option<i32>,
        #[graphql(desc = "Returns the items after this cursor.")] after: Option<String>,
        #[graphql(desc = "Returns the last n items (maximum 50).")] last: Option<i32>,
        #[graphql(desc = "Returns the items before this cursor.")] before: Option<String>,
        #[graphql(desc = "Page number, from 1.")] page: Option<i32>,
        #[graphql(desc = "Items per page (default 20, maximum 50).")] limit: Option<i32>,
    ) -> Result<Connection<Community>> {
        let window = Page { first, after, last, before, page, limit }.window(Community::NAME)?;
        let slice = communities::list_created(ctx.app()?, &self.0, window, wants_total(ctx)).await?;
        Ok(Community::connection(slice))
    }

    /// Agents that the account created, including archived ones, newest first. Pages by cursor or by page
    /// number.
    #[expect(clippy::too_many_arguments, reason = "the arguments of a connection")]
    async fn agent_listings(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Returns the first n items (default 20, maximum 50).")] first: Option<i32>,
        #[graphql(desc = "Returns the items after this cursor.")] after: Option<String>,
        #[graphql(desc = "Returns the last n items (maximum 50).")] last: Option<i32>,
        #[graphql(desc = "Returns the items before this cursor.")] before: Option<String>,
        #[graphql(desc = "Page number, from 1.")] page: Option<i32>,
        #[graphql(desc = "Items per page (default 20, maximum 50).")] limit: Option<i32>,
    ) -> Result<Connection<AgentListing>> {
        let window = Page { first, after, last, before, page, limit }.window(AgentListing::NAME)?;
        let slice = agents::list_own(ctx.app()?, &self.0, window, wants_total(ctx)).await?;
        Ok(AgentListing::connection(slice))
    }

    /// Communities that the account created, including archived ones, newest first (at most 1000).
    #[graphql(deprecation = "For REST: use `createdCommunities`.")]
    async fn all_created_communities(&self, ctx: &Context<'_>) -> Result<Vec<Community>> {
        Ok(Community::list(communities::list_all_created(ctx.app()?, &self.0).await?))
    }

    /// Active communities that the account is a member of, most recently joined first (at most 1000).
    #[graphql(deprecation = "For REST: use `memberships`.")]
    async fn all_joined_communities(&self, ctx: &Context<'_>) -> Result<Vec<Community>> {
        Ok(Community::list(communities::list_all_joined(ctx.app()?, &self.0).await?))
    }
}

/// A signed-in session of an account.
#[derive(SimpleObject)]
pub(super) struct LoginSession {
    #[graphql(skip)]
    cursor: Cursor,
    /// Unique id of the object (UUID).
    #[graphql(owned)]
    pub(in crate::graphql) id: ID,
    /// Id of the signed-in account.
    user_id: ID,
    /// The secret; null except in the result of signing in and for the session of this request.
    token: Option<String>,
    /// Whether this is the session of the request.
    is_current: bool,
    /// The client's network address when it signed in.
    ip_address: Option<String>,
    /// The client's `User-Agent` when it signed in.
    user_agent: Option<String>,
    /// Time when the session began.
    created_at: DateTime,
    /// Time when the session was last extended.
    updated_at: DateTime,
    /// Time when the session ends unless it is used: 30 days after its last extension.
    expires_at: DateTime,
}

impl Node for LoginSession {
    const NAME: &'static str = "LoginSession";

    fn cursor(&self) -> Cursor {
        self.cursor
    }
}

impl LoginSession {
    pub(super) fn new(session: login_session::Model, token: Option<String>, current: bool) -> Self {
        Self {
            cursor: Cursor { rank: None, at: session.created_at, id: session.id },
            id: session.id.into(),
            user_id: ID(session.user_id),
            token,
            is_current: current,
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
    #[graphql(owned)]
    pub(in crate::graphql) id: ID,
    /// Name of the key, chosen by its owner.
    name: String,
    /// First characters of the key, for recognising it.
    prefix: String,
    /// Time of last use, to the minute; null when the key was never used.
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

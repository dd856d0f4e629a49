//! Administration: accounts, bans and suspended communities.

use async_graphql::{Context, ID, InputObject, Object, SimpleObject};

use super::{
    DateTime,
    communities::{CommunityStatus, kinds::Community, memberships::wrap},
    context::{ContextExt, uuid},
    node::NodeId,
    paging::{Connection, Node, wants_total},
    payloads::{BanUserPayload, ReinstateCommunityPayload, SuspendCommunityPayload, UnbanUserPayload},
};
use crate::{
    domain::{
        Page, User,
        accounts::{self, UserSearch},
        communities,
    },
    error::Result,
};

/// An account with the fields that only administrators see.
#[derive(SimpleObject)]
pub(super) struct Account {
    /// Id of this object, different from the id of its user.
    #[graphql(owned)]
    pub(in crate::graphql) id: ID,
    /// Id of the user, as in `User.id` and in all arguments named `userId`.
    user_id: ID,
    /// The account's name as shown to other users.
    name: String,
    /// The account's e-mail address.
    email: String,
    /// URL of the account's picture; null when none is set.
    image: Option<String>,
    /// Whether the account is a platform administrator.
    is_admin: bool,
    /// Time when the account was banned from the platform; null when it is not banned.
    banned_at: Option<DateTime>,
    /// The reason given for the ban; null when none was given.
    ban_reason: Option<String>,
    /// Time when the account was created.
    created_at: DateTime,
}

impl From<User> for Account {
    fn from(user: User) -> Self {
        Self {
            id: NodeId::Account(user.id.clone()).encode(),
            user_id: ID(user.id),
            name: user.name,
            email: user.email,
            image: user.image,
            is_admin: user.is_admin,
            banned_at: user.banned_at.map(DateTime),
            ban_reason: user.ban_reason,
            created_at: user.created_at.into(),
        }
    }
}

/// A page of accounts, by page number.
#[derive(SimpleObject)]
pub(super) struct AccountPage {
    /// The accounts on this page.
    nodes: Vec<Account>,
    /// Number of accounts in the whole list.
    total_count: u64,
    /// The page's number, from 1.
    page: u64,
    /// Number of pages in the whole list; 0 when the list is empty.
    total_pages: u64,
}

/// Input of `banUser`.
#[derive(InputObject)]
pub(super) struct BanUserInput {
    /// Id of the account to ban.
    user_id: ID,
    /// Reason for the audit log and other administrators, 1 to 500 characters.
    reason: String,
}

/// Input of `unbanUser`.
#[derive(InputObject)]
pub(super) struct UnbanUserInput {
    /// Id of the banned account.
    user_id: ID,
}

/// Input of `suspendCommunity`.
#[derive(InputObject)]
pub(super) struct SuspendCommunityInput {
    /// Id of the community.
    community_id: ID,
    /// Reason for the audit log, visible to the community's creator; 1 to 500 characters.
    reason: String,
}

/// Input of `reinstateCommunity`.
#[derive(InputObject)]
pub(super) struct ReinstateCommunityInput {
    /// Id of the community.
    community_id: ID,
}

/// Queries of administrators.
#[derive(Default)]
pub(super) struct AdminQuery;

#[Object]
impl AdminQuery {
    /// Lists accounts, newest first. Administrators only.
    async fn users(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Part of the e-mail address or the name, ignoring case, or a whole id.")]
        search: Option<String>,
        #[graphql(desc = "True returns only banned accounts, false only others; omitted returns both.")]
        banned: Option<bool>,
        #[graphql(desc = "True returns only administrators, false only others; omitted returns both.")]
        admins: Option<bool>,
        #[graphql(desc = "Page number, from 1 (default 1).")] page: Option<i32>,
        #[graphql(desc = "Items per page (default 20, maximum 50).")] limit: Option<i32>,
    ) -> Result<AccountPage> {
        let wanted = UserSearch { search, banned, admins };
        let found = accounts::list_accounts(ctx.app()?, ctx.user()?, wanted, page, limit).await?;
        Ok(AccountPage {
            total_count: found.total.unwrap_or_default(),
            page: found.window.page(),
            total_pages: found.total_pages().unwrap_or_default(),
            nodes: found.rows.into_iter().map(Account::from).collect(),
        })
    }

    /// Lists communities by status, newest first, regardless of their visibility. Administrators only.
    async fn communities_by_status(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Returns only communities with this status.")] status: CommunityStatus,
        #[graphql(desc = "Returns the first n items (default 20, maximum 50).")] first: Option<i32>,
        #[graphql(desc = "Returns the items after this cursor.")] after: Option<String>,
        #[graphql(desc = "Returns the last n items (maximum 50).")] last: Option<i32>,
        #[graphql(desc = "Returns the items before this cursor.")] before: Option<String>,
    ) -> Result<Connection<Community>> {
        let window = Page { first, after, last, before, ..Page::default() }.window(Community::NAME)?;
        let (app, user, total) = (ctx.app()?, ctx.user()?, wants_total(ctx));
        let slice = communities::list_by_status(app, user, status.into(), window, total).await?;
        Ok(Connection(slice.map(|row| Community::new((row, None)))))
    }
}

/// Mutations of administrators.
#[derive(Default)]
pub(super) struct AdminMutation;

#[Object]
impl AdminMutation {
    /// Bans an account from the platform: it can only sign out. A second ban replaces the reason.
    /// Administrators only; only the operator can ban administrators.
    async fn ban_user(&self, ctx: &Context<'_>, input: BanUserInput) -> Result<BanUserPayload> {
        let user = accounts::ban_user(ctx.app()?, ctx.user()?, &input.user_id, &input.reason).await?;
        Ok(BanUserPayload { account: user.into() })
    }

    /// Lifts an account's ban from the platform. Administrators only.
    async fn unban_user(&self, ctx: &Context<'_>, input: UnbanUserInput) -> Result<UnbanUserPayload> {
        let user = accounts::unban_user(ctx.app()?, ctx.user()?, &input.user_id).await?;
        Ok(UnbanUserPayload { account: user.into() })
    }

    /// Suspends a community: only members can see and leave it, and no fees are charged. Administrators only.
    async fn suspend_community(
        &self,
        ctx: &Context<'_>,
        input: SuspendCommunityInput,
    ) -> Result<SuspendCommunityPayload> {
        let id = uuid("communityId", &input.community_id)?;
        let community = wrap(communities::suspend(ctx.app()?, ctx.user()?, id, &input.reason).await)?;
        Ok(SuspendCommunityPayload { community })
    }

    /// Reinstates a suspended community. Administrators only.
    async fn reinstate_community(
        &self,
        ctx: &Context<'_>,
        input: ReinstateCommunityInput,
    ) -> Result<ReinstateCommunityPayload> {
        let id = uuid("communityId", &input.community_id)?;
        let community = wrap(communities::reinstate(ctx.app()?, ctx.user()?, id).await)?;
        Ok(ReinstateCommunityPayload { community })
    }
}

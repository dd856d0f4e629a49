//! What the platform's administrators find and do: accounts, and communities that are held.

use async_graphql::{Context, ID, InputObject, Object, SimpleObject};

use super::{
    DateTime,
    communities::{CommunityStatus, kinds::Community, memberships::wrap},
    context::{Asked, uuid},
    paging::{Connection, wants_total},
};
use crate::domain::{
    Page, Result, Slice, User,
    accounts::{self, UserSearch},
    communities,
};

/// An account, as administrators see it.
#[derive(SimpleObject)]
pub(super) struct Account {
    /// Opaque text; treat it as a string.
    id: ID,
    /// The name that others see.
    name: String,
    /// The account's e-mail address.
    email: String,
    /// URL of the person's picture; null when none is set.
    image: Option<String>,
    /// Whether it is an administrator's.
    is_admin: bool,
    /// Since when it is banned; null: it is not.
    banned_at: Option<DateTime>,
    /// The reason given for the ban; null when none was given.
    ban_reason: Option<String>,
    /// Time of creation.
    created_at: DateTime,
}

impl From<User> for Account {
    fn from(user: User) -> Self {
        Self {
            id: ID(user.id),
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

/// A page of a list of accounts.
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

/// An account to be banned.
#[derive(InputObject)]
pub(super) struct BanUserInput {
    /// Id of the user.
    user_id: ID,
    /// Why, for the log and other administrators; 1 to 500 characters.
    reason: String,
}

/// Input of `unbanUser`.
#[derive(InputObject)]
pub(super) struct UnbanUserInput {
    /// Id of the user.
    user_id: ID,
}

/// A community to be held.
#[derive(InputObject)]
pub(super) struct SuspendCommunityInput {
    /// Id of the community.
    id: ID,
    /// Why, for the log, which its creator reads; 1 to 500 characters.
    reason: String,
}

/// Queries of administrators.
#[derive(Default)]
pub(super) struct AdminQuery;

#[Object]
impl AdminQuery {
    /// Accounts, newest first. Administrators only.
    async fn users(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Part of the e-mail address in any case, or of the name; or the whole id.")]
        search: Option<String>,
        #[graphql(desc = "Only those that are banned; false: only others.")] banned: Option<bool>,
        #[graphql(desc = "Only administrators; false: only others.")] admins: Option<bool>,
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
        #[graphql(desc = "The status to list.")] status: CommunityStatus,
        #[graphql(desc = "Returns the first n items (default 20, maximum 50).")] first: Option<i32>,
        #[graphql(desc = "Returns the items after this cursor.")] after: Option<String>,
        #[graphql(desc = "Returns the last n items (maximum 50).")] last: Option<i32>,
        #[graphql(desc = "Returns the items before this cursor.")] before: Option<String>,
    ) -> Result<Connection<Community>> {
        let window = Page { first, after, last, before, ..Page::default() }.window()?;
        let (app, user, total) = (ctx.app()?, ctx.user()?, wants_total(ctx));
        let slice = communities::list_standing(app, user, status.into(), window, total).await?;
        let Slice { rows, window, more_after, more_before, total } = slice;
        let rows = Community::list(rows);
        Ok(Connection(Slice { rows, window, more_after, more_before, total }))
    }
}

/// What administrators do.
#[derive(Default)]
pub(super) struct AdminMutation;

#[Object]
impl AdminMutation {
    /// Bans an account from the platform: it can do nothing but sign out. Banning again replaces the reason.
    /// Administrators only; one of their own is banned by the operator only.
    async fn ban_user(&self, ctx: &Context<'_>, input: BanUserInput) -> Result<Account> {
        accounts::ban_user(ctx.app()?, ctx.user()?, &input.user_id, &input.reason).await.map(Account::from)
    }

    /// Lets an account use the platform again. Administrators only.
    async fn unban_user(&self, ctx: &Context<'_>, input: UnbanUserInput) -> Result<Account> {
        accounts::unban_user(ctx.app()?, ctx.user()?, &input.user_id).await.map(Account::from)
    }

    /// Suspends a community: only members can see and leave it, and no fees are charged. Administrators only.
    async fn suspend_community(&self, ctx: &Context<'_>, input: SuspendCommunityInput) -> Result<Community> {
        let id = uuid("id", &input.id)?;
        wrap(communities::suspend(ctx.app()?, ctx.user()?, id, &input.reason).await)
    }

    /// Opens a suspended community again. Administrators only.
    async fn reinstate_community(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Id of the community.")] id: ID,
    ) -> Result<Community> {
        wrap(communities::reinstate(ctx.app()?, ctx.user()?, uuid("id", &id)?).await)
    }
}

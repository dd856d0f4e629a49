//! What the operator and the platform's administrators do to accounts. The admin flag is all that counts, never a role or
//! an address.

use entity::user;
use sea_orm::{
    ActiveModelTrait,
    ActiveValue::Set,
    ColumnTrait, Condition, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect,
    sea_query::{Expr, ExprTrait, Func, LikeExpr},
};
use serde_json::json;

use super::identity::forget;
use crate::{
    app::App,
    domain::{
        Error, Page, Result, Slice, User, Write,
        audit::{self, Action, Deed},
        text,
    },
};

/// Refuses all but administrators.
///
/// # Errors
/// [`Error::Forbidden`].
pub(in crate::domain) fn check_admin(actor: &User) -> Result<()> {
    if actor.is_admin { Ok(()) } else { Err(Error::Forbidden("Admin only")) }
}

/// Makes an account a platform administrator: for operators.
///
/// # Errors
/// [`Error::Internal`].
pub async fn promote(app: &App, user: &User) -> Result<()> {
    set_admin(app, user, true, Action::AccountPromoted).await
}

/// Makes an administrator's account one like any other: for operators.
///
/// # Errors
/// [`Error::Internal`].
pub async fn demote(app: &App, user: &User) -> Result<()> {
    set_admin(app, user, false, Action::AccountDemoted).await
}

async fn set_admin(app: &App, user: &User, is_admin: bool, action: Action) -> Result<()> {
    let change = user::ActiveModel {
        id: Set(user.id.clone()),
        is_admin: Set(is_admin),
        updated_at: Set(app.clock.second()),
        ..Default::default()
    };
    let tx = app.begin_apart().await?;
    change.update(&tx).await?;
    audit::record(app, &tx, Deed::of_operator(action).to(user.id.as_str())).await?;
    forget(&tx, &user.id);
    tx.commit(()).await
}

/// Bans an account for a reason, or lifts the ban: for operators.
///
/// # Errors
/// [`Error::Internal`].
pub async fn set_ban(app: &App, user: &User, reason: Option<String>) -> Result<()> {
    let tx = app.begin_apart().await?;
    let action = if reason.is_some() { Action::AccountBanned } else { Action::AccountUnbanned };
    write_ban(app, &tx, Deed::of_operator(action), &user.id, reason).await?;
    forget(&tx, &user.id);
    tx.commit(()).await
}

/// Bans an account from the platform: it can do nothing but sign out. Banning again replaces the reason. Administrators
/// only; one of their own is the operator's business.
///
/// # Errors
/// [`Error::Forbidden`], [`Error::Invalid`], [`Error::NotFound`].
pub async fn ban_user(app: &App, actor: &User, user_id: &str, reason: &str) -> Result<User> {
    check_admin(actor)?;
    let reason = text::required("reason", reason, 500, "reason must be 1-500 characters")?;
    let tx = app.begin(actor).await?;
    if let Some(done) = tx.replayed()? {
        return Ok(done);
    }
    if get_account(&tx, user_id).await?.is_admin {
        return Err(Error::invalid("userId", "An administrator is banned by the operator only"));
    }
    let deed = Deed::of(actor, Action::AccountBanned);
    let user = write_ban(app, &tx, deed, user_id, Some(reason)).await?;
    // Whoever they served is another's.
    tx.after(|app| app.tending.notify_one());
    forget(&tx, &user.id);
    tx.commit(user).await
}

/// Lets an account use the platform again. Administrators only.
///
/// # Errors
/// [`Error::Forbidden`], [`Error::NotFound`], [`Error::Missing`] for one that is not banned.
pub async fn unban_user(app: &App, actor: &User, user_id: &str) -> Result<User> {
    check_admin(actor)?;
    let tx = app.begin(actor).await?;
    if let Some(done) = tx.replayed()? {
        return Ok(done);
    }
    if get_account(&tx, user_id).await?.banned_at.is_none() {
        return Err(Error::Missing("They are not banned"));
    }
    let deed = Deed::of(actor, Action::AccountUnbanned);
    let user = write_ban(app, &tx, deed, user_id, None).await?;
    forget(&tx, &user.id);
    tx.commit(user).await
}

async fn get_account(tx: &Write, user_id: &str) -> Result<User> {
    let found = user::Entity::find_by_id(user_id).filter(user::Column::DeletedAt.is_null()).one(tx).await?;
    found.ok_or(Error::NotFound("User"))
}

async fn write_ban(
    app: &App,
    tx: &Write,
    deed: Deed<'_>,
    user_id: &str,
    reason: Option<String>,
) -> Result<User> {
    let now = app.clock.second();
    let details = reason.as_ref().map_or_else(|| json!({}), |reason| json!({ "reason": reason }));
    let change = user::ActiveModel {
        id: Set(user_id.to_owned()),
        banned_at: Set(reason.is_some().then_some(now)),
        ban_reason: Set(reason),
        updated_at: Set(now),
        ..Default::default()
    };
    let user = change.update(tx).await?;
    audit::record(app, tx, deed.to(user_id).with(details)).await?;
    Ok(user)
}

/// Which accounts are looked for.
#[derive(Clone, Debug, Default)]
pub struct UserSearch {
    /// Part of the e-mail address in any case, or of the name; or the whole id.
    pub search: Option<String>,
    /// Only those that are banned, or are not.
    pub banned: Option<bool>,
    /// Only administrators, or all others.
    pub admins: Option<bool>,
}

/// Accounts, newest first, by page. Administrators only. Ids of accounts are any text, so there is no cursor.
///
/// # Errors
/// [`Error::Forbidden`].
pub async fn list_accounts(
    app: &App,
    actor: &User,
    wanted: UserSearch,
    page: Option<i32>,
    limit: Option<i32>,
) -> Result<Slice<User>> {
    check_admin(actor)?;
    let window = Page { page: Some(page.unwrap_or(1)), limit, ..Page::default() }.window()?;
    let mut select = user::Entity::find().filter(user::Column::DeletedAt.is_null());
    let term = text::search_term("search", wanted.search.as_deref())?;
    if let Some(term) = term {
        let pattern = |pattern| LikeExpr::new(pattern).escape('\\');
        let folded = || pattern(text::like_as_written(&text::fold(term)));
        // Names are kept as they were written; each database folds what it can of them.
        let name = Expr::expr(Func::lower(Expr::col(user::Column::Name)));
        let any = Condition::any()
            .add(Expr::col(user::Column::EmailFold).like(folded()))
            .add(name.like(folded()))
            .add(Expr::col(user::Column::Name).like(pattern(text::like_as_written(term))))
            .add(user::Column::Id.eq(term));
        select = select.filter(any);
    }
    if let Some(banned) = wanted.banned {
        let at = user::Column::BannedAt;
        select = select.filter(if banned { at.is_not_null() } else { at.is_null() });
    }
    if let Some(admins) = wanted.admins {
        select = select.filter(user::Column::IsAdmin.eq(admins));
    }
    let total = select.clone().count(app.db.read()).await?;
    let offset = (window.page() - 1) * window.limit();
    let rows = select
        .order_by_desc(user::Column::CreatedAt)
        .order_by_desc(user::Column::Id)
        .offset(offset)
        .limit(window.limit() + 1)
        .all(app.db.read())
        .await?;
    Ok(Slice::new(rows, window, Some(total)))
}

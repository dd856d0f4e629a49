//! Account administration by the operator and by administrators. Only the admin flag matters, never a role
//! or an address.

use entity::user;
use sea_orm::{
    ActiveModelTrait,
    ActiveValue::Set,
    ColumnTrait, Condition, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect,
    sea_query::{Expr, ExprTrait, LikeExpr},
};
use serde_json::json;

use super::{identity::forget, rules::BAN_REASON};
use crate::{
    app::App,
    domain::{
        Page, PageRows, UnitOfWork, User,
        audit::{self, Action, AuditEntry},
    },
    error::{Error, Result},
    text::fields,
};

/// Refuses everyone but administrators.
///
/// # Errors
/// [`Error::Forbidden`].
pub(in crate::domain) fn check_admin(actor: &User) -> Result<()> {
    if actor.is_admin { Ok(()) } else { Err(Error::Forbidden("Admin only")) }
}

/// Makes an account an administrator. For operators.
///
/// # Errors
/// [`Error::Internal`].
pub async fn promote(app: &App, user: &User) -> Result<()> {
    set_admin(app, user, true, Action::AccountPromoted).await
}

/// Removes the admin flag of an account. For operators.
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
    let tx = app.begin_without_key().await?;
    change.update(&tx).await?;
    audit::record(app, &tx, AuditEntry::of_operator(action).to(user.id.as_str())).await?;
    forget(&tx, &user.id);
    tx.commit(()).await
}

/// Bans an account with a reason, or lifts the ban. For operators.
///
/// # Errors
/// [`Error::Internal`].
pub async fn set_ban(app: &App, user: &User, reason: Option<String>) -> Result<()> {
    let tx = app.begin_without_key().await?;
    let action = if reason.is_some() { Action::AccountBanned } else { Action::AccountUnbanned };
    write_ban(app, &tx, AuditEntry::of_operator(action), &user.id, reason).await?;
    forget(&tx, &user.id);
    tx.commit(()).await
}

/// Bans an account from the platform: it can only sign out. Banning again replaces the reason.
/// Administrators only; only the operator can ban an administrator.
///
/// # Errors
/// [`Error::Forbidden`], [`Error::Invalid`], [`Error::NotFound`].
pub async fn ban_user(app: &App, actor: &User, user_id: &str, reason: &str) -> Result<User> {
    check_admin(actor)?;
    let reason = BAN_REASON.check(reason)?;
    let tx = app.begin(actor).await?;
    if let Some(done) = tx.replayed()? {
        return Ok(done);
    }
    if get_account(&tx, user_id).await?.is_admin {
        return Err(Error::invalid("userId", "Only the operator can ban an administrator"));
    }
    let entry = AuditEntry::of(actor, Action::AccountBanned);
    let user = write_ban(app, &tx, entry, user_id, Some(reason)).await?;
    // The support timers release the customers of the banned account.
    tx.after_commit(|app| app.support_timers_wake.notify_one());
    forget(&tx, &user.id);
    tx.commit(user).await
}

/// Lifts the ban of an account. Administrators only.
///
/// # Errors
/// [`Error::Forbidden`], [`Error::NotFound`], [`Error::Missing`] if it is not banned.
pub async fn unban_user(app: &App, actor: &User, user_id: &str) -> Result<User> {
    check_admin(actor)?;
    let tx = app.begin(actor).await?;
    if let Some(done) = tx.replayed()? {
        return Ok(done);
    }
    if get_account(&tx, user_id).await?.banned_at.is_none() {
        return Err(Error::Missing("The user is not banned"));
    }
    let entry = AuditEntry::of(actor, Action::AccountUnbanned);
    let user = write_ban(app, &tx, entry, user_id, None).await?;
    forget(&tx, &user.id);
    tx.commit(user).await
}

async fn get_account(tx: &UnitOfWork, user_id: &str) -> Result<User> {
    let found = user::Entity::find_by_id(user_id).filter(user::Column::DeletedAt.is_null()).one(tx).await?;
    found.ok_or(Error::NotFound("User"))
}

async fn write_ban(
    app: &App,
    tx: &UnitOfWork,
    entry: AuditEntry<'_>,
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
    audit::record(app, tx, entry.to(user_id).with(details)).await?;
    Ok(user)
}

/// Filter of an account search.
#[derive(Clone, Debug, Default)]
pub struct UserSearch {
    /// Part of the e-mail address, ignoring case, or of the name; or the whole id.
    pub search: Option<String>,
    /// Only banned accounts, or only others.
    pub banned: Option<bool>,
    /// Only administrators, or only others.
    pub admins: Option<bool>,
}

/// Lists accounts by page, newest first. Administrators only. Account ids are opaque text, so there is no
/// cursor.
///
/// # Errors
/// [`Error::Forbidden`].
pub async fn list_accounts(
    app: &App,
    actor: &User,
    wanted: UserSearch,
    page: Option<i32>,
    limit: Option<i32>,
) -> Result<PageRows<User>> {
    check_admin(actor)?;
    let window = Page { page: Some(page.unwrap_or(1)), limit, ..Page::default() }.window("User")?;
    let mut select = user::Entity::find().filter(user::Column::DeletedAt.is_null());
    let term = fields::search_term("search", wanted.search.as_deref())?;
    if let Some(term) = term {
        let pattern = |pattern| LikeExpr::new(pattern).escape('\\');
        let address = pattern(fields::like_as_written(&fields::fold(term)));
        let name = pattern(fields::like_as_written(&fields::search_fold(term)));
        let any = Condition::any()
            .add(Expr::col(user::Column::EmailFold).like(address))
            .add(Expr::col(user::Column::NameFold).like(name))
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
    Ok(PageRows::new(rows, window, Some(total)))
}

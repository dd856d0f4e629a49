//! Lists of members: creator, moderators, then all others in the order of joining.

use std::collections::HashMap;

use entity::{
    membership::{self, Role},
    user,
};
use sea_orm::{
    ColumnTrait, Condition, EntityTrait, Order as Direction, QueryFilter, QueryOrder, QuerySelect,
};
use uuid::Uuid;

use super::access::list_visible;
use crate::{
    app::App,
    domain::{Order, PageRows, User, Window, count_each},
    error::Result,
};

/// A membership with its account.
pub type MemberRow = (membership::Model, Option<User>);

/// Filter and offset-based page of a member list.
#[derive(Clone, Copy, Debug, Default)]
pub struct MemberList {
    /// Only members of this role.
    pub role: Option<Role>,
    /// Maximum number of rows; `None` for all.
    pub limit: Option<u64>,
    /// Number of rows to skip.
    pub offset: Option<u64>,
}

/// Finds a membership with its account, without an access check.
///
/// # Errors
/// [`crate::error::Error::Internal`].
pub async fn find_member(app: &App, id: Uuid) -> Result<Option<MemberRow>> {
    Ok(membership::Entity::find_by_id(id).find_also_related(user::Entity).one(app.db.read()).await?)
}

/// Lists members by offset; returns `None` if the actor may not see the community. Unlimited by default,
/// because legacy clients search this list for themselves.
///
/// # Errors
/// [`crate::error::Error::Internal`].
pub async fn list_members_page(
    app: &App,
    actor: Option<&User>,
    id: Uuid,
    roster: MemberList,
) -> Result<Option<Vec<MemberRow>>> {
    let actor = actor.map(|actor| actor.id.as_str());
    if list_visible(app, actor, &[id]).await?.is_empty() {
        return Ok(None);
    }
    let order = order(roster.role);
    // SQLite accepts an offset only after a limit.
    let limit = roster.limit.or(roster.offset.and(u64::try_from(i64::MAX).ok()));
    let mut select = membership::Entity::find()
        .filter(membership::Column::CommunityId.eq(id))
        .filter(of_role(roster.role))
        .limit(limit)
        .offset(roster.offset);
    for column in order.rank.into_iter().chain([order.at, order.id]) {
        select = select.order_by_asc(column);
    }
    Ok(Some(select.find_also_related(user::Entity).all(app.db.read()).await?))
}

/// Lists the members of communities whose visibility the caller has checked: the same page of each, in one statement,
/// and in another their totals.
///
/// # Errors
/// [`crate::error::Error::Internal`].
pub async fn list_members(
    app: &App,
    communities: &[Uuid],
    role: Option<Role>,
    window: Window,
    total: bool,
) -> Result<HashMap<Uuid, PageRows<MemberRow>>> {
    use membership::Column::CommunityId;
    let db = app.db.read();
    let filter = of_role(role);
    let totals = if total {
        Some(count_each::<membership::Entity>(db, filter.clone(), CommunityId, communities).await?)
    } else {
        None
    };
    let select = order(role).parts(membership::Entity::find(), &filter, CommunityId, communities, window);
    let rows: Vec<MemberRow> = select.find_also_related(user::Entity).all(db).await?;
    Ok(PageRows::of_each(communities, rows, |(row, _)| row.community_id, window, totals.as_ref()))
}

fn of_role(role: Option<Role>) -> Condition {
    Condition::all().add_option(role.map(|role| membership::Column::Role.eq(role)))
}

/// Within one role the rank is constant; without it, an index provides the order.
fn order(role: Option<Role>) -> Order<membership::Column> {
    Order {
        rank: role.is_none().then_some(membership::Column::RoleRank),
        at: membership::Column::JoinedAt,
        id: membership::Column::Id,
        direction: Direction::Asc,
    }
}

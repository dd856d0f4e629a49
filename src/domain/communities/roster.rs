//! Who is in a community: its creator, its moderators, then everybody else as they came.

use entity::{
    membership::{self, Role},
    user,
};
use sea_orm::{
    ColumnTrait, EntityTrait, Order as Direction, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect,
    Select,
};
use uuid::Uuid;

use super::access::list_visible;
use crate::{
    app::App,
    domain::{Order, Result, Slice, User, Window},
};

/// A membership and whose it is.
pub type MemberRow = (membership::Model, Option<User>);

/// Which part of the whole list is asked for by number.
#[derive(Clone, Copy, Debug, Default)]
pub struct Roster {
    /// Only members of this role.
    pub role: Option<Role>,
    /// So many at most; all unless given.
    pub limit: Option<u64>,
    /// So many are left out first.
    pub offset: Option<u64>,
}

/// All members of a community, or nothing where whoever asks may not see it. Legacy clients look for themselves in
/// this list, so it is not cut.
///
/// # Errors
/// [`crate::domain::Error::Internal`].
pub async fn list_roster(
    app: &App,
    actor: Option<&User>,
    id: Uuid,
    roster: Roster,
) -> Result<Option<Vec<MemberRow>>> {
    let actor = actor.map(|actor| actor.id.as_str());
    if list_visible(app, actor, &[id]).await?.is_empty() {
        return Ok(None);
    }
    let order = order(roster.role);
    // SQLite knows an offset only behind a limit.
    let limit = roster.limit.or(roster.offset.and(u64::try_from(i64::MAX).ok()));
    let mut select = of_community(id, roster.role).limit(limit).offset(roster.offset);
    for column in order.rank.into_iter().chain([order.at, order.id]) {
        select = select.order_by_asc(column);
    }
    Ok(Some(select.find_also_related(user::Entity).all(app.db.read()).await?))
}

/// Members of a community that the caller has already been shown.
///
/// # Errors
/// [`crate::domain::Error::Internal`].
pub async fn list_members(
    app: &App,
    id: Uuid,
    role: Option<Role>,
    window: Window,
    total: bool,
) -> Result<Slice<MemberRow>> {
    let select = of_community(id, role);
    let total = if total { Some(select.clone().count(app.db.read()).await?) } else { None };
    let select = order(role).part(select, window);
    Ok(Slice::new(select.find_also_related(user::Entity).all(app.db.read()).await?, window, total))
}

fn of_community(id: Uuid, role: Option<Role>) -> Select<membership::Entity> {
    let select = membership::Entity::find().filter(membership::Column::CommunityId.eq(id));
    match role {
        Some(role) => select.filter(membership::Column::Role.eq(role)),
        None => select,
    }
}

/// Within one role the rank says nothing, and without it an index has the order.
fn order(role: Option<Role>) -> Order<membership::Column> {
    Order {
        rank: role.is_none().then_some(membership::Column::RoleRank),
        at: membership::Column::JoinedAt,
        id: membership::Column::Id,
        direction: Direction::Asc,
    }
}

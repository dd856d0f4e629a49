//! The right to handle reports: moderators handle reports on users of a lower rank, administrators all reports.
//! A user cannot handle reports on themselves.

use entity::{
    membership::Role,
    report::{self, Column},
    space,
};
use sea_orm::{ColumnTrait, Condition, ConnectionTrait, EntityTrait, QueryFilter, sea_query::Expr};
use uuid::Uuid;

use crate::{
    domain::{
        User,
        communities::{self, Action},
    },
    error::{Error, Result},
};

/// Condition for the reports of a community that the actor may handle; `None` without that right.
pub(super) async fn of_community(
    db: &impl ConnectionTrait,
    actor: &User,
    community: Uuid,
) -> Result<Option<Condition>> {
    let here = against_others(actor).add(Column::CommunityId.eq(community));
    if actor.is_admin {
        return Ok(Some(here));
    }
    let own = communities::find_membership(db, community, &actor.id).await?;
    let role = own.map(|own| own.role).filter(|role| communities::may(*role, Action::SeeReports));
    Ok(role.map(|role| here.add(below(role))))
}

/// Condition for the reports of a space, which its owner handles; `None` without that right.
pub(super) async fn of_space(
    db: &impl ConnectionTrait,
    actor: &User,
    space: Uuid,
) -> Result<Option<Condition>> {
    let here = against_others(actor).add(Column::SpaceId.eq(space));
    if actor.is_admin {
        return Ok(Some(here));
    }
    let space = space::Entity::find_by_id(space).one(db).await?;
    let owns = space.is_some_and(|space| space.owner_id == actor.id);
    Ok(owns.then(|| here.add(below(Role::Creator))))
}

/// Condition for all reports; `None` unless the actor is an administrator.
pub(super) fn of_platform(actor: &User) -> Option<Condition> {
    actor.is_admin.then(|| against_others(actor))
}

/// Returns a report that the actor may handle.
///
/// # Errors
/// [`Error::NotFound`], also if the actor may not handle it.
pub(super) async fn get(db: &impl ConnectionTrait, actor: &User, id: Uuid) -> Result<report::Model> {
    const REPORT_NOT_FOUND: Error = Error::NotFound("Report");
    let found = report::Entity::find_by_id(id).one(db).await?.ok_or(REPORT_NOT_FOUND)?;
    let desk = match (found.community_id, found.space_id) {
        (Some(community), _) => of_community(db, actor, community).await?,
        (None, Some(space)) => of_space(db, actor, space).await?,
        (None, None) => of_platform(actor),
    };
    let seen = report::Entity::find_by_id(id).filter(desk.ok_or(REPORT_NOT_FOUND)?).one(db).await?;
    seen.ok_or(REPORT_NOT_FOUND)
}

fn against_others(actor: &User) -> Condition {
    Condition::all().add(Condition::any().add(Column::UserId.is_null()).add(Column::UserId.ne(&actor.id)))
}

fn below(role: Role) -> Condition {
    Condition::all().add(Column::UserRank.gt(communities::rank(role)))
}

/// Removes names and notes of an account that is being deleted from all reports; the reports stay.
pub(in crate::domain) async fn forget(tx: &impl ConnectionTrait, actor: &User) -> Result<()> {
    const DELETED_USER: &str = "Deleted user";
    report::Entity::update_many()
        .col_expr(Column::ReporterName, Expr::val(DELETED_USER))
        .col_expr(Column::Note, Expr::val(None::<String>))
        .filter(Column::ReporterId.eq(&actor.id))
        .exec(tx)
        .await?;
    report::Entity::update_many()
        .col_expr(Column::UserName, Expr::val(DELETED_USER))
        .filter(Column::UserId.eq(&actor.id))
        .exec(tx)
        .await?;
    Ok(())
}

//! Archiving a community.

use chrono::{DateTime, Utc};
use entity::{
    community::{self, Status},
    membership,
};
use sea_orm::{
    ActiveModelTrait, ActiveValue::Set, ColumnTrait, EntityTrait, IntoActiveModel, QueryFilter,
    sea_query::Expr,
};

use super::community_tallies::{counted, shift};
use crate::{
    app::App,
    database::Transaction,
    domain::{
        User,
        audit::{self, AuditEntry},
        lounges, verification,
    },
    error::Result,
};

/// Archives a locked community unless it is archived.
pub(super) async fn close(
    app: &App,
    tx: &Transaction,
    actor: &User,
    community: community::Model,
) -> Result<community::Model> {
    if community.status == Status::Archived {
        return Ok(community);
    }
    let was = counted(&community);
    let id = community.id;
    let mut row = community.into_active_model();
    row.status = Set(Status::Archived);
    row.updated_at = Set(app.clock.now());
    let community = row.update(tx).await?;
    shift(tx, Some(was), counted(&community)).await?;
    membership::Entity::update_many()
        .col_expr(membership::Column::AgreedFee, Expr::val(None::<i64>))
        .col_expr(membership::Column::RenewAt, Expr::val(None::<DateTime<Utc>>))
        .filter(membership::Column::CommunityId.eq(id))
        .filter(membership::Column::AgreedFee.is_not_null())
        .exec(tx)
        .await?;
    verification::withdraw(app, tx, id, "The community was archived").await?;
    lounges::stop_renewing(tx, id).await?;
    audit::record(app, tx, AuditEntry::of(actor, audit::Action::CommunityArchived).within(id)).await?;
    Ok(community)
}

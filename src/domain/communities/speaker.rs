//! Who may speak in a community. It is asked while a conversation is locked, so it takes one statement.

use chrono::{DateTime, Utc};
use entity::{
    community::{self, Status},
    membership, mute,
};
use sea_orm::{
    ColumnTrait, ConnectionTrait, DbErr, EntityTrait, FromQueryResult, JoinType, QueryFilter, QueryResult,
    QuerySelect, RelationTrait,
};
use uuid::Uuid;

use super::{
    access::{check_active, check_current},
    members::is_in_force,
};
use crate::{
    app::App,
    domain::{Error, Result, User},
};

/// A member, and what can keep them from speaking.
struct Speaker {
    membership: membership::Model,
    community: Status,
    /// Until when they are muted, where they are.
    muted: Option<Option<DateTime<Utc>>>,
}

impl FromQueryResult for Speaker {
    fn from_query_result(row: &QueryResult, prefix: &str) -> Result<Self, DbErr> {
        let is_muted = row.try_get::<Option<Uuid>>(prefix, "mute_id")?.is_some();
        Ok(Self {
            membership: membership::Model::from_query_result(row, prefix)?,
            community: row.try_get(prefix, "community_status")?,
            muted: is_muted.then(|| row.try_get(prefix, "muted_until")).transpose()?,
        })
    }
}

/// The actor's membership of an open community, for speaking: one that has not run out, and whose owner is not muted.
///
/// # Errors
/// [`Error::Forbidden`] with the refusal, [`Error::MembershipExpired`], [`Error::Muted`], [`Error::Invalid`] where the
/// community is not active, in this order.
pub async fn get_speaker(
    app: &App,
    db: &impl ConnectionTrait,
    actor: &User,
    community_id: Uuid,
    refusal: &'static str,
) -> Result<membership::Model> {
    let found: Option<Speaker> = membership::Entity::find()
        .join(JoinType::InnerJoin, membership::Relation::Community.def())
        .column_as(community::Column::Status, "community_status")
        .join_rev(JoinType::LeftJoin, mute::Relation::Member.def())
        .column_as(mute::Column::Id, "mute_id")
        .column_as(mute::Column::Until, "muted_until")
        .filter(membership::Column::CommunityId.eq(community_id))
        .filter(membership::Column::UserId.eq(&actor.id))
        .into_model()
        .one(db)
        .await?;
    let Speaker { membership, community, muted } = found.ok_or(Error::Forbidden(refusal))?;
    let now = app.clock.now();
    let own = check_current(membership, now)?;
    if muted.is_some_and(|until| is_in_force(until, now)) {
        return Err(Error::Muted);
    }
    check_active(community)?;
    Ok(own)
}

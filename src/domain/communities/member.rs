//! Checks whether a member may post, in one statement, because a conversation is locked meanwhile.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use entity::{
    community::{self, Status},
    membership, mute,
};
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, DbErr, EntityTrait, FromQueryResult, JoinType, QueryFilter,
    QueryResult, QuerySelect, RelationTrait,
};
use uuid::Uuid;

use super::{
    access::{check_active, check_current},
    members::is_in_force,
};
use crate::{
    app::App,
    domain::User,
    error::{Error, Result},
};

/// A membership with everything that can prevent its owner from posting.
pub(in crate::domain) struct Member {
    membership: membership::Model,
    community: Status,
    /// `Some` if muted; holds the end of the mute, `None` inside if it has no end.
    muted: Option<Option<DateTime<Utc>>>,
}

impl FromQueryResult for Member {
    fn from_query_result(row: &QueryResult, prefix: &str) -> Result<Self, DbErr> {
        let is_muted = row.try_get::<Option<Uuid>>(prefix, "mute_id")?.is_some();
        Ok(Self {
            membership: membership::Model::from_query_result(row, prefix)?,
            community: row.try_get(prefix, "community_status")?,
            muted: is_muted.then(|| row.try_get(prefix, "muted_until")).transpose()?,
        })
    }
}

/// Returns the actor's membership if they may post: it has not expired and they are not muted.
///
/// # Errors
/// [`Error::Forbidden`] with `refusal`, [`Error::MembershipExpired`], [`Error::Muted`], [`Error::Invalid`]
/// if the community is not active, in this order.
pub async fn get_member_state(
    app: &App,
    db: &impl ConnectionTrait,
    actor: &User,
    community_id: Uuid,
    refusal: &'static str,
) -> Result<membership::Model> {
    let found = list_member_states(db, &[(community_id, &actor.id)]).await?.pop();
    found.ok_or(Error::Forbidden(refusal))?.check(app.clock.now())
}

/// Returns the members among these (community, user) pairs, in no order.
pub(in crate::domain) async fn list_member_states(
    db: &impl ConnectionTrait,
    people: &[(Uuid, &str)],
) -> Result<Vec<Member>> {
    let mut by_community: BTreeMap<Uuid, Vec<&str>> = BTreeMap::new();
    for (community, user) in people {
        by_community.entry(*community).or_default().push(user);
    }
    let these = by_community.into_iter().map(|(community, mut users)| {
        users.sort_unstable();
        users.dedup();
        let here = membership::Column::CommunityId.eq(community);
        Condition::all().add(here).add(membership::Column::UserId.is_in(users))
    });
    Ok(membership::Entity::find()
        .join(JoinType::InnerJoin, membership::Relation::Community.def())
        .column_as(community::Column::Status, "community_status")
        .join_rev(JoinType::LeftJoin, mute::Relation::Member.def())
        .column_as(mute::Column::Id, "mute_id")
        .column_as(mute::Column::Until, "muted_until")
        .filter(these.fold(Condition::any(), Condition::add))
        .into_model()
        .all(db)
        .await?)
}

impl Member {
    /// Whether this is the membership of this person in this community.
    pub(in crate::domain) fn is(&self, community_id: Uuid, user_id: &str) -> bool {
        self.membership.community_id == community_id && self.membership.user_id == user_id
    }

    /// Refuses an expired membership.
    ///
    /// # Errors
    /// [`Error::MembershipExpired`].
    pub(in crate::domain) fn check_current(&self, now: DateTime<Utc>) -> Result<()> {
        check_current(self.membership.clone(), now).map(drop)
    }

    /// Refuses an expired membership, and a muted member.
    ///
    /// # Errors
    /// [`Error::MembershipExpired`], [`Error::Muted`], in this order.
    pub(in crate::domain) fn check_speech(&self, now: DateTime<Utc>) -> Result<()> {
        self.check_current(now)?;
        if self.muted.is_some_and(|until| is_in_force(until, now)) {
            return Err(Error::Muted);
        }
        Ok(())
    }

    /// Returns the membership if its owner may post now.
    ///
    /// # Errors
    /// [`Error::MembershipExpired`], [`Error::Muted`], [`Error::Invalid`] if the community is not active, in this
    /// order.
    pub(in crate::domain) fn check(&self, now: DateTime<Utc>) -> Result<membership::Model> {
        self.check_speech(now)?;
        check_active(self.community)?;
        Ok(self.membership.clone())
    }
}

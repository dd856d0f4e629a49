//! Conditions for the conversations that a user may see, for lists. `access.rs` judges a single conversation by the same
//! rules; the walk over all fields and identities (`tests/it/rights`) compares the two.

use chrono::{DateTime, Utc};
use entity::{
    conversation::{self, Kind},
    membership, participant, space_session, support_chat,
};
use sea_orm::{
    ColumnTrait, Condition, EntityTrait, Iterable, JoinType, QueryFilter, QuerySelect, QueryTrait,
    RelationTrait,
    sea_query::{SelectStatement, UnionType},
};
use uuid::Uuid;

use crate::domain::{communities, spaces};

/// Condition for a user's own conversations: as member, session participant or customer; support chats also
/// as assignee. `among` restricts it to these conversations.
pub(super) fn own(user_id: &str, now: DateTime<Utc>, among: Option<&[Uuid]>) -> Condition {
    let as_member = conversation::Column::CommunityId.in_subquery(communities_of(user_id));
    let in_room = Condition::all().add(conversation::Column::Kind.eq(Kind::Room)).add(as_member.clone());
    let as_customer = Condition::all()
        .add(conversation::Column::CustomerId.eq(user_id))
        .add(conversation::Column::CommunityId.not_in_subquery(communities::banned_from(user_id, now)))
        // A lounge chat requires a membership.
        .add(Condition::any().add(conversation::Column::Kind.ne(Kind::Lounge)).add(as_member));
    let assigned = support_chat::Entity::find()
        .select_only()
        .column(support_chat::Column::ConversationId)
        .apply_if(among, |select, ids| {
            select.filter(support_chat::Column::ConversationId.is_in(ids.iter().copied()))
        })
        .filter(support_chat::Column::AssigneeId.eq(user_id))
        .filter(support_chat::Column::CommunityId.in_subquery(on_team(user_id)));
    // A union, so that each part uses its own index; alternatives in one condition would scan the table.
    let ids = |condition: Condition| {
        conversation::Entity::find()
            .select_only()
            .column(conversation::Column::Id)
            .apply_if(among, |select, ids| select.filter(conversation::Column::Id.is_in(ids.iter().copied())))
            .filter(condition)
            .into_query()
    };
    let mut all = ids(in_room);
    all.union(UnionType::All, ids(as_customer))
        .union(UnionType::All, assigned.into_query())
        .union(UnionType::All, ids(of_own_sessions(user_id)));
    Condition::all().add(conversation::Column::Id.in_subquery(all))
}

/// Condition for the conversations that a user may see: as [`super::access::judge_access`] for reading, but
/// including expired memberships.
pub(super) fn visible(user_id: &str, now: DateTime<Utc>) -> Condition {
    let as_member = conversation::Column::CommunityId.in_subquery(communities_of(user_id));
    let of_kind = |kind| Condition::all().add(conversation::Column::Kind.eq(kind));
    let as_customer = || conversation::Column::CustomerId.eq(user_id);
    let served = conversation::Column::CommunityId.in_subquery(on_team(user_id));
    let not_banned =
        conversation::Column::CommunityId.not_in_subquery(communities::banned_from(user_id, now));
    Condition::any()
        .add(of_kind(Kind::Room).add(as_member.clone()))
        .add(of_kind(Kind::Lounge).add(as_customer()).add(as_member))
        .add(of_kind(Kind::Support).add(as_customer()).add(not_banned))
        .add(of_kind(Kind::Support).add(conversation::Column::CustomerId.ne(user_id)).add(served))
        .add(of_kind(Kind::SpaceSession).add(in_visible_space(user_id)))
}

/// Selects the communities whose customers the user serves.
fn on_team(user_id: &str) -> SelectStatement {
    let serving = membership::Role::iter().filter(|role| communities::may(*role, communities::Action::Serve));
    let own = membership::Entity::find()
        .select_only()
        .column(membership::Column::CommunityId)
        .filter(membership::Column::UserId.eq(user_id))
        .filter(membership::Column::Role.is_in(serving));
    own.into_query()
}

/// Selects the communities that the user is a member of.
fn communities_of(user_id: &str) -> SelectStatement {
    let own = membership::Entity::find()
        .select_only()
        .column(membership::Column::CommunityId)
        .filter(membership::Column::UserId.eq(user_id));
    own.into_query()
}

/// Condition for conversations of sessions in spaces that the user may see.
fn in_visible_space(user_id: &str) -> Condition {
    let sessions = space_session::Entity::find()
        .select_only()
        .column(space_session::Column::Id)
        .join(JoinType::InnerJoin, space_session::Relation::Space.def())
        .filter(spaces::visible_to(user_id));
    Condition::all().add(conversation::Column::SpaceSessionId.in_subquery(sessions.into_query()))
}

/// Condition for conversations of sessions that the user participates or participated in, if they may see
/// the space.
fn of_own_sessions(user_id: &str) -> Condition {
    let sessions = participant::Entity::find()
        .select_only()
        .column(participant::Column::SessionId)
        .join(JoinType::InnerJoin, participant::Relation::Session.def())
        .join(JoinType::InnerJoin, space_session::Relation::Space.def())
        .filter(participant::Column::UserId.eq(user_id))
        .filter(spaces::visible_to(user_id));
    Condition::all().add(conversation::Column::SpaceSessionId.in_subquery(sessions.into_query()))
}

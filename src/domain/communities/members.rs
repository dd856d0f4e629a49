//! The only functions that add a member, remove one or change a role. Each requires a transaction that has
//! locked the community's row, so that the member count equals the number of rows.

use chrono::{DateTime, Utc};
use entity::{
    ban, community,
    conversation_event::Kind,
    membership::{self, Role},
    user,
};
use sea_orm::{
    ActiveModelTrait,
    ActiveValue::Set,
    ColumnTrait, Condition, ConnectionTrait, EntityTrait, IntoActiveModel, QueryFilter, QueryOrder,
    QuerySelect, QueryTrait,
    sea_query::{Expr, ExprTrait, LockType, SelectStatement},
};
use uuid::Uuid;

use super::{
    aliases,
    archive::close,
    lifecycle::Lifecycle,
    roles::{is_team, rank},
};
use crate::{
    app::{App, Change},
    domain::{
        UnitOfWork, User, agents,
        conversations::{self, Person},
    },
    error::{Error, Result},
};

/// Why a membership ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Departure {
    /// The member left.
    Left,
    /// A moderator or the creator removed the member.
    Removed,
    /// The member was banned.
    Banned,
}

/// Returns a user's membership, or `None`.
///
/// # Errors
/// [`Error::Internal`].
pub async fn find(
    db: &impl ConnectionTrait,
    community_id: Uuid,
    user_id: &str,
) -> Result<Option<membership::Model>> {
    Ok(membership::Entity::find()
        .filter(membership::Column::CommunityId.eq(community_id))
        .filter(membership::Column::UserId.eq(user_id))
        .one(db)
        .await?)
}

/// Adds a member who is not banned. Every way into a community ends here.
pub(super) async fn admit(
    app: &App,
    tx: &UnitOfWork,
    community: &community::Model,
    user_id: &str,
    role: Role,
    lifecycle: Lifecycle,
) -> Result<membership::Model> {
    refuse_banned(app, tx, community.id, user_id).await?;
    // An account deletion leaves all communities it finds. This lock orders the two: either the deletion
    // finds this membership, or this finds the account deleted.
    let account = user::Entity::find_by_id(user_id).lock(LockType::Share).one(tx).await?;
    let account = account.filter(|account| account.deleted_at.is_none()).ok_or(Error::Unauthenticated)?;
    let mut row = membership::ActiveModel {
        id: Set(app.new_id()?),
        community_id: Set(community.id),
        user_id: Set(user_id.to_owned()),
        role: Set(role),
        role_rank: Set(rank(role)),
        display_name: Set(aliases::find(tx, community.id, user_id).await?),
        joined_at: Set(app.clock.now()),
        ..Default::default()
    };
    lifecycle.write(&mut row);
    let membership = row.insert(tx).await?;
    count(tx, community.id, 1).await?;
    record_for(app, tx, account, &membership, Kind::MemberJoined).await?;
    conversations::begin_reading(tx, app.clock.now(), community.id, user_id).await?;
    Ok(membership)
}

/// Deletes a membership.
pub(super) async fn dismiss(
    app: &App,
    tx: &UnitOfWork,
    membership: membership::Model,
    why: Departure,
) -> Result<()> {
    let kind = match why {
        Departure::Left => Kind::MemberLeft,
        Departure::Removed | Departure::Banned => Kind::MemberRemoved,
    };
    // Written first: the entries need the alias of the membership.
    record_membership(app, tx, &membership, kind).await?;
    record_in_lounge_chat(app, tx, &membership, kind).await?;
    membership::Entity::delete_by_id(membership.id).exec(tx).await?;
    // An agent reply has its own event log, which does not record departures.
    agents::revalidate_listeners(tx, membership.community_id).await?;
    if is_team(membership.role) {
        // The room's event ends subscriptions to the room in order; customer chats and the support queue
        // have no such event.
        revalidate_access(tx, &membership.user_id);
    }
    leave_customers(tx, membership.role);
    count(tx, membership.community_id, -1).await
}

/// Records a membership change in the event log of the community's room.
pub(super) async fn record_membership(
    app: &App,
    tx: &UnitOfWork,
    membership: &membership::Model,
    kind: Kind,
) -> Result<()> {
    let Some(account) = user::Entity::find_by_id(&membership.user_id).one(tx).await? else { return Ok(()) };
    record_for(app, tx, account, membership, kind).await
}

async fn record_for(
    app: &App,
    tx: &UnitOfWork,
    account: User,
    membership: &membership::Model,
    kind: Kind,
) -> Result<()> {
    let person = Person::known_as(account, membership.display_name.clone());
    tx.publish(
        conversations::record_in_room(tx, app.clock.now(), membership.community_id, kind, person).await?,
    );
    Ok(())
}

/// Records in the member's lounge chat that the membership ended, which ends its subscriptions.
async fn record_in_lounge_chat(
    app: &App,
    tx: &UnitOfWork,
    membership: &membership::Model,
    kind: Kind,
) -> Result<()> {
    let (community_id, user_id) = (membership.community_id, &membership.user_id);
    let Some(talk) = conversations::find_lounge_chat(tx, community_id, user_id).await? else { return Ok(()) };
    let Some(account) = user::Entity::find_by_id(user_id).one(tx).await? else { return Ok(()) };
    let person = Person::known_as(account, membership.display_name.clone());
    tx.publish(conversations::record_in_lounge_chat(tx, app.clock.now(), talk.id, kind, person).await?);
    Ok(())
}

/// Changes a member's role. Ends automatic renewal, because team members pay nothing.
pub(super) async fn assign(
    app: &App,
    tx: &UnitOfWork,
    membership: membership::Model,
    role: Role,
) -> Result<membership::Model> {
    leave_customers(tx, membership.role);
    let mut row = membership.into_active_model();
    row.role = Set(role);
    row.role_rank = Set(rank(role));
    row.agreed_fee = Set(None);
    row.renew_at = Set(None);
    let membership = row.update(tx).await?;
    record_membership(app, tx, &membership, Kind::MemberChanged).await?;
    revalidate_access(tx, &membership.user_id);
    Ok(membership)
}

/// After commit, revalidates the access grants of the user's subscriptions.
fn revalidate_access(tx: &UnitOfWork, user_id: &str) {
    tx.publish([Change::Rights(user_id.to_owned())]);
}

/// After commit, wakes the support timers, which release the customers of a former team member.
fn leave_customers(tx: &UnitOfWork, role: Role) {
    if is_team(role) {
        tx.after_commit(|app| app.support_timers_wake.notify_one());
    }
}

/// Ends all memberships of an account that is being deleted: archives the communities it runs, leaves the
/// others.
pub(in crate::domain) async fn leave_all(app: &App, tx: &UnitOfWork, actor: &User) -> Result<()> {
    let own = membership::Entity::find()
        .filter(membership::Column::UserId.eq(&actor.id))
        .order_by_asc(membership::Column::CommunityId)
        .all(tx)
        .await?;
    // Locks all of them before any change, in id order.
    let ids = own.iter().map(|membership| membership.community_id);
    let communities = community::Entity::find()
        .filter(community::Column::Id.is_in(ids))
        .order_by_asc(community::Column::Id)
        .lock_exclusive()
        .all(tx)
        .await?;
    for community in communities {
        // Read again under the lock: a ban or a transfer may have come first.
        let Some(membership) = find(tx, community.id, &actor.id).await? else { continue };
        if membership.role == Role::Creator {
            close(app, tx, actor, community).await?;
            if membership.display_name.is_some() {
                let mut row = membership.into_active_model();
                row.display_name = Set(None);
                row.update(tx).await?;
            }
        } else {
            dismiss(app, tx, membership, Departure::Left).await?;
        }
    }
    aliases::forget(tx, &actor.id).await
}

/// Selects the communities that the user is banned from at `now`.
pub(in crate::domain) fn banned_from(user_id: &str, now: DateTime<Utc>) -> SelectStatement {
    let banned = ban::Entity::find()
        .select_only()
        .column(ban::Column::CommunityId)
        .filter(ban::Column::UserId.eq(user_id))
        .filter(Condition::any().add(ban::Column::Until.is_null()).add(ban::Column::Until.gt(now)));
    banned.into_query()
}

/// Refuses a banned user.
pub(in crate::domain) async fn refuse_banned(
    app: &App,
    tx: &impl ConnectionTrait,
    community_id: Uuid,
    user_id: &str,
) -> Result<()> {
    let ban = ban::Entity::find()
        .filter(ban::Column::CommunityId.eq(community_id))
        .filter(ban::Column::UserId.eq(user_id))
        .one(tx)
        .await?;
    match ban {
        Some(ban) if is_in_force(ban.until, app.clock.now()) => Err(Error::MemberBanned),
        _ => Ok(()),
    }
}

/// Returns whether a ban or mute with this end is in force.
pub(super) fn is_in_force(until: Option<DateTime<Utc>>, now: DateTime<Utc>) -> bool {
    until.is_none_or(|until| now < until)
}

async fn count(tx: &impl ConnectionTrait, community_id: Uuid, by: i64) -> Result<()> {
    let sum = Expr::col(community::Column::MemberCount).add(by);
    community::Entity::update_many()
        .col_expr(community::Column::MemberCount, sum)
        .filter(community::Column::Id.eq(community_id))
        .exec(tx)
        .await?;
    Ok(())
}

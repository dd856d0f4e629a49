//! The one way into a community, the one way out, and the one way to another role. All take the transaction in which
//! the community's row is locked, so that the count of members is that of the rows.

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
    ColumnTrait, ConnectionTrait, EntityTrait, IntoActiveModel, QueryFilter, QueryOrder, QuerySelect,
    sea_query::{Expr, ExprTrait, LockType},
};
use uuid::Uuid;

use super::{
    aliases,
    lifecycle::Lifecycle,
    manage::close,
    roles::{is_team, rank},
};
use crate::{
    app::App,
    domain::{
        Error, Result, User, Write, agents,
        conversations::{self, Person},
    },
};

/// Why somebody is no longer a member.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Departure {
    /// They left.
    Left,
    /// They were sent away.
    Removed,
    /// They were banned.
    Banned,
}

/// Finds somebody's membership.
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

/// Lets somebody in who is not a member, unless they are banned: whatever brings people in ends here.
pub(super) async fn admit(
    app: &App,
    tx: &Write,
    community: &community::Model,
    user_id: &str,
    role: Role,
    lifecycle: Lifecycle,
) -> Result<membership::Model> {
    refuse_banned(app, tx, community.id, user_id).await?;
    // An account that is being deleted leaves every community that it finds itself in: it waits here until this is
    // one of them, or this waits until it is gone.
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
    tell_of(app, tx, account, &membership, Kind::MemberJoined).await?;
    conversations::begin_reading(tx, app.clock.now(), community.id, user_id).await?;
    Ok(membership)
}

/// Takes somebody's membership away.
pub(super) async fn dismiss(
    app: &App,
    tx: &Write,
    membership: membership::Model,
    why: Departure,
) -> Result<()> {
    let kind = match why {
        Departure::Left => Kind::MemberLeft,
        Departure::Removed | Departure::Banned => Kind::MemberRemoved,
    };
    // As whom they were known, before that is gone.
    tell(app, tx, &membership, kind).await?;
    tell_talk(app, tx, &membership, kind).await?;
    membership::Entity::delete_by_id(membership.id).exec(tx).await?;
    // An answer has a log of its own, which tells nothing of this.
    agents::doubt_heard(tx, membership.community_id).await?;
    if is_team(membership.role) {
        // The room's own event ends whatever listens to the room, behind all that came before it; the chats with
        // customers and their queue have none.
        doubt(tx, &membership.user_id);
    }
    leave_customers(tx, membership.role);
    count(tx, membership.community_id, -1).await
}

/// Writes what happened to a member into the log of the community's room.
pub(super) async fn tell(app: &App, tx: &Write, membership: &membership::Model, kind: Kind) -> Result<()> {
    let Some(account) = user::Entity::find_by_id(&membership.user_id).one(tx).await? else { return Ok(()) };
    tell_of(app, tx, account, membership, kind).await
}

async fn tell_of(
    app: &App,
    tx: &Write,
    account: User,
    membership: &membership::Model,
    kind: Kind,
) -> Result<()> {
    let person = Person::known_as(account, membership.display_name.clone());
    tx.tell(conversations::record_in_room(tx, app.clock.now(), membership.community_id, kind, person).await?);
    Ok(())
}

/// Writes into the log of somebody's own talk that they are no longer a member, which ends whatever listens to it.
async fn tell_talk(app: &App, tx: &Write, membership: &membership::Model, kind: Kind) -> Result<()> {
    let (community_id, user_id) = (membership.community_id, &membership.user_id);
    let Some(talk) = conversations::find_talk(tx, community_id, user_id).await? else { return Ok(()) };
    let Some(account) = user::Entity::find_by_id(user_id).one(tx).await? else { return Ok(()) };
    let person = Person::known_as(account, membership.display_name.clone());
    tx.tell(conversations::record_in_talk(tx, app.clock.now(), talk.id, kind, person).await?);
    Ok(())
}

/// Gives a member another role. The team has nothing to pay, so nothing renews itself from there on.
pub(super) async fn assign(
    app: &App,
    tx: &Write,
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
    tell(app, tx, &membership, Kind::MemberChanged).await?;
    doubt(tx, &membership.user_id);
    Ok(membership)
}

/// Once it is committed, whatever somebody listens to asks again whether they may.
fn doubt(tx: &Write, user_id: &str) {
    let user_id = user_id.to_owned();
    tx.after(move |app| app.access.changed(&user_id));
}

/// Once it is committed, nobody keeps customers whom they no longer serve.
fn leave_customers(tx: &Write, role: Role) {
    if is_team(role) {
        tx.after(|app| app.tending.notify_one());
    }
}

/// Takes the actor out of every community: their own are closed, the others are left. For an account that ends.
pub(in crate::domain) async fn leave_all(app: &App, tx: &Write, actor: &User) -> Result<()> {
    let own = membership::Entity::find()
        .filter(membership::Column::UserId.eq(&actor.id))
        .order_by_asc(membership::Column::CommunityId)
        .all(tx)
        .await?;
    // All of them before anything changes, in the order of the ids.
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

/// Refuses those who are banned.
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

/// Whether a ban or a mute still holds.
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

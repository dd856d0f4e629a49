//! Moderation: roles, transfer, removal, bans and mutes.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use entity::{
    ban,
    community::{self, Status},
    conversation_event::Kind,
    membership::{self, Role},
    mute, user,
};
use sea_orm::{
    ActiveEnum, ActiveModelTrait, ActiveValue::Set, ColumnTrait, Condition, ConnectionTrait, EntityTrait,
    IntoActiveModel, Order as Direction, QueryFilter, sea_query::OnConflict,
};
use serde_json::json;
use uuid::Uuid;

use super::{
    access::get_locked,
    manage::get_managed,
    members::{Departure, assign, dismiss, find, is_in_force, record_membership},
    own::list_own,
    roles::{Action, may, outranks},
    rules,
};
use crate::{
    app::{App, Change},
    domain::{
        Order, PageRows, User, Window, agents,
        audit::{self, AuditEntry},
        conversations, count_each, lounges, verification,
    },
    error::{Error, Result},
};

/// End and reason of a ban or mute.
#[derive(Clone, Debug, Default)]
pub struct Sanction {
    /// When it ends; `None` if it is permanent.
    pub until: Option<DateTime<Utc>>,
    /// At most 500 characters.
    pub reason: Option<String>,
}

impl Sanction {
    fn check(self, now: DateTime<Utc>) -> Result<Self> {
        if self.until.is_some_and(|until| until <= now) {
            return Err(Error::invalid("until", "until must be in the future"));
        }
        Ok(Self { until: self.until, reason: self.reason.map(rules::reason).transpose()? })
    }
}

/// Changes a member's role. Creator only; the creator's own role changes only by [`transfer`].
///
/// # Errors
/// [`Error::NotFound`], [`Error::Forbidden`], [`Error::Invalid`].
pub async fn set_role(
    app: &App,
    actor: &User,
    id: Uuid,
    user_id: &str,
    role: Role,
) -> Result<membership::Model> {
    let tx = app.begin(actor).await?;
    get_managed(&tx, actor, id, Action::SetRole).await?;
    if let Some(done) = tx.replayed()? {
        return Ok(done);
    }
    let member = get_member(&tx, id, user_id).await?;
    if role == Role::Creator || member.role == Role::Creator {
        return Err(Error::invalid("role", "A community has one creator: use transferOwnership"));
    }
    let was = member.role;
    let member = assign(app, &tx, member, role).await?;
    if was != role {
        let entry = AuditEntry::of(actor, audit::Action::RoleChanged).within(id).to(user_id);
        audit::record(app, &tx, entry.with(json!({ "from": was.to_value(), "to": role.to_value() }))).await?;
    }
    tx.commit(member).await
}

/// Transfers a community to one of its members; the former creator becomes a moderator. Creator only.
///
/// # Errors
/// [`Error::NotFound`], [`Error::Forbidden`], [`Error::Invalid`] if the user is the creator or a banned
/// account.
pub async fn transfer(app: &App, actor: &User, id: Uuid, user_id: &str) -> Result<community::Model> {
    let tx = app.begin(actor).await?;
    if let Some(done) = tx.replayed()? {
        // The role ended with the first request: a hidden community is shown to members only.
        let community = get_locked(&tx, id).await?;
        let is_visible = community.status == Status::Active || find(&tx, id, &actor.id).await?.is_some();
        return if is_visible { Ok(done) } else { Err(Error::NotFound("Community")) };
    }
    let (community, _) = get_managed(&tx, actor, id, Action::Transfer).await?;
    let heir = get_member(&tx, id, user_id).await?;
    if heir.role == Role::Creator {
        return Err(Error::invalid("userId", "The user already runs this community"));
    }
    let account = user::Entity::find_by_id(user_id).one(&tx).await?;
    if account.is_none_or(|account| account.banned_at.is_some()) {
        return Err(Error::invalid("userId", "This account cannot run a community"));
    }
    let own = get_member(&tx, id, &actor.id).await?;
    assign(app, &tx, own, Role::Moderator).await?;
    assign(app, &tx, heir, Role::Creator).await?;
    let mut row = community.into_active_model();
    row.creator_id = Set(user_id.to_owned());
    // Verification was for the former creator.
    row.verified = Set(false);
    row.updated_at = Set(app.clock.now());
    let community = row.update(&tx).await?;
    verification::withdraw(app, &tx, id, "The community has another creator now").await?;
    // A voice belongs to the former creator: the new one has not consented to its use.
    lounges::withdraw_of(app, &tx, id).await?;
    let entry = AuditEntry::of(actor, audit::Action::OwnershipTransferred).within(id).to(user_id);
    audit::record(app, &tx, entry).await?;
    tx.after_commit(|app| app.voice_jobs_wake.notify_one());
    tx.commit(community).await
}

/// Removes a member, who may rejoin. Returns the community and the id of the membership that ended. Creator
/// and moderators only, for members of a lower role.
///
/// # Errors
/// [`Error::NotFound`], [`Error::Forbidden`].
pub async fn remove(app: &App, actor: &User, id: Uuid, user_id: &str) -> Result<(community::Model, Uuid)> {
    let tx = app.begin(actor).await?;
    let (mut community, role) = get_managed(&tx, actor, id, Action::Remove).await?;
    if let Some(done) = tx.replayed()? {
        return Ok(done);
    }
    let member = get_member(&tx, id, user_id).await?;
    check_below(role, &member)?;
    let ended = member.id;
    dismiss(app, &tx, member, Departure::Removed).await?;
    audit::record(app, &tx, AuditEntry::of(actor, audit::Action::MemberRemoved).within(id).to(user_id))
        .await?;
    community.member_count -= 1;
    tx.commit((community, ended)).await
}

/// Bans a user, member or not. Returns the ban and the id of the membership that ended. Banning again replaces
/// reason and end. Creator and moderators only, for members of a lower role.
///
/// # Errors
/// [`Error::NotFound`] for the community or the user, [`Error::Forbidden`], [`Error::Invalid`].
pub async fn ban(
    app: &App,
    actor: &User,
    id: Uuid,
    user_id: &str,
    sanction: Sanction,
) -> Result<(ban::Model, Option<Uuid>)> {
    let tx = app.begin(actor).await?;
    let (_, role) = get_managed(&tx, actor, id, Action::Ban).await?;
    if let Some(done) = tx.replayed()? {
        return Ok(done);
    }
    let sanction = sanction.check(app.clock.now())?;
    let member = find(&tx, id, user_id).await?;
    let ended = member.as_ref().map(|member| member.id);
    match member {
        Some(member) => {
            check_below(role, &member)?;
            dismiss(app, &tx, member, Departure::Banned).await?;
        }
        None => check_exists(&tx, user_id).await?,
    }
    let row = ban::ActiveModel {
        id: Set(app.new_id()?),
        community_id: Set(id),
        user_id: Set(user_id.to_owned()),
        by_id: Set(actor.id.clone()),
        reason: Set(sanction.reason),
        until: Set(sanction.until),
        created_at: Set(app.clock.now()),
    };
    use ban::Column::{ById, CommunityId, CreatedAt, Reason, Until, UserId};
    let ban = ban::Entity::insert(row)
        .on_conflict(
            OnConflict::columns([CommunityId, UserId])
                .update_columns([ById, Reason, Until, CreatedAt])
                .to_owned(),
        )
        .exec_with_returning(&tx)
        .await?;
    let entry = AuditEntry::of(actor, audit::Action::MemberBanned).within(id).to(user_id);
    audit::record(app, &tx, entry.with(json!({ "until": ban.until, "reason": ban.reason }))).await?;
    if let Some(chat) = conversations::find_of_customer(&tx, id, user_id).await? {
        agents::revalidate_listeners(&tx, id).await?;
        // A customer is no member: no event ends the subscriptions to their chat.
        tx.publish([Change::Readers(vec![chat.id]), Change::Queue(id), Change::QueuePositions(id)]);
        tx.after_commit(|app| app.support_timers_wake.notify_one());
    }
    tx.commit((ban, ended)).await
}

/// Lifts a ban. Returns the community and the id of the ban. Creator and moderators only.
///
/// # Errors
/// [`Error::NotFound`], [`Error::Forbidden`], [`Error::Missing`] if the user is not banned.
pub async fn unban(app: &App, actor: &User, id: Uuid, user_id: &str) -> Result<(community::Model, Uuid)> {
    let tx = app.begin(actor).await?;
    let (community, _) = get_managed(&tx, actor, id, Action::Ban).await?;
    if let Some(done) = tx.replayed()? {
        return Ok(done);
    }
    let lifted = ban::Entity::delete_many()
        .filter(ban::Column::CommunityId.eq(id))
        .filter(ban::Column::UserId.eq(user_id))
        .exec_with_returning(&tx)
        .await?;
    let lifted = lifted.first().ok_or(Error::Missing("The user is not banned"))?.id;
    audit::record(app, &tx, AuditEntry::of(actor, audit::Action::MemberUnbanned).within(id).to(user_id))
        .await?;
    tx.commit((community, lifted)).await
}

/// Mutes a member, also after leaving and rejoining. Muting again replaces reason and end. Creator and
/// moderators only, for members of a lower role.
///
/// # Errors
/// [`Error::NotFound`], [`Error::Forbidden`], [`Error::Invalid`].
pub async fn mute(
    app: &App,
    actor: &User,
    id: Uuid,
    user_id: &str,
    sanction: Sanction,
) -> Result<membership::Model> {
    let tx = app.begin(actor).await?;
    let (_, role) = get_managed(&tx, actor, id, Action::Mute).await?;
    if let Some(done) = tx.replayed()? {
        return Ok(done);
    }
    let sanction = sanction.check(app.clock.now())?;
    let member = get_member(&tx, id, user_id).await?;
    check_below(role, &member)?;
    let details = json!({ "until": sanction.until, "reason": sanction.reason });
    let row = mute::ActiveModel {
        id: Set(app.new_id()?),
        community_id: Set(id),
        user_id: Set(user_id.to_owned()),
        by_id: Set(actor.id.clone()),
        reason: Set(sanction.reason),
        until: Set(sanction.until),
        created_at: Set(app.clock.now()),
    };
    use mute::Column::{ById, CommunityId, CreatedAt, Reason, Until, UserId};
    mute::Entity::insert(row)
        .on_conflict(
            OnConflict::columns([CommunityId, UserId])
                .update_columns([ById, Reason, Until, CreatedAt])
                .to_owned(),
        )
        .exec_without_returning(&tx)
        .await?;
    let entry = AuditEntry::of(actor, audit::Action::MemberMuted).within(id).to(user_id);
    audit::record(app, &tx, entry.with(details)).await?;
    record_membership(app, &tx, &member, Kind::MemberChanged).await?;
    tx.commit(member).await
}

/// Lifts a mute. Creator and moderators only.
///
/// # Errors
/// [`Error::NotFound`], [`Error::Forbidden`], [`Error::Missing`] if the member is not muted.
pub async fn unmute(app: &App, actor: &User, id: Uuid, user_id: &str) -> Result<membership::Model> {
    let tx = app.begin(actor).await?;
    let (_, role) = get_managed(&tx, actor, id, Action::Mute).await?;
    if let Some(done) = tx.replayed()? {
        return Ok(done);
    }
    let member = get_member(&tx, id, user_id).await?;
    check_below(role, &member)?;
    let lifted = mute::Entity::delete_many()
        .filter(mute::Column::CommunityId.eq(id))
        .filter(mute::Column::UserId.eq(user_id))
        .exec(&tx)
        .await?;
    if lifted.rows_affected == 0 {
        return Err(Error::Missing("The user is not muted"));
    }
    audit::record(app, &tx, AuditEntry::of(actor, audit::Action::MemberUnmuted).within(id).to(user_id))
        .await?;
    record_membership(app, &tx, &member, Kind::MemberChanged).await?;
    tx.commit(member).await
}

/// Lists the users who are banned from communities now, newest ban first: the same page of each list in one statement,
/// and the totals in another. Omits communities in which the actor is neither creator nor moderator.
///
/// # Errors
/// [`Error::Internal`].
pub async fn list_bans(
    app: &App,
    actor_id: &str,
    communities: &[Uuid],
    window: Window,
    total: bool,
) -> Result<HashMap<Uuid, PageRows<ban::Model>>> {
    let db = app.db.read();
    let mut own = list_own(app, actor_id, communities).await?;
    own.retain(|own| may(own.role, Action::Ban));
    let communities: Vec<Uuid> = own.into_iter().map(|own| own.community_id).collect();
    if communities.is_empty() {
        return Ok(HashMap::new());
    }
    let in_force =
        Condition::any().add(ban::Column::Until.is_null()).add(ban::Column::Until.gt(app.clock.now()));
    let in_force = Condition::all().add(in_force);
    let of = ban::Column::CommunityId;
    let totals = if total {
        Some(count_each::<ban::Entity>(db, in_force.clone(), of, &communities).await?)
    } else {
        None
    };
    let order =
        Order { rank: None, at: ban::Column::CreatedAt, id: ban::Column::Id, direction: Direction::Desc };
    let rows = order.parts(ban::Entity::find(), &in_force, of, &communities, window).all(db).await?;
    Ok(PageRows::of_each(&communities, rows, |row| row.community_id, window, totals.as_ref()))
}

/// Finds a ban in force, without an access check.
///
/// # Errors
/// [`Error::Internal`].
pub async fn find_ban(app: &App, id: Uuid) -> Result<Option<ban::Model>> {
    let found = ban::Entity::find_by_id(id).one(app.db.read()).await?;
    Ok(found.filter(|ban| ban.until.is_none_or(|until| until > app.clock.now())))
}

/// Returns the mutes in force by (community, user), in no order.
///
/// # Errors
/// [`Error::Internal`].
pub async fn list_mutes(app: &App, of: &[(Uuid, String)]) -> Result<Vec<mute::Model>> {
    let people = of.iter().map(|(_, user)| user.as_str());
    let rows = mute::Entity::find()
        .filter(mute::Column::CommunityId.is_in(of.iter().map(|(community, _)| *community)))
        .filter(mute::Column::UserId.is_in(people))
        .all(app.db.read())
        .await?;
    Ok(rows.into_iter().filter(|mute| is_in_force(mute.until, app.clock.now())).collect())
}

async fn get_member(tx: &impl ConnectionTrait, id: Uuid, user_id: &str) -> Result<membership::Model> {
    find(tx, id, user_id).await?.ok_or(Error::NotFound("Member"))
}

async fn check_exists(tx: &impl ConnectionTrait, user_id: &str) -> Result<()> {
    let found = user::Entity::find_by_id(user_id).filter(user::Column::DeletedAt.is_null()).one(tx).await?;
    found.map(|_| ()).ok_or(Error::NotFound("User"))
}

fn check_below(role: Role, member: &membership::Model) -> Result<()> {
    if outranks(role, member.role) {
        return Ok(());
    }
    Err(Error::Forbidden("Only a member with a higher role can do this"))
}

/// Returns the refusal for an actor who may not see a community's bans.
pub fn refuse_bans() -> Error {
    Error::Forbidden("Only the creator and moderators can see bans")
}

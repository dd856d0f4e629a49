//! What those who run a community do to its members.

use chrono::{DateTime, Utc};
use entity::{
    ban, community,
    conversation_event::Kind,
    membership::{self, Role},
    mute, user,
};
use sea_orm::{
    ActiveEnum, ActiveModelTrait, ActiveValue::Set, ColumnTrait, Condition, ConnectionTrait, EntityTrait,
    IntoActiveModel, PaginatorTrait, QueryFilter, sea_query::OnConflict,
};
use serde_json::json;
use uuid::Uuid;

use super::{
    manage::get_managed,
    members::{Departure, assign, dismiss, find, is_in_force, tell},
    roles::{Action, may, outranks, refusal},
    rules,
};
use crate::{
    app::App,
    domain::{
        Error, Result, Slice, User, Window, agents,
        audit::{self, Deed},
        conversations, lounges, newest_first, verification,
    },
};

/// For how long somebody is banned or muted, and why.
#[derive(Clone, Debug, Default)]
pub struct Sanction {
    /// Until when; none: for good.
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

/// Gives a member another role. The creator only; their own is handed over, not given.
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
        return Err(Error::invalid(
            "role",
            "A community has one creator: hand it over with transferOwnership",
        ));
    }
    let was = member.role;
    let member = assign(app, &tx, member, role).await?;
    if was != role {
        let deed = Deed::of(actor, audit::Action::RoleChanged).within(id).to(user_id);
        audit::record(app, &tx, deed.with(json!({ "from": was.to_value(), "to": role.to_value() }))).await?;
    }
    tx.commit(member).await
}

/// Hands a community over to one of its members; who ran it is a moderator then. The creator only.
///
/// # Errors
/// [`Error::NotFound`], [`Error::Forbidden`], [`Error::Invalid`] to the creator themselves or a banned account.
pub async fn transfer(app: &App, actor: &User, id: Uuid, user_id: &str) -> Result<community::Model> {
    let tx = app.begin(actor).await?;
    if let Some(done) = tx.replayed()? {
        return Ok(done);
    }
    let (community, _) = get_managed(&tx, actor, id, Action::Transfer).await?;
    let heir = get_member(&tx, id, user_id).await?;
    if heir.role == Role::Creator {
        return Err(Error::invalid("userId", "They run this community already"));
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
    // Who was verified is somebody else.
    row.verified = Set(false);
    row.updated_at = Set(app.clock.now());
    let community = row.update(&tx).await?;
    verification::withdraw(app, &tx, id, "The community changed hands").await?;
    // A voice is its owner's: whoever runs the lounge from now on has not agreed to speak.
    lounges::withdraw_of(app, &tx, id).await?;
    let deed = Deed::of(actor, audit::Action::OwnershipTransferred).within(id).to(user_id);
    audit::record(app, &tx, deed).await?;
    tx.after(|app| app.voices_due.notify_one());
    tx.commit(community).await
}

/// Sends a member away, who may come back. The creator and moderators, those below them only.
///
/// # Errors
/// [`Error::NotFound`], [`Error::Forbidden`].
pub async fn remove(app: &App, actor: &User, id: Uuid, user_id: &str) -> Result<community::Model> {
    let tx = app.begin(actor).await?;
    let (mut community, role) = get_managed(&tx, actor, id, Action::Remove).await?;
    if let Some(done) = tx.replayed()? {
        return Ok(done);
    }
    let member = get_member(&tx, id, user_id).await?;
    check_below(role, &member)?;
    dismiss(app, &tx, member, Departure::Removed).await?;
    audit::record(app, &tx, Deed::of(actor, audit::Action::MemberRemoved).within(id).to(user_id)).await?;
    community.member_count -= 1;
    tx.commit(community).await
}

/// Keeps somebody out, member or not. Banning again replaces reason and time. The creator and moderators, those below
/// them only.
///
/// # Errors
/// [`Error::NotFound`] for the community or the user, [`Error::Forbidden`], [`Error::Invalid`].
pub async fn ban(app: &App, actor: &User, id: Uuid, user_id: &str, sanction: Sanction) -> Result<ban::Model> {
    let tx = app.begin(actor).await?;
    let (_, role) = get_managed(&tx, actor, id, Action::Ban).await?;
    if let Some(done) = tx.replayed()? {
        return Ok(done);
    }
    let sanction = sanction.check(app.clock.now())?;
    match find(&tx, id, user_id).await? {
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
    let deed = Deed::of(actor, audit::Action::MemberBanned).within(id).to(user_id);
    audit::record(app, &tx, deed.with(json!({ "until": ban.until, "reason": ban.reason }))).await?;
    if let Some(chat) = conversations::find_of_customer(&tx, id, user_id).await? {
        agents::doubt_heard(&tx, id).await?;
        // A customer is no member: no event tells their chat that they are kept out.
        tx.after(move |app| {
            app.conversations.doubt(chat.id);
            app.queues.touched(id);
            app.places.touched(id);
            app.tending.notify_one();
        });
    }
    tx.commit(ban).await
}

/// Lets somebody in again who was banned. The creator and moderators.
///
/// # Errors
/// [`Error::NotFound`], [`Error::Forbidden`], [`Error::Missing`] for one who is not banned.
pub async fn unban(app: &App, actor: &User, id: Uuid, user_id: &str) -> Result<community::Model> {
    let tx = app.begin(actor).await?;
    let (community, _) = get_managed(&tx, actor, id, Action::Ban).await?;
    if let Some(done) = tx.replayed()? {
        return Ok(done);
    }
    let lifted = ban::Entity::delete_many()
        .filter(ban::Column::CommunityId.eq(id))
        .filter(ban::Column::UserId.eq(user_id))
        .exec(&tx)
        .await?;
    if lifted.rows_affected == 0 {
        return Err(Error::Missing("They are not banned"));
    }
    audit::record(app, &tx, Deed::of(actor, audit::Action::MemberUnbanned).within(id).to(user_id)).await?;
    tx.commit(community).await
}

/// Keeps a member from speaking, also after leaving and coming back. Muting again replaces reason and time. The creator
/// and moderators, those below them only.
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
    let deed = Deed::of(actor, audit::Action::MemberMuted).within(id).to(user_id);
    audit::record(app, &tx, deed.with(details)).await?;
    tell(app, &tx, &member, Kind::MemberChanged).await?;
    tx.commit(member).await
}

/// Lets a member speak again. The creator and moderators.
///
/// # Errors
/// [`Error::NotFound`], [`Error::Forbidden`], [`Error::Missing`] for one who is not muted.
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
        return Err(Error::Missing("They are not muted"));
    }
    audit::record(app, &tx, Deed::of(actor, audit::Action::MemberUnmuted).within(id).to(user_id)).await?;
    tell(app, &tx, &member, Kind::MemberChanged).await?;
    tx.commit(member).await
}

/// Who is kept out of a community at this time, last banned first. The creator and moderators.
///
/// # Errors
/// [`Error::Forbidden`].
pub async fn list_bans(
    app: &App,
    actor: &User,
    id: Uuid,
    window: Window,
    total: bool,
) -> Result<Slice<ban::Model>> {
    let own = find(app.db.read(), id, &actor.id).await?;
    if !own.is_some_and(|own| may(own.role, Action::Ban)) {
        return Err(Error::Forbidden(refusal(Action::Ban)));
    }
    let in_force =
        Condition::any().add(ban::Column::Until.is_null()).add(ban::Column::Until.gt(app.clock.now()));
    let select = ban::Entity::find().filter(ban::Column::CommunityId.eq(id)).filter(in_force);
    let total = if total { Some(select.clone().count(app.db.read()).await?) } else { None };
    let select = newest_first(select, ban::Column::CreatedAt, ban::Column::Id, window);
    Ok(Slice::new(select.all(app.db.read()).await?, window, total))
}

/// The mutes in force of these communities and people, in no order.
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
    Err(Error::Forbidden("Only somebody of a higher role can do this to them"))
}

//! Invites CS agents to a community.

use entity::{
    membership::{self, Role},
    user,
};
use sea_orm::{ActiveEnum, ColumnTrait, Condition, ConnectionTrait, EntityTrait, QueryFilter};
use serde_json::json;
use uuid::Uuid;

use super::{
    lifecycle::Lifecycle,
    manage::get_locked_for,
    members::{admit, assign, find},
    roles::{Action, refusal},
};
use crate::{
    app::App,
    domain::{
        User,
        accounts::address_folds,
        audit::{self, AuditEntry},
        blocks,
    },
    error::{Error, Result},
};

/// Makes an account a CS agent, by its id or e-mail address: a member's role changes, a non-member joins
/// without paying. A member whose role may already answer customers keeps it. Creator and moderators only.
///
/// # Errors
/// [`Error::Forbidden`], also if the community does not exist; [`Error::Invalid`] if no account is given,
/// [`Error::NotFound`] for the account, [`Error::Conflict`] if the account is banned from the community,
/// [`Error::RateLimited`] after many addresses.
pub async fn invite_cs(app: &App, actor: &User, community_id: Uuid, who: &str) -> Result<membership::Model> {
    let tx = app.begin(actor).await?;
    let community = get_locked_for(&tx, actor, community_id, Action::InviteCs).await;
    let community = community.map_err(|error| match error {
        Error::NotFound(_) => Error::Forbidden(refusal(Action::InviteCs)),
        other => other,
    })?;
    if let Some(done) = tx.replayed()? {
        return Ok(done);
    }
    let account = get_account(app, &tx, actor, who.trim()).await?;
    let own = find(&tx, community_id, &account.id).await?;
    // Answers as if the account did not exist, so that a block is not revealed.
    if own.is_none() && blocks::is_blocked(&tx, &account.id, &actor.id).await? {
        return Err(Error::NotFound("User"));
    }
    let was = own.as_ref().map(|own| own.role);
    let membership = match own {
        Some(own) if own.role == Role::Member => assign(app, &tx, own, Role::CsAgent).await?,
        Some(own) => own,
        None => {
            let admitted = admit(app, &tx, &community, &account.id, Role::CsAgent, Lifecycle::Open).await;
            admitted.map_err(|error| match error {
                Error::MemberBanned => Error::Conflict("The user is banned from this community".to_owned()),
                other => other,
            })?
        }
    };
    if was != Some(membership.role) {
        let entry =
            AuditEntry::of(actor, audit::Action::RoleChanged).within(community_id).to(account.id.as_str());
        let roles = json!({ "from": was.map(|role| role.to_value()), "to": membership.role.to_value() });
        audit::record(app, &tx, entry.with(roles)).await?;
    }
    tx.commit(membership).await
}

const USER_ID_REQUIRED: &str = "userId required";

/// Returns the account if it is neither deleted nor banned. Addresses are counted, so that no
/// user can find out which of many addresses have accounts.
async fn get_account(app: &App, tx: &impl ConnectionTrait, actor: &User, who: &str) -> Result<User> {
    if who.is_empty() {
        return Err(Error::invalid("userId", USER_ID_REQUIRED));
    }
    let mut named = Condition::any().add(user::Column::Id.eq(who));
    if who.contains('@')
        && let Ok(folds) = address_folds(who)
    {
        app.address_limiter.count(&actor.id)?;
        named = named.add(user::Column::EmailFold.is_in(folds));
    }
    let found = user::Entity::find()
        .filter(named)
        .filter(user::Column::DeletedAt.is_null())
        .filter(user::Column::BannedAt.is_null())
        .one(tx)
        .await?;
    found.ok_or(Error::NotFound("User"))
}

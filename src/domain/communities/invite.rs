//! Letting somebody answer a community's customers.

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
        Error, Late, Result, User,
        accounts::address_folds,
        audit::{self, Deed},
        blocks,
    },
};

/// Makes somebody a CS agent, by their account's id or e-mail address: a member gets the role, anybody else comes in with
/// it, for nothing. Whoever may do as much already stays what they are. The creator and moderators.
///
/// # Errors
/// [`Error::Forbidden`], also where there is no such community; [`Error::Invalid`] where nobody is named,
/// [`Error::NotFound`] for the account, [`Error::Conflict`] for one who is banned.
pub async fn invite_cs(
    app: &App,
    actor: &User,
    community_id: Uuid,
    who: Late<String>,
) -> Result<membership::Model> {
    let tx = app.begin(actor).await?;
    let community = get_locked_for(&tx, actor, community_id, Action::InviteCs).await;
    let community = community.map_err(|error| match error {
        Error::NotFound(_) => Error::Forbidden(refusal(Action::InviteCs)),
        other => other,
    })?;
    if let Some(done) = tx.replayed()? {
        return Ok(done);
    }
    let who = who.judge("userId", NOBODY)?;
    let account = get_account(&tx, who.trim()).await?;
    let own = find(&tx, community_id, &account.id).await?;
    // Who is blocked is not told: as if there were no such account.
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
                Error::MemberBanned => Error::Conflict("They are banned from this community".to_owned()),
                other => other,
            })?
        }
    };
    if was != Some(membership.role) {
        let deed = Deed::of(actor, audit::Action::RoleChanged).within(community_id).to(account.id.as_str());
        let roles = json!({ "from": was.map(|role| role.to_value()), "to": membership.role.to_value() });
        audit::record(app, &tx, deed.with(roles)).await?;
    }
    tx.commit(membership).await
}

const NOBODY: &str = "userId required";

/// An account that can be used.
async fn get_account(tx: &impl ConnectionTrait, who: &str) -> Result<User> {
    if who.is_empty() {
        return Err(Error::invalid("userId", NOBODY));
    }
    let mut named = Condition::any().add(user::Column::Id.eq(who));
    if let Ok(folds) = address_folds(who) {
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

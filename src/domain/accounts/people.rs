//! Finds people to invite, without a way to list all accounts.

use entity::{alias, block, membership, participant, user};
use sea_orm::{
    ColumnTrait, Condition, EntityTrait, QueryFilter, QueryOrder, QuerySelect, QueryTrait,
    sea_query::{Expr, ExprTrait, LikeExpr, SelectStatement},
};

use super::address;
use crate::{
    app::App,
    domain::User,
    error::{Error, Result},
    text::fields,
};

/// Maximum number of people that a search returns.
pub const MAX_PEOPLE: u64 = 10;
/// Minimum number of characters of a search.
const MIN_SEARCH_CHARS: usize = 3;

/// Finds people by their whole e-mail address, or by the beginning of their name if they share a community or a
/// space session with the actor and have no display name in any community. People who blocked the actor are left out.
///
/// # Errors
/// [`Error::Invalid`] below three characters, [`Error::RateLimited`].
pub async fn search_people(app: &App, actor: &User, text: &str) -> Result<Vec<User>> {
    let text = text.trim();
    if text.chars().count() < MIN_SEARCH_CHARS {
        return Err(Error::invalid("text", format!("text must be at least {MIN_SEARCH_CHARS} characters")));
    }
    app.sign_in_limiter.count_search(&actor.id)?;
    let wanted = if text.contains('@') {
        Condition::all().add(user::Column::EmailFold.is_in(address::folds(text)?))
    } else {
        let term = fields::search_term("text", Some(text))?.unwrap_or_default();
        known_by_name(&actor.id, term)
    };
    let blockers = block::Entity::find()
        .select_only()
        .column(block::Column::BlockerId)
        .filter(block::Column::BlockedId.eq(&actor.id))
        .into_query();
    Ok(user::Entity::find()
        .filter(wanted)
        .filter(user::Column::Id.ne(&actor.id))
        .filter(user::Column::DeletedAt.is_null())
        .filter(user::Column::BannedAt.is_null())
        .filter(user::Column::Id.not_in_subquery(blockers))
        .order_by_asc(user::Column::Name)
        .order_by_asc(user::Column::Id)
        .limit(MAX_PEOPLE)
        .all(app.db.read())
        .await?)
}

fn known_by_name(actor: &str, term: &str) -> Condition {
    let anywhere = fields::like_as_written(&fields::search_fold(term));
    let begins = LikeExpr::new(anywhere.strip_prefix('%').unwrap_or(&anywhere).to_owned()).escape('\\');
    let name = Expr::col(user::Column::NameFold).like(begins);
    let aliased = alias::Entity::find().select_only().column(alias::Column::UserId).into_query();
    let shared = Condition::any()
        .add(user::Column::Id.in_subquery(members_with(actor)))
        .add(user::Column::Id.in_subquery(participants_with(actor)));
    Condition::all().add(name).add(user::Column::Id.not_in_subquery(aliased)).add(shared)
}

/// The members of the communities that a user is a member of.
fn members_with(user: &str) -> SelectStatement {
    let own = membership::Entity::find()
        .select_only()
        .column(membership::Column::CommunityId)
        .filter(membership::Column::UserId.eq(user))
        .into_query();
    membership::Entity::find()
        .select_only()
        .column(membership::Column::UserId)
        .filter(membership::Column::CommunityId.in_subquery(own))
        .into_query()
}

/// The participants of the space sessions that a user takes or took part in.
fn participants_with(user: &str) -> SelectStatement {
    let own = participant::Entity::find()
        .select_only()
        .column(participant::Column::SessionId)
        .filter(participant::Column::UserId.eq(user))
        .into_query();
    participant::Entity::find()
        .select_only()
        .column(participant::Column::UserId)
        .filter(participant::Column::SessionId.in_subquery(own))
        .into_query()
}

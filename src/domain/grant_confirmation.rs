//! Confirms the access grants of all open streams together, in a fixed number of statements per chunk.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use entity::{
    api_key, ban, community, conversation, login_session, membership, participant, space, space_invite,
    space_session, user,
};
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, EntityTrait, JoinType, QueryFilter, QuerySelect, RelationTrait,
};
use uuid::Uuid;

use crate::{
    app::App,
    error::Result,
    live::{GrantInUse, Right},
};

/// Maximum number of rights per statement.
const CHUNK: usize = 200;

/// Facts by right; a right without facts is absent.
type Found = HashMap<Right, String>;

/// Returns the right that reading a conversation depends on.
pub(super) fn grant_of(user_id: &str, conversation: &conversation::Model) -> Option<Right> {
    let user = user_id.to_owned();
    match (conversation.space_session_id, conversation.community_id) {
        (Some(session), _) => Some(Right::SpaceSession { user, session }),
        (None, Some(community)) => Some(Right::Community { user, community }),
        (None, None) => None,
    }
}

/// Reads the facts that all access grants in use depend on. Streams whose facts changed revalidate; the others stay
/// valid.
///
/// # Errors
/// [`crate::error::Error::Internal`]: nothing is confirmed that was not read.
pub async fn confirm(app: &App) -> Result<()> {
    let leases = app.grants.in_use();
    for chunk in leases.chunks(CHUNK) {
        let at = app.clock.monotonic();
        let found = read(app.db.read(), app.clock.now(), chunk.iter().map(|lease| &lease.right)).await?;
        for lease in chunk {
            let has_changed = lease.confirm(found.get(&lease.right).cloned(), at);
            // A cached identity must not outlive its session or key.
            if let (true, Right::Session { user, .. } | Right::ApiKey { user, .. }) =
                (has_changed, &lease.right)
            {
                app.identities.forget(user);
            }
        }
    }
    app.grants.all_confirmed();
    Ok(())
}

async fn read(
    db: &impl ConnectionTrait,
    now: DateTime<Utc>,
    grants: impl Iterator<Item = &Right>,
) -> Result<Found> {
    let (mut sessions, mut keys, mut members, mut viewers) = (vec![], vec![], vec![], vec![]);
    for grant in grants {
        match grant {
            Right::Session { user, session, .. } => sessions.push((user.clone(), *session)),
            Right::ApiKey { user, key, .. } => keys.push((user.clone(), *key)),
            Right::Community { user, community } => members.push((user.clone(), *community)),
            Right::SpaceSession { user, session } => viewers.push((user.clone(), *session)),
        }
    }
    let mut found = Found::new();
    if !sessions.is_empty() {
        read_sessions(db, now, &sessions, &mut found).await?;
    }
    if !keys.is_empty() {
        read_keys(db, &keys, &mut found).await?;
    }
    if !members.is_empty() {
        read_communities(db, &members, &mut found).await?;
    }
    if !viewers.is_empty() {
        read_spaces(db, &viewers, &mut found).await?;
    }
    Ok(found)
}

type Pairs = [(String, Uuid)];

fn ids(pairs: &Pairs) -> impl Iterator<Item = Uuid> {
    pairs.iter().map(|(_, id)| *id)
}

/// Condition for accounts that may use the platform.
fn in_good_standing() -> Condition {
    Condition::all().add(user::Column::BannedAt.is_null()).add(user::Column::DeletedAt.is_null())
}

async fn read_sessions(
    db: &impl ConnectionTrait,
    now: DateTime<Utc>,
    pairs: &Pairs,
    found: &mut Found,
) -> Result<()> {
    use login_session::Column;
    let rows: Vec<(Uuid, String, bool)> = login_session::Entity::find()
        .select_only()
        .column(Column::Id)
        .column(Column::UserId)
        .column(user::Column::IsAdmin)
        .join(JoinType::InnerJoin, login_session::Relation::User.def())
        .filter(Column::Id.is_in(ids(pairs)))
        .filter(Column::ExpiresAt.gt(now))
        .filter(in_good_standing())
        .into_tuple()
        .all(db)
        .await?;
    for (session, user, is_admin) in rows {
        for is_admin in roles(is_admin) {
            let right = Right::Session { user: user.clone(), session, is_admin: *is_admin };
            found.insert(right, GrantInUse::HOLDS.to_owned());
        }
    }
    Ok(())
}

async fn read_keys(db: &impl ConnectionTrait, pairs: &Pairs, found: &mut Found) -> Result<()> {
    let rows: Vec<(Uuid, String, bool)> = api_key::Entity::find()
        .select_only()
        .column(api_key::Column::Id)
        .column(api_key::Column::UserId)
        .column(user::Column::IsAdmin)
        .join(JoinType::InnerJoin, api_key::Relation::User.def())
        .filter(api_key::Column::Id.is_in(ids(pairs)))
        .filter(in_good_standing())
        .into_tuple()
        .all(db)
        .await?;
    for (key, user, is_admin) in rows {
        for is_admin in roles(is_admin) {
            let right = Right::ApiKey { user: user.clone(), key, is_admin: *is_admin };
            found.insert(right, GrantInUse::HOLDS.to_owned());
        }
    }
    Ok(())
}

/// Returns the roles that a proof was accepted with and still holds for: as an administrator only while the account is one.
fn roles(is_admin: bool) -> &'static [bool] {
    if is_admin { &[false, true] } else { &[false] }
}

/// Condition for rows with one of these pairs of user and other id.
fn of_pairs<C: ColumnTrait>(user: C, other: C, pairs: impl Iterator<Item = (String, Uuid)>) -> Condition {
    pairs.fold(Condition::any(), |any, (user_id, id)| {
        any.add(Condition::all().add(other.eq(id)).add(user.eq(user_id)))
    })
}

async fn read_communities(db: &impl ConnectionTrait, pairs: &Pairs, found: &mut Found) -> Result<()> {
    let communities: HashMap<Uuid, community::Status> = community::Entity::find()
        .select_only()
        .column(community::Column::Id)
        .column(community::Column::Status)
        .filter(community::Column::Id.is_in(ids(pairs)))
        .into_tuple::<(Uuid, community::Status)>()
        .all(db)
        .await?
        .into_iter()
        .collect();
    let own = of_pairs(membership::Column::UserId, membership::Column::CommunityId, pairs.iter().cloned());
    let members: HashMap<(String, Uuid), membership::Model> = membership::Entity::find()
        .filter(own)
        .all(db)
        .await?
        .into_iter()
        .map(|member| ((member.user_id.clone(), member.community_id), member))
        .collect();
    let theirs = of_pairs(ban::Column::UserId, ban::Column::CommunityId, pairs.iter().cloned());
    let bans: HashMap<(String, Uuid), Option<DateTime<Utc>>> = ban::Entity::find()
        .filter(theirs)
        .all(db)
        .await?
        .into_iter()
        .map(|ban| ((ban.user_id.clone(), ban.community_id), ban.until))
        .collect();
    for pair in pairs {
        let Some(status) = communities.get(&pair.1) else { continue };
        let member =
            members.get(pair).map(|own| (own.role, own.paid_until, own.is_cancelled, own.agreed_fee));
        let facts = format!("{status:?} {member:?} {:?}", bans.get(pair));
        found.insert(Right::Community { user: pair.0.clone(), community: pair.1 }, facts);
    }
    Ok(())
}

async fn read_spaces(db: &impl ConnectionTrait, pairs: &Pairs, found: &mut Found) -> Result<()> {
    let sessions: HashMap<Uuid, space::Model> = space_session::Entity::find()
        .filter(space_session::Column::Id.is_in(ids(pairs)))
        .find_also_related(space::Entity)
        .all(db)
        .await?
        .into_iter()
        .filter_map(|(session, space)| Some((session.id, space?)))
        .collect();
    if sessions.is_empty() {
        return Ok(());
    }
    let in_spaces =
        || pairs.iter().filter_map(|(user, session)| Some((user.clone(), sessions.get(session)?.id)));
    let guests = of_pairs(space_invite::Column::UserId, space_invite::Column::SpaceId, in_spaces());
    let invites: Vec<(String, Uuid)> = space_invite::Entity::find()
        .select_only()
        .column(space_invite::Column::UserId)
        .column(space_invite::Column::SpaceId)
        .filter(guests)
        .into_tuple()
        .all(db)
        .await?;
    let users = pairs.iter().map(|(user, _)| user.clone());
    let spaces = in_spaces().map(|(_, space)| space);
    let mut parts: Vec<(String, Uuid, Uuid, bool)> = participant::Entity::find()
        .select_only()
        .column(participant::Column::UserId)
        .column(space_session::Column::SpaceId)
        .column(participant::Column::SessionId)
        .column(participant::Column::IsConnected)
        .inner_join(space_session::Entity)
        .filter(participant::Column::UserId.is_in(users))
        .filter(space_session::Column::SpaceId.is_in(spaces))
        .into_tuple()
        .all(db)
        .await?;
    parts.sort_unstable();
    for (user, session) in pairs {
        let Some(space) = sessions.get(session) else { continue };
        let is_invited = invites.iter().any(|(guest, id)| guest == user && *id == space.id);
        let own = parts.iter().filter(|(who, id, ..)| who == user && *id == space.id);
        let own: Vec<_> = own.map(|(_, _, session, is_connected)| (session, is_connected)).collect();
        let facts = format!("{} {} {is_invited} {own:?}", space.is_public, space.owner_id);
        found.insert(Right::SpaceSession { user: user.clone(), session: *session }, facts);
    }
    Ok(())
}

//! Agents that are called by name: `@name` in a message asks them, where the community switched that on.

mod hidden;
mod names;
mod signs;

use entity::{agent_listing, audit_event, community, community_agent, message};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};
use uuid::Uuid;

pub(super) use self::signs::is_ignorable;
use self::{names::Names, signs::signs};
use super::{
    ask::{self, Asked},
    browse::find_active,
};
use crate::{
    app::App,
    database::Transaction,
    domain::{Error, Result, User, conversations::Refusal},
};

/// The most agents that were removed from a community whose names are still known in it: the last ones.
const REMOVED: u64 = 100;

/// What a call by name comes to.
pub(in crate::domain) enum Called {
    /// The message calls nobody.
    Nobody,
    /// The agent is asked.
    Asked(Box<Asked>),
    /// It is not asked now, and why.
    Refused(Refusal),
}

/// Asks the agent that a message calls first, for the same fee and under the same limits as any question. Where it
/// cannot be asked now, the message stays what it is, and nobody answers.
///
/// # Errors
/// [`Error::Internal`].
pub(in crate::domain) async fn ask_called(
    app: &App,
    tx: &Transaction,
    actor: &User,
    message: &message::Model,
    community_id: Option<Uuid>,
) -> Result<Called> {
    let Some(community_id) = community_id else { return Ok(Called::Nobody) };
    let signs = signs(&message.content);
    if signs.is_empty() {
        return Ok(Called::Nobody);
    }
    let community = community::Entity::find_by_id(community_id).one(tx).await?;
    let Some(community) = community.filter(|community| community.agent_mentions) else {
        return Ok(Called::Nobody);
    };
    // Their names alone: what they know and are told may be long, and the conversation is locked.
    let names: Vec<(Uuid, String)> = community_agent::Entity::find()
        .select_only()
        .column(community_agent::Column::ListingId)
        .column(agent_listing::Column::AgentName)
        .inner_join(agent_listing::Entity)
        .filter(community_agent::Column::CommunityId.eq(community_id))
        .order_by_asc(community_agent::Column::AddedAt)
        .order_by_asc(community_agent::Column::Id)
        .into_tuple()
        .all(tx)
        .await?;
    let Some((id, is_whole)) = called(names.clone(), &message.content, &signs) else {
        return Ok(Called::Nobody);
    };
    // What follows the name may belong to the longer name of an agent that is no longer here: then nobody is called.
    if !is_whole {
        let mut all = names;
        let here: Vec<Uuid> = all.iter().map(|(id, _)| *id).collect();
        let removed = list_removed(tx, community_id).await?;
        all.extend(removed.into_iter().filter(|(id, _)| !here.contains(id)));
        if called(all, &message.content, &signs).is_some_and(|(other, _)| !here.contains(&other)) {
            return Ok(refused(&ask::not_here()));
        }
    }
    // Whoever calls one by the name of one that was taken back calls no other whose name begins alike.
    let Some(listing) = find_active(tx, id).await? else { return Ok(refused(&ask::GONE)) };
    match ask::ask_by(app, tx, actor, listing, community, message, None).await {
        Ok(asked) => Ok(Called::Asked(Box::new(asked))),
        Err(error) if error.is_failure() => Err(error),
        Err(error) => Ok(refused(&error)),
    }
}

fn refused(error: &Error) -> Called {
    Called::Refused(Refusal { code: error.code().as_str().to_owned(), message: error.to_string() })
}

/// The agent that is called first, and whether no word follows its name at once.
fn called(agents: Vec<(Uuid, String)>, content: &str, signs: &[usize]) -> Option<(Uuid, bool)> {
    let names = Names::new(agents);
    let (id, end) = signs.iter().find_map(|at| names.find(content, *at))?;
    let rest = &content[end..];
    let is_whole = !rest.starts_with(char::is_whitespace)
        || !rest.trim_start().starts_with(|c: char| c.is_alphanumeric());
    Some((id, is_whole))
}

/// The names of agents that were removed from a community, the last ones first.
async fn list_removed(tx: &Transaction, community_id: Uuid) -> Result<Vec<(Uuid, String)>> {
    let removed: Vec<Option<String>> = audit_event::Entity::find()
        .select_only()
        .column(audit_event::Column::SubjectId)
        .filter(audit_event::Column::CommunityId.eq(community_id))
        .filter(audit_event::Column::Action.eq(audit_event::Action::AgentRemoved))
        .order_by_desc(audit_event::Column::Id)
        .limit(REMOVED)
        .into_tuple()
        .all(tx)
        .await?;
    let ids: Vec<Uuid> = removed.into_iter().flatten().filter_map(|id| id.parse().ok()).collect();
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    Ok(agent_listing::Entity::find()
        .select_only()
        .column(agent_listing::Column::Id)
        .column(agent_listing::Column::AgentName)
        .filter(agent_listing::Column::Id.is_in(ids))
        .into_tuple()
        .all(tx)
        .await?)
}

#[cfg(test)]
mod tests;

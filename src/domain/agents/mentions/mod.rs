//! Mentions: `@name` in a message asks the agent of that name, if the community turned that on.

mod hidden;
mod names;
mod signs;

use std::collections::HashMap;

use entity::{agent_listing, audit_event, community, community_agent, message};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect, QueryTrait};
use uuid::Uuid;

pub(super) use self::signs::is_ignorable;
use self::{names::Names, signs::signs};
use super::{
    ask::{self, PendingReply},
    browse::find_active,
};
use crate::{
    app::App,
    database::Transaction,
    domain::{User, conversations::AgentRefusal},
    error::{Error, Result},
};

/// Maximum number of removed agents whose names are still recognized, latest first.
const REMOVED: u64 = 100;

/// Maximum number of at-signs of a message after which names are searched. Each search folds the text after it, and the
/// conversation is locked meanwhile.
const MAX_SIGNS: usize = 50;

/// Result of the mentions in a message.
pub(in crate::domain) enum MentionOutcome {
    /// The message mentions no agent.
    NoAgent,
    /// The agent was asked.
    Asked(Box<PendingReply>),
    /// The agent was not asked, with the reason.
    Refused(AgentRefusal),
}

/// Asks the first agent that a message mentions, with the fee and limits of any question. A refusal does
/// not affect the message.
///
/// # Errors
/// [`Error::Internal`].
pub(in crate::domain) async fn ask_mentioned(
    app: &App,
    tx: &Transaction,
    actor: &User,
    message: &message::Model,
    community_id: Option<Uuid>,
) -> Result<MentionOutcome> {
    let Some(community_id) = community_id else { return Ok(MentionOutcome::NoAgent) };
    let signs = signs(&message.content);
    if signs.is_empty() {
        return Ok(MentionOutcome::NoAgent);
    }
    let community = community::Entity::find_by_id(community_id).one(tx).await?;
    let Some(community) = community.filter(|community| community.agent_mentions) else {
        return Ok(MentionOutcome::NoAgent);
    };
    // Names only: prompts and knowledge may be long, and the conversation is locked.
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
    let Some((id, is_whole)) = mentioned(&Names::new(names.clone()), &message.content, &signs) else {
        return Ok(MentionOutcome::NoAgent);
    };
    // The text after the name may continue the longer name of a removed agent; then no agent is asked.
    if !is_whole {
        let mut all = names;
        let here: Vec<Uuid> = all.iter().map(|(id, _)| *id).collect();
        let removed = list_removed(tx, community_id).await?;
        all.extend(removed.into_iter().filter(|(id, _)| !here.contains(id)));
        if mentioned(&Names::new(all), &message.content, &signs)
            .is_some_and(|(other, _)| !here.contains(&other))
        {
            return Ok(refused(&ask::not_in_community()));
        }
    }
    // The name of an archived agent does not match another agent with the same prefix.
    let Some(listing) = find_active(tx, id).await? else { return Ok(refused(&ask::NOT_ACTIVE)) };
    match ask::ask_about_message(app, tx, actor, listing, community, message, None).await {
        Ok(asked) => Ok(MentionOutcome::Asked(Box::new(asked))),
        Err(error) if error.is_failure() => Err(error),
        Err(error) => Ok(refused(&error)),
    }
}

/// Returns which of these messages mention an agent of their community.
pub(in crate::domain) async fn list_mentioning(
    tx: &Transaction,
    messages: &[(Uuid, &str)],
) -> Result<Vec<bool>> {
    let switched_on = community::Entity::find()
        .select_only()
        .column(community::Column::Id)
        .filter(community::Column::Id.is_in(messages.iter().map(|(community, _)| *community)))
        .filter(community::Column::AgentMentions.eq(true));
    let names: Vec<(Uuid, Uuid, String)> = community_agent::Entity::find()
        .select_only()
        .column(community_agent::Column::CommunityId)
        .column(community_agent::Column::ListingId)
        .column(agent_listing::Column::AgentName)
        .inner_join(agent_listing::Entity)
        .filter(community_agent::Column::CommunityId.in_subquery(switched_on.into_query()))
        .into_tuple()
        .all(tx)
        .await?;
    let mut by_community: HashMap<Uuid, Vec<(Uuid, String)>> = HashMap::new();
    for (community, id, name) in names {
        by_community.entry(community).or_default().push((id, name));
    }
    let by_community: HashMap<Uuid, Names> =
        by_community.into_iter().map(|(community, names)| (community, Names::new(names))).collect();
    let mentions = |(community, content): &(Uuid, &str)| {
        by_community.get(community).is_some_and(|names| mentioned(names, content, &signs(content)).is_some())
    };
    Ok(messages.iter().map(mentions).collect())
}

/// Whether a message may mention an agent, as far as its text shows.
pub(in crate::domain) fn may_mention(content: &str) -> bool {
    !signs(content).is_empty()
}

fn refused(error: &Error) -> MentionOutcome {
    MentionOutcome::Refused(AgentRefusal {
        code: error.code().as_str().to_owned(),
        message: error.to_string(),
    })
}

/// Returns the first mentioned agent, and whether no word directly follows its name.
fn mentioned(names: &Names, content: &str, signs: &[usize]) -> Option<(Uuid, bool)> {
    let (id, end) = signs.iter().take(MAX_SIGNS).find_map(|at| names.find(content, *at))?;
    let rest = &content[end..];
    let is_whole = !rest.starts_with(char::is_whitespace)
        || !rest.trim_start().starts_with(|c: char| c.is_alphanumeric());
    Some((id, is_whole))
}

/// Returns the names of agents removed from a community, latest first.
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

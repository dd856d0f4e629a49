//! Agents that are called by name: `@name` in a message asks them, where the community switched that on.

use entity::{agent_listing, community, community_agent, message};
use sea_orm::{ColumnTrait, DatabaseTransaction, EntityTrait, QueryFilter};
use uuid::Uuid;

use super::ask::{self, Asked};
use crate::{
    app::App,
    domain::{Error, Result, User, conversations::Refusal, text::fold},
};

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
    tx: &DatabaseTransaction,
    actor: &User,
    message: &message::Model,
    community_id: Option<Uuid>,
) -> Result<Called> {
    let Some(community_id) = community_id.filter(|_| message.content.contains('@')) else {
        return Ok(Called::Nobody);
    };
    let community = community::Entity::find_by_id(community_id).one(tx).await?;
    let Some(community) = community.filter(|community| community.agent_mentions) else {
        return Ok(Called::Nobody);
    };
    let there = community_agent::Entity::find()
        .filter(community_agent::Column::CommunityId.eq(community_id))
        .find_also_related(agent_listing::Entity)
        .all(tx)
        .await?;
    let answering = there
        .into_iter()
        .filter_map(|(_, listing)| listing)
        .filter(|listing| listing.status == agent_listing::Status::Active);
    let Some(listing) = called(answering.collect(), &message.content) else { return Ok(Called::Nobody) };
    match ask::ask_by(app, tx, actor, listing, community, message, None).await {
        Ok(asked) => Ok(Called::Asked(Box::new(asked))),
        Err(error @ Error::Internal(_)) => Err(error),
        Err(refused) => Ok(Called::Refused(Refusal {
            code: refused.code().as_str().to_owned(),
            message: refused.to_string(),
        })),
    }
}

/// The agent whose name stands first behind an `@`, as a word of its own, in any case; of two that begin alike, the
/// one with the longer name.
fn called(agents: Vec<agent_listing::Model>, content: &str) -> Option<agent_listing::Model> {
    let content = fold(content);
    let mut agents: Vec<_> = agents.into_iter().map(|agent| (fold(&agent.agent_name), agent)).collect();
    agents.sort_by_key(|(name, _)| std::cmp::Reverse(name.len()));
    let is_word = |c: Option<char>| c.is_some_and(char::is_alphanumeric);
    content.match_indices('@').find_map(|(at, sign)| {
        // An address is no call.
        if is_word(content[..at].chars().next_back()) {
            return None;
        }
        let behind = &content[at + sign.len()..];
        let place = agents.iter().position(|(name, _)| {
            behind.strip_prefix(name.as_str()).is_some_and(|rest| !is_word(rest.chars().next()))
        })?;
        Some(agents.swap_remove(place).1)
    })
}

#[cfg(test)]
mod tests {
    use chrono::DateTime;

    use super::*;

    fn agent(name: &str) -> agent_listing::Model {
        agent_listing::Model {
            id: Uuid::nil(),
            owner_id: String::new(),
            agent_name: name.to_owned(),
            search_fold: String::new(),
            description: String::new(),
            avatar_url: None,
            model: String::new(),
            system_prompt: String::new(),
            welcome: String::new(),
            input_char_limit: 1,
            tts_voice: String::new(),
            daily_spend_cap: None,
            status: agent_listing::Status::Active,
            created_at: DateTime::UNIX_EPOCH,
            updated_at: DateTime::UNIX_EPOCH,
        }
    }

    #[test]
    fn the_first_name_behind_an_at_is_called() {
        for (content, name) in [
            ("@guide when is it open?", Some("Guide")),
            ("Say, @GUIDE?", Some("Guide")),
            ("@Guide Dog, sit", Some("Guide Dog")),
            ("@guidebook", None),
            ("mail me@guide.example", None),
            ("guide", None),
            ("@ guide", None),
            ("@nobody @straßenführer!", Some("Straßenführer")),
            ("@STRASSENFÜHRER and @guide", Some("Straßenführer")),
            ("@导游你好", None),
            ("@导游 你好", Some("导游")),
        ] {
            let agents = ["Guide", "Guide Dog", "Straßenführer", "导游"].map(agent).to_vec();
            assert_eq!(called(agents, content).map(|agent| agent.agent_name).as_deref(), name, "{content}");
        }
    }
}

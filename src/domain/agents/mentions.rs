//! Agents that are called by name: `@name` in a message asks them, where the community switched that on.

use entity::{agent_listing, community, community_agent, message};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};
use uuid::Uuid;

use super::{
    ask::{self, Asked},
    browse::find_active,
};
use crate::{
    app::App,
    database::Transaction,
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
    tx: &Transaction,
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
    let Some(id) = called(names, &message.content) else { return Ok(Called::Nobody) };
    // Whoever is called by the name of one that was taken back calls no other whose name begins alike.
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

/// The agent whose name stands first behind an `@`, as a word of its own, in any case; of two that begin alike, the
/// one with the longer name; of two of one name, the first.
fn called(agents: Vec<(Uuid, String)>, content: &str) -> Option<Uuid> {
    let content = fold(content);
    let mut agents: Vec<_> = agents.into_iter().map(|(id, name)| (fold(&name), id)).collect();
    agents.sort_by_key(|(name, _)| std::cmp::Reverse(name.len()));
    let is_word = |c: Option<char>| c.is_some_and(char::is_alphanumeric);
    content.match_indices('@').find_map(|(at, sign)| {
        // An address is no call.
        if is_word(content[..at].chars().next_back()) {
            return None;
        }
        let behind = &content[at + sign.len()..];
        let fits = |name: &str| behind.strip_prefix(name).is_some_and(|rest| !is_word(rest.chars().next()));
        agents.iter().find(|(name, _)| fits(name)).map(|(_, id)| *id)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

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
            let names = ["Guide", "Guide Dog", "Straßenführer", "导游", "Guide"];
            let agents: Vec<_> = (0..).map(Uuid::from_u128).zip(names.map(str::to_owned)).collect();
            let wanted = name.and_then(|name| names.iter().position(|other| *other == name));
            assert_eq!(called(agents, content).map(|id| id.as_u128() as usize), wanted, "{content}");
        }
    }
}

//! What a community's own values must be.

use entity::community::{CsMode, Kind, Tags};
use sea_orm::ConnectionTrait;
use uuid::Uuid;

use crate::domain::{Error, Late, Result, agents, text};

pub(super) fn name(text: &str) -> Result<String> {
    text::name("name", text, 100, "Name must be 1-100 characters")
}

/// At most 5000 characters; an empty one is none.
pub(super) fn description(text: String) -> Result<Option<String>> {
    let text = text::at_most("description", text, 5000)?;
    Ok(Some(text).filter(|text| !text.is_empty()))
}

/// What a search looks at.
pub(super) fn search_fold(name: &str, description: Option<&str>) -> String {
    text::search_fold(&format!("{name}\n{}", description.unwrap_or_default()))
}

/// What somebody may make here: lounges are made by a verb of their own.
pub(super) fn kind(kind: Option<Late<Kind>>) -> Result<Kind> {
    const SENTENCE: &str = "Type must be 'official' or 'club'";
    match kind.map(known_kind) {
        None => Ok(Kind::Club),
        Some(Late::Fits(Kind::Lounge)) => Err(Error::invalid("type", SENTENCE)),
        Some(kind) => kind.judge("type", SENTENCE),
    }
}

/// Newer clients say `community` or `hub` for a club.
pub(super) fn known_kind(kind: Late<Kind>) -> Late<Kind> {
    match kind {
        Late::Unfit(word) if ["community", "hub"].iter().any(|known| word.eq_ignore_ascii_case(known)) => {
            Late::Fits(Kind::Club)
        }
        kind => kind,
    }
}

pub(super) fn cs_mode(mode: Late<CsMode>) -> Result<CsMode> {
    mode.judge("csMode", "cs_mode must be 'ai_only', 'human_only', or 'hybrid'")
}

/// What coming in, 30 days and a question may cost, in whole coins.
pub(super) const JOIN_FEE: Fee = Fee("joinFee", "Join fee");
pub(super) const MONTHLY_FEE: Fee = Fee("monthlyFee", "Monthly fee");
pub(super) const AGENT_CALL_FEE: Fee = Fee("agentCallFee", "Agent call fee");

/// A fee by its argument and its name in a sentence.
pub(super) struct Fee(&'static str, &'static str);

impl Fee {
    pub(super) fn check(&self, coins: i64) -> Result<i64> {
        if coins < 0 {
            return Err(Error::invalid(self.0, format!("{} cannot be negative", self.1)));
        }
        if coins > i64::from(i32::MAX) {
            return Err(Error::invalid(self.0, format!("{} cannot be more than {}", self.1, i32::MAX)));
        }
        Ok(coins)
    }
}

/// At most 20 tags of 1 to 50 characters.
pub(super) fn tags(tags: Vec<String>) -> Result<Tags> {
    if tags.len() > 20 {
        return Err(Error::invalid("tags", "tags must be at most 20"));
    }
    let tags: Result<Vec<String>> =
        tags.iter().map(|tag| text::name("tags", tag, 50, "Each of tags must be 1-50 characters")).collect();
    Ok(Tags(tags?))
}

/// An agent to answer customers with. What is no UUID is read as absent, as legacy clients expect.
pub(super) async fn listing(tx: &impl ConnectionTrait, id: &str) -> Result<Option<Uuid>> {
    let Ok(id) = Uuid::try_parse(id) else { return Ok(None) };
    match agents::find_active(tx, id).await? {
        Some(listing) => Ok(Some(listing.id)),
        None => Err(Error::invalid("defaultAgentListingId", "Agent listing not found")),
    }
}

/// The name a member goes by in one community.
pub(super) fn display_name(name: &str) -> Result<String> {
    text::name("displayName", name, 50, "Display name must be 1-50 characters")
}

pub(super) fn reason(reason: String) -> Result<String> {
    text::at_most("reason", reason, 500)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn old_words_for_a_club_are_known() {
        for word in ["community", "hub", "HUB"] {
            assert_eq!(kind(Some(Late::Unfit(word.to_owned()))).unwrap(), Kind::Club);
        }
        assert!(kind(Some(Late::Unfit("guild".to_owned()))).is_err());
        assert!(kind(Some(Late::Fits(Kind::Lounge))).is_err());
    }

    #[test]
    fn fees_have_both_ends() {
        assert_eq!(JOIN_FEE.check(-1).unwrap_err().to_string(), "Join fee cannot be negative");
        assert_eq!(JOIN_FEE.check(0).unwrap(), 0);
        assert_eq!(JOIN_FEE.check(2_147_483_647).unwrap(), 2_147_483_647);
        assert!(JOIN_FEE.check(2_147_483_648).is_err());
    }
}

//! Validation of a community's values.

use std::ops::RangeInclusive;

use entity::community::{CsMode, Kind, Tags};
use sea_orm::ConnectionTrait;
use uuid::Uuid;

use crate::{
    domain::{Deferred, agents},
    error::{Error, Result},
    text::{fields, rule::TextRule},
};

/// Name of a community.
pub const NAME: TextRule = TextRule::line("name", "Name", 100);
/// Description of a community.
pub const DESCRIPTION: TextRule = TextRule::free("description", 5000);
/// Category of a community.
pub const CATEGORY: TextRule = TextRule::slug("category");
/// One of a community's tags.
pub const TAG: TextRule = TextRule::line("tags", "Each of tags", 50);
/// Maximum number of tags.
pub const MOST_TAGS: usize = 20;
/// URL of a community's picture.
pub const AVATAR_URL: TextRule = TextRule::web_url("avatarUrl");
/// URL of a community's cover picture.
pub const COVER_IMAGE_URL: TextRule = TextRule::web_url("coverImageUrl");
/// Range of each fee, in whole coins.
pub const FEE: RangeInclusive<i64> = 0..=i32::MAX as i64;

/// Maximum 5000 characters; an empty description becomes `None`.
pub(super) fn description(text: String) -> Result<Option<String>> {
    let text = DESCRIPTION.check(&text)?;
    Ok(Some(text).filter(|text| !text.is_empty()))
}

/// Returns the folded text that searches match.
pub(super) fn search_fold(name: &str, description: Option<&str>) -> String {
    fields::searched_fold(&format!("{name}\n{}", description.unwrap_or_default()))
}

/// Accepts clubs and official accounts: lounges have their own operation.
pub(super) fn kind(kind: Option<Deferred<Kind>>) -> Result<Kind> {
    const MESSAGE: &str = "Type must be 'official' or 'club'";
    match kind.map(known_kind) {
        None => Ok(Kind::Club),
        Some(Deferred::Valid(Kind::Lounge)) => Err(Error::invalid("kind", MESSAGE)),
        Some(kind) => kind.validate("kind", MESSAGE),
    }
}

/// Accepts `community` and `hub`, which newer clients use for a club.
pub(super) fn known_kind(kind: Deferred<Kind>) -> Deferred<Kind> {
    match kind {
        Deferred::Malformed(word)
            if ["community", "hub"].iter().any(|known| word.eq_ignore_ascii_case(known)) =>
        {
            Deferred::Valid(Kind::Club)
        }
        kind => kind,
    }
}

pub(super) fn cs_mode(mode: Deferred<CsMode>) -> Result<CsMode> {
    mode.validate("csMode", "cs_mode must be 'ai_only', 'human_only', or 'hybrid'")
}

/// Fees of joining, of 30 days and of an agent reply, in whole coins, 0 to 2,147,483,647.
pub(super) const JOIN_FEE: Fee = Fee("joinFee", "Join fee");
pub(super) const MONTHLY_FEE: Fee = Fee("monthlyFee", "Monthly fee");
pub(super) const AGENT_CALL_FEE: Fee = Fee("agentCallFee", "Agent call fee");

/// A fee: its argument and its name in messages.
pub(super) struct Fee(&'static str, &'static str);

/// Legacy clients expect a number above 32 bits to be reported as a value of the wrong type.
pub(in crate::domain) fn too_large(field: &'static str) -> Error {
    let message = format!("\"{field}\" must be an integer between 0 and {}", i32::MAX);
    Error::WrongType { field, message }
}

impl Fee {
    pub(super) fn check(&self, coins: i64) -> Result<i64> {
        if coins < *FEE.start() {
            return Err(Error::invalid(self.0, format!("{} cannot be negative", self.1)));
        }
        if coins > *FEE.end() {
            return Err(too_large(self.0));
        }
        Ok(coins)
    }
}

/// Maximum 20 tags of 1 to 50 characters each.
pub(super) fn tags(tags: Vec<String>) -> Result<Tags> {
    TAG.check_all(&tags, MOST_TAGS).map(Tags)
}

/// Returns the active listing with this id. A value that is not a UUID counts as absent, as legacy clients
/// expect.
pub(super) async fn listing(tx: &impl ConnectionTrait, id: &str) -> Result<Option<Uuid>> {
    let Ok(id) = Uuid::try_parse(id) else { return Ok(None) };
    match agents::find_active(tx, id).await? {
        Some(listing) => Ok(Some(listing.id)),
        None => Err(Error::invalid("defaultAgentListingId", "Agent listing not found")),
    }
}

/// Alias of a member in one community.
pub(super) fn display_name(name: &str) -> Result<String> {
    fields::name("displayName", name, 50, "Display name must be 1-50 characters")
}

pub(super) fn reason(reason: String) -> Result<String> {
    fields::at_most("reason", reason, 500)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn legacy_names_of_clubs_are_accepted() {
        for word in ["community", "hub", "HUB"] {
            assert_eq!(kind(Some(Deferred::Malformed(word.to_owned()))).unwrap(), Kind::Club);
        }
        assert!(kind(Some(Deferred::Malformed("guild".to_owned()))).is_err());
        assert!(kind(Some(Deferred::Valid(Kind::Lounge))).is_err());
    }

    #[test]
    fn fees_have_both_ends() {
        assert_eq!(JOIN_FEE.check(-1).unwrap_err().to_string(), "Join fee cannot be negative");
        assert_eq!(JOIN_FEE.check(0).unwrap(), 0);
        assert_eq!(JOIN_FEE.check(2_147_483_647).unwrap(), 2_147_483_647);
        assert!(JOIN_FEE.check(2_147_483_648).is_err());
    }
}

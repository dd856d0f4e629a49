//! Rules of an account's texts.

use crate::text::rule::TextRule;

/// Name of an account, and of an API key.
pub const NAME: TextRule = TextRule::line("name", "Name", 100);
/// URL of an account's picture.
pub const IMAGE: TextRule = TextRule::web_url("image");
/// Reason of a ban, for the banned account.
pub const BAN_REASON: TextRule = TextRule::text("reason", "reason", 500);

//! What the creator of a lounge agreed to.

use crate::domain::{Error, Result, text};

/// The most characters of what somebody agreed to.
const LONGEST: usize = 2000;
/// The most characters of a wording's name.
const LONGEST_VERSION: usize = 50;

/// A creator's word that their voice may be cloned.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Consent {
    /// Whether they agreed.
    pub accepted: bool,
    /// What they agreed to, word by word: 1 to 2000 characters.
    pub statement: String,
    /// Which wording that is, where there are several: at most 50 characters.
    pub version: Option<String>,
}

impl Consent {
    /// Holds it to what is needed to keep it.
    pub(super) fn check(self) -> Result<Self> {
        if !self.accepted {
            return Err(Error::invalid("consent", "The voice is cloned only when its owner agrees"));
        }
        let refusal = "consent.statement must be 1-2000 characters";
        let statement = text::required("consent.statement", &self.statement, LONGEST, refusal)?;
        let version = self.version.map(|version| {
            text::name(
                "consent.version",
                &version,
                LONGEST_VERSION,
                "consent.version must be 1-50 characters",
            )
        });
        Ok(Self { accepted: true, statement, version: version.transpose()? })
    }
}

//! Consent of a lounge's creator to voice cloning.

use crate::{
    error::{Error, Result},
    text::fields,
};

/// Maximum length of a consent statement, in characters.
const MAX_STATEMENT_CHARS: usize = 2000;
/// Maximum length of a version, in characters.
const LONGEST_VERSION: usize = 50;

/// Consent of a creator to clone their voice.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Consent {
    /// Whether the creator consents.
    pub accepted: bool,
    /// Verbatim statement that the creator consents to, 1 to 2000 characters.
    pub statement: String,
    /// Version of the statement, maximum 50 characters.
    pub version: Option<String>,
}

impl Consent {
    /// Validates the consent.
    pub(super) fn check(self) -> Result<Self> {
        if !self.accepted {
            return Err(Error::invalid("consent", "Cloning a voice requires the consent of its owner"));
        }
        let refusal = "consent.statement must be 1-2000 characters";
        let statement = fields::required("consent.statement", &self.statement, MAX_STATEMENT_CHARS, refusal)?;
        let version = self.version.map(|version| {
            fields::name(
                "consent.version",
                &version,
                LONGEST_VERSION,
                "consent.version must be 1-50 characters",
            )
        });
        Ok(Self { accepted: true, statement, version: version.transpose()? })
    }
}

//! What the platform's administrators may do: the admin flag is all that counts, never a role or an address.

use crate::domain::{Error, Result, User};

/// Refuses all but administrators.
///
/// # Errors
/// [`Error::Forbidden`].
pub(in crate::domain) fn check_admin(actor: &User) -> Result<()> {
    if actor.is_admin { Ok(()) } else { Err(Error::Forbidden("Admin only")) }
}

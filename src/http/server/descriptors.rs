//! The limit on open files and connections of the process.

/// Raises the limit on open descriptors as far as the system allows, and returns it. Returns `None` if there
/// is no limit or it is unknown.
#[cfg(unix)]
pub fn raise() -> Option<u64> {
    use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};

    let before = getrlimit(Resource::Nofile);
    if before.current != before.maximum {
        let raised = Rlimit { current: before.maximum, maximum: before.maximum };
        if let Err(error) = setrlimit(Resource::Nofile, raised) {
            tracing::warn!(%error, "the limit on open descriptors cannot be raised");
        }
    }
    let now = getrlimit(Resource::Nofile).current;
    tracing::info!(before = before.current, now, "limit on open descriptors");
    now
}

/// This system has no such limit.
#[cfg(not(unix))]
pub fn raise() -> Option<u64> {
    None
}

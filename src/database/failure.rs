//! What an error of the database means: for the connection, for the transaction, and for the caller.

use std::{borrow::Cow, io};

use sea_orm::{
    DbErr, RuntimeErr,
    sqlx::{
        self,
        postgres::{PgDatabaseError, PgSeverity},
        sqlite::SqliteError,
    },
};

/// Primary result codes of SQLite.
mod sqlite {
    pub(super) const ERROR: i32 = 1;
    pub(super) const BUSY: i32 = 5;
    pub(super) const LOCKED: i32 = 6;
    pub(super) const NOMEM: i32 = 7;
    pub(super) const READONLY: i32 = 8;
    pub(super) const INTERRUPT: i32 = 9;
    pub(super) const IOERR: i32 = 10;
    pub(super) const FULL: i32 = 13;
    pub(super) const CANTOPEN: i32 = 14;
    pub(super) const PROTOCOL: i32 = 15;
    pub(super) const TOOBIG: i32 = 18;
    pub(super) const CONSTRAINT: i32 = 19;
    pub(super) const MISMATCH: i32 = 20;
    pub(super) const RANGE: i32 = 25;
    /// An extended code: a write failed, so that the transaction is not whole anywhere.
    pub(super) const IOERR_WRITE: i32 = 778;
}

/// The error of a statement that took longer than its limit.
pub(super) fn timed_out() -> sqlx::Error {
    sqlx::Error::Io(io::Error::new(io::ErrorKind::TimedOut, "the database did not answer in time"))
}

/// Whether the connection may not be used after this error. SQLite may have ended the transaction by itself, which the
/// connection does not tell; PostgreSQL tells all but its own end.
pub(super) fn breaks(error: &sqlx::Error) -> bool {
    match error {
        sqlx::Error::Database(known) => match sqlite_code(error) {
            Some(code) => !matches!(
                code,
                sqlite::ERROR
                    | sqlite::TOOBIG
                    | sqlite::CONSTRAINT
                    | sqlite::MISMATCH
                    | sqlite::RANGE
                    | sqlite::BUSY
            ),
            None => is_fatal(&**known),
        },
        // Of our side: the statement was not sent, or its rows were read to the end.
        sqlx::Error::RowNotFound
        | sqlx::Error::Encode(_)
        | sqlx::Error::TypeNotFound { .. }
        | sqlx::Error::ColumnIndexOutOfBounds { .. }
        | sqlx::Error::ColumnNotFound(_)
        | sqlx::Error::ColumnDecode { .. }
        | sqlx::Error::Decode(_) => false,
        _ => true,
    }
}

/// Whether connecting is worth another try at once: the database starts, or has no room for another connection.
pub(super) fn is_starting(error: &sqlx::Error) -> bool {
    match error {
        sqlx::Error::Io(error) => error.kind() == io::ErrorKind::ConnectionRefused,
        sqlx::Error::Database(known) => known.is_transient_in_connect_phase() || is_busy(error),
        _ => false,
    }
}

/// Whether the connection was closed by the other end, as opposed to one that does not answer.
pub(super) fn is_closed(error: &sqlx::Error) -> bool {
    is_lost(error) && !matches!(error, sqlx::Error::Io(error) if error.kind() == io::ErrorKind::TimedOut)
}

/// Whether the connection is gone, or does not answer any more.
pub(super) fn is_lost(error: &sqlx::Error) -> bool {
    match error {
        sqlx::Error::Io(_) | sqlx::Error::Tls(_) | sqlx::Error::Protocol(_) | sqlx::Error::WorkerCrashed => {
            true
        }
        sqlx::Error::Database(known) => sqlite_code(error).is_none() && is_fatal(&**known),
        _ => false,
    }
}

/// Whether SQLite refused because another process holds the lock: nothing was begun or changed.
pub(super) fn is_busy(error: &sqlx::Error) -> bool {
    sqlite_code(error) == Some(sqlite::BUSY)
}

/// Whether the error of a `COMMIT` proves that nothing was committed. Where the answer got lost, it proves nothing.
pub(super) fn proves_rollback(error: &sqlx::Error) -> bool {
    match error {
        sqlx::Error::Database(known) => match sqlite_code(error) {
            Some(sqlite::INTERRUPT | sqlite::NOMEM) => false,
            // All of it may be in the log, where the next start finds it, when it was written but not forced to the
            // disk.
            Some(sqlite::IOERR) => extended_code(error).is_some_and(|code| code == sqlite::IOERR_WRITE),
            Some(_) => true,
            // An idle transaction was ended before the `COMMIT` came; "completion unknown" is what it says.
            None => match known.code().as_deref() {
                Some("25P03" | "25P04") => true,
                Some("40003") => false,
                _ => !is_fatal(&**known),
            },
        },
        _ => false,
    }
}

/// Whether the error says that nothing can be stored at the moment: a full or failing disk, or a server that takes no
/// writes.
pub(super) fn stops_writes(error: &sqlx::Error) -> bool {
    let Some(known) = error.as_database_error() else { return false };
    match sqlite_code(error) {
        Some(code) => matches!(code, sqlite::FULL | sqlite::IOERR | sqlite::READONLY | sqlite::CANTOPEN),
        None => matches!(known.code().as_deref(), Some("53100" | "58030" | "25006")),
    }
}

/// Whether the request may succeed later, unchanged: the database cannot be reached, is out of a resource, or a
/// lock is held elsewhere. Anything else is a fault of ours.
pub fn is_unavailable(error: &DbErr) -> bool {
    match error {
        DbErr::ConnectionAcquire(_) | DbErr::Conn(_) => true,
        DbErr::Exec(RuntimeErr::SqlxError(error)) | DbErr::Query(RuntimeErr::SqlxError(error)) => {
            is_unavailable_sqlx(error)
        }
        _ => false,
    }
}

/// Whether the database took longer than it may, or a lock was held elsewhere for longer.
pub(super) fn is_timeout(error: &DbErr) -> bool {
    let (DbErr::Exec(RuntimeErr::SqlxError(error)) | DbErr::Query(RuntimeErr::SqlxError(error))) = error
    else {
        return false;
    };
    match error.as_ref() {
        sqlx::Error::Io(error) => error.kind() == io::ErrorKind::TimedOut,
        sqlx::Error::Database(known) => {
            is_busy(error) || matches!(known.code().as_deref(), Some("57014" | "55P03"))
        }
        _ => false,
    }
}

fn is_unavailable_sqlx(error: &sqlx::Error) -> bool {
    match error {
        sqlx::Error::Io(_)
        | sqlx::Error::Tls(_)
        | sqlx::Error::Protocol(_)
        | sqlx::Error::PoolTimedOut
        | sqlx::Error::PoolClosed
        | sqlx::Error::WorkerCrashed
        | sqlx::Error::BeginFailed => true,
        sqlx::Error::Database(known) => match sqlite_code(error) {
            Some(code) => matches!(
                code,
                sqlite::BUSY
                    | sqlite::LOCKED
                    | sqlite::NOMEM
                    | sqlite::READONLY
                    | sqlite::INTERRUPT
                    | sqlite::IOERR
                    | sqlite::FULL
                    | sqlite::CANTOPEN
                    | sqlite::PROTOCOL
            ),
            None => is_fatal(&**known) || known.code().is_some_and(|code| is_passing(&code)),
        },
        _ => false,
    }
}

/// Whether an error of PostgreSQL with this SQLSTATE passes: connection (08), serialization and deadlock (40), resources
/// (53), intervention of an operator and statement timeout (57), system (58), lock timeout, a standby.
fn is_passing(code: &str) -> bool {
    let class = code.get(..2).unwrap_or_default();
    matches!(class, "08" | "40" | "53" | "57" | "58") || matches!(code, "55P03" | "25006" | "25P03" | "25P04")
}

/// Whether PostgreSQL ends the connection with this error.
fn is_fatal(error: &(dyn sqlx::error::DatabaseError + 'static)) -> bool {
    error.try_downcast_ref::<PgDatabaseError>().is_some_and(|error| {
        matches!(error.severity(), PgSeverity::Fatal | PgSeverity::Panic)
            || matches!(error.code().get(..2), Some("08"))
    })
}

/// The primary result code, where the error is SQLite's.
fn sqlite_code(error: &sqlx::Error) -> Option<i32> {
    extended_code(error).map(|code| code & 0xff)
}

/// The extended result code, where the error is SQLite's.
fn extended_code(error: &sqlx::Error) -> Option<i32> {
    let known = error.as_database_error()?;
    known.try_downcast_ref::<SqliteError>()?;
    known.code().as_ref().map(Cow::as_ref)?.parse().ok()
}

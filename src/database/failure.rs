//! Classifies database errors: their effect on the connection, the transaction and the caller.

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
    /// Extended code: a write failed, so the transaction is incomplete.
    pub(super) const IOERR_WRITE: i32 = 778;
}

/// Returns the error of a statement that exceeded its time limit.
pub(super) fn timed_out() -> sqlx::Error {
    sqlx::Error::Io(io::Error::new(io::ErrorKind::TimedOut, "the database did not answer in time"))
}

/// Returns whether the connection must not be reused after this error. SQLite may have ended the transaction
/// without notice; PostgreSQL reports everything but its own shutdown.
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
        // Errors on this side: the statement was not sent, or its rows were read to the end.
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

/// Returns whether connecting may succeed soon: the database is starting or has no free connection.
pub(super) fn is_starting(error: &sqlx::Error) -> bool {
    match error {
        sqlx::Error::Io(error) => error.kind() == io::ErrorKind::ConnectionRefused,
        sqlx::Error::Database(known) => known.is_transient_in_connect_phase() || is_busy(error),
        _ => false,
    }
}

/// Returns whether the other end closed the connection, as opposed to not answering.
pub(super) fn is_closed(error: &sqlx::Error) -> bool {
    is_lost(error) && !matches!(error, sqlx::Error::Io(error) if error.kind() == io::ErrorKind::TimedOut)
}

/// Returns whether the connection is closed or does not answer.
pub(super) fn is_lost(error: &sqlx::Error) -> bool {
    match error {
        sqlx::Error::Io(_) | sqlx::Error::Tls(_) | sqlx::Error::Protocol(_) | sqlx::Error::WorkerCrashed => {
            true
        }
        sqlx::Error::Database(known) => sqlite_code(error).is_none() && is_fatal(&**known),
        _ => false,
    }
}

/// Returns whether SQLite refused because another process holds the lock; nothing was begun or changed.
pub(super) fn is_busy(error: &sqlx::Error) -> bool {
    sqlite_code(error) == Some(sqlite::BUSY)
}

/// Returns whether the error of a `COMMIT` proves that nothing was committed. A lost answer proves nothing.
pub(super) fn proves_rollback(error: &sqlx::Error) -> bool {
    match error {
        sqlx::Error::Database(known) => match sqlite_code(error) {
            Some(sqlite::INTERRUPT | sqlite::NOMEM) => false,
            // If the transaction was written but not synced, it may be in the log, and the next start
            // recovers it.
            Some(sqlite::IOERR) => extended_code(error).is_some_and(|code| code == sqlite::IOERR_WRITE),
            Some(_) => true,
            // PostgreSQL ended an idle transaction before the `COMMIT` arrived; its error is "completion
            // unknown".
            None => match known.code().as_deref() {
                Some("25P03" | "25P04") => true,
                Some("40003") => false,
                _ => !is_fatal(&**known),
            },
        },
        _ => false,
    }
}

/// Returns whether nothing can be stored at the moment: a full or failing disk, or a read-only server.
pub(super) fn stops_writes(error: &sqlx::Error) -> bool {
    let Some(known) = error.as_database_error() else { return false };
    match sqlite_code(error) {
        Some(code) => matches!(code, sqlite::FULL | sqlite::IOERR | sqlite::READONLY | sqlite::CANTOPEN),
        None => matches!(known.code().as_deref(), Some("53100" | "58030" | "25006")),
    }
}

/// Returns whether the unchanged request may succeed later: the database is unreachable or out of a resource,
/// or another transaction holds a lock. All other errors are faults of this program.
pub fn is_unavailable(error: &DbErr) -> bool {
    match error {
        DbErr::ConnectionAcquire(_) | DbErr::Conn(_) => true,
        DbErr::Exec(RuntimeErr::SqlxError(error)) | DbErr::Query(RuntimeErr::SqlxError(error)) => {
            is_unavailable_sqlx(error)
        }
        _ => false,
    }
}

/// Returns whether a statement or a wait for a lock exceeded its time limit.
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

/// Returns whether a PostgreSQL error with this SQLSTATE is temporary: connection (08), serialization and
/// deadlock (40), resources (53), operator intervention and statement timeout (57), system (58), lock
/// timeout, a standby.
fn is_passing(code: &str) -> bool {
    let class = code.get(..2).unwrap_or_default();
    matches!(class, "08" | "40" | "53" | "57" | "58") || matches!(code, "55P03" | "25006" | "25P03" | "25P04")
}

/// Returns whether PostgreSQL ends the connection with this error.
fn is_fatal(error: &(dyn sqlx::error::DatabaseError + 'static)) -> bool {
    error.try_downcast_ref::<PgDatabaseError>().is_some_and(|error| {
        matches!(error.severity(), PgSeverity::Fatal | PgSeverity::Panic)
            || matches!(error.code().get(..2), Some("08"))
    })
}

/// Returns the primary result code of a SQLite error.
fn sqlite_code(error: &sqlx::Error) -> Option<i32> {
    extended_code(error).map(|code| code & 0xff)
}

/// Returns the extended result code of a SQLite error.
fn extended_code(error: &sqlx::Error) -> Option<i32> {
    let known = error.as_database_error()?;
    known.try_downcast_ref::<SqliteError>()?;
    known.code().as_ref().map(Cow::as_ref)?.parse().ok()
}

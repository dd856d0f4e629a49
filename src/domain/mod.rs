//! The domain: all rules, by noun. Knows no HTTP, REST or GraphQL.

pub mod account_deletion;
pub mod accounts;
pub mod agents;
pub mod audit;
pub mod audit_log;
pub mod blocks;
pub mod claim;
pub mod communities;
pub mod connections;
pub mod conversations;
mod counted_page;
mod deferred;
mod due_rows;
mod failed_batch;
pub mod grant_confirmation;
mod idempotency;
mod idempotency_accounts;
mod idempotency_claims;
pub mod lounges;
mod notices;
mod page;
pub mod reports;
pub mod row_kinds;
pub mod servers;
mod shared_read;
pub mod spaces;
mod stored_file;
mod substring;
pub mod support;
pub mod unit_of_work;
pub mod verification;
pub mod wallet;
pub mod zone;

pub use deferred::Deferred;
/// An account; the actor of an operation.
pub use entity::user::Model as User;
pub use idempotency::IdempotencyKey;
pub use page::{Cursor, Page, PageRows, Window, at_least, rows};
use page::{Order, all_of, count_each, newest_first};
use substring::Searched;
pub use unit_of_work::{Publish, UnitOfWork};

/// Rows of one event of an inbox or a queue: further changes follow in the next event, so that the size of an event is
/// bounded.
pub const EVENT_ROWS: usize = 100;

//! A server for one test, its callers, and its databases.

pub mod bucket;
mod caller;
mod coins;
pub mod contract;
mod events;
mod nats;
pub mod openai;
mod patience;
mod payload;
mod plans;
mod postgres;
mod private_postgres;
mod program;
mod proxy;
mod server;
pub mod single;
mod socket;
pub mod sound;
mod upload;
pub mod vendors;

pub use caller::{Answer, Caller};
pub use events::Events;
pub use nats::NatsServer;
pub use patience::within;
pub use payload::changed;
pub use plans::plan;
pub use postgres::TestPostgres;
pub use private_postgres::PrivatePostgres;
pub use program::Program;
pub use proxy::{Mode, Proxy};
pub use server::Server;
pub use single::Single;
pub use socket::{Opening, Socket};
pub use upload::{operations, upload};

/// Makes a test of each `async fn name(server: Server)`, on SQLite and on PostgreSQL.
///
/// Where no PostgreSQL answers, its half says so and passes, unless `PLAZA_TEST_POSTGRES_URL` is set.
macro_rules! on_both {
    ($($(#[$meta:meta])* async fn $name:ident($server:ident: Server) $body:block)+) => {
        $(
            $(#[$meta])*
            mod $name {
                use super::*;

                async fn run($server: $crate::support::Server) $body

                #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
                async fn sqlite() {
                    run($crate::support::Server::on_sqlite().await).await;
                }

                #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
                async fn postgres() {
                    let Some(server) = $crate::support::Server::on_postgres().await else { return };
                    run(server).await;
                }
            }
        )+
    };
}
pub(crate) use on_both;

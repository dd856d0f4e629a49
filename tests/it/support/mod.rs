//! A server for one test, people who call it, and the databases it runs on.

pub mod bucket;
mod caller;
mod coins;
mod events;
pub mod openai;
mod postgres;
mod program;
mod proxy;
mod server;
pub mod single;
mod socket;
pub mod sound;
pub mod vendors;

pub use caller::{Answer, Caller};
pub use events::Events;
pub use postgres::TestPostgres;
pub use program::Program;
pub use proxy::{Mode, Proxy};
pub use server::Server;
pub use single::Single;
pub use socket::{Opening, Socket};

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

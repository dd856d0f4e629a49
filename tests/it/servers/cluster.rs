//! Three processes on one PostgreSQL database.

use std::process::{Command, Output};

use tempfile::TempDir;

use crate::support::{Caller, NatsServer, Program, TestPostgres};

/// Settings of servers that read what was not announced, and rights, once an hour.
pub const BY_BUS: &[(&str, &str)] = &[("PLAZA_POLL_INTERVAL", "3600"), ("PLAZA_RIGHTS_VALIDITY", "3600")];

/// How the servers are connected.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum By {
    /// By notifications of PostgreSQL.
    Postgres,
    /// By NATS.
    Nats,
}

/// Three servers. Dropped, they are killed.
pub struct Cluster {
    pub servers: Vec<Program>,
    pub nats: Option<NatsServer>,
    settings: Vec<(String, String)>,
    folders: Vec<TempDir>,
    postgres: TestPostgres,
}

impl Cluster {
    /// Starts three servers and waits until they are connected; `None` if PostgreSQL or NATS is not installed.
    pub async fn start(by: By, settings: &[(&str, &str)]) -> Option<Self> {
        let postgres = TestPostgres::migrated().await?;
        let nats = match by {
            By::Postgres => None,
            By::Nats => Some(NatsServer::start()?),
        };
        let mut settings: Vec<(String, String)> =
            settings.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
        settings.push(("PLAZA_DATABASE_CONNECTIONS".to_owned(), "6".to_owned()));
        settings.extend(nats.as_ref().map(|nats| ("PLAZA_BUS_URL".to_owned(), nats.url.clone())));
        let mut cluster = Self { servers: Vec::new(), nats, settings, folders: Vec::new(), postgres };
        for _ in 0..3 {
            cluster.add().await;
        }
        Some(cluster)
    }

    /// Starts another server and waits until it is connected.
    pub async fn add(&mut self) {
        let folder = TempDir::new().expect("a folder");
        let settings: Vec<(&str, &str)> =
            self.settings.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        let server = Program::serve_with(folder.path(), &self.postgres.url, &settings);
        server.logs("connected to the other servers").await;
        self.servers.push(server);
        self.folders.push(folder);
    }

    /// Creates an account, and returns its owner as a caller of each server.
    pub async fn member(&self, name: &str) -> Vec<Caller> {
        let member = self.servers[0].member(name).await;
        self.servers.iter().map(|server| server.caller(&member.id, &member.token)).collect()
    }

    /// Runs a command of the program on the database.
    pub fn command(&self, arguments: &[&str]) -> Output {
        let mut command = Command::new(env!("CARGO_BIN_EXE_plaza"));
        command
            .current_dir(self.folders[0].path())
            .args(arguments)
            .args(["--database-url", &self.postgres.url]);
        command.envs(self.settings.iter().filter(|(name, _)| name == "PLAZA_BUS_URL").cloned());
        let output = command.output().expect("the program runs");
        assert!(output.status.success(), "{output:?}");
        output
    }
}

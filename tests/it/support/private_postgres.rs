//! A PostgreSQL server for one test, which may stop and start it.

use std::{
    env,
    net::TcpListener,
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

use tempfile::TempDir;

/// A server of its own. Dropped, it is stopped and its files are removed.
pub struct PrivatePostgres {
    /// The URL of its database.
    pub url: String,
    programs: PathBuf,
    folder: TempDir,
    port: u16,
}

impl PrivatePostgres {
    /// Starts one; `None` where PostgreSQL's programs are not installed.
    pub fn start() -> Option<Self> {
        let Some(programs) = programs() else {
            assert!(
                env::var("PLAZA_TEST_POSTGRES_URL").is_err(),
                "initdb and pg_ctl are installed with PostgreSQL"
            );
            eprintln!("skipped: initdb and pg_ctl of PostgreSQL are not installed");
            return None;
        };
        let folder = TempDir::new().expect("a folder");
        let port =
            TcpListener::bind("127.0.0.1:0").and_then(|free| free.local_addr()).expect("a port").port();
        let url = format!("postgres://postgres@127.0.0.1:{port}/postgres");
        let server = Self { url, programs, folder, port };
        if is_root() {
            // PostgreSQL refuses to run as root.
            run(Command::new("chown").arg("postgres").arg(server.folder.path()));
        }
        server.run(
            "initdb",
            &["--auth=trust", "--username=postgres", "--no-sync", "--encoding=UTF8", "-D"],
            true,
        );
        server.boot();
        Some(server)
    }

    /// Stops it and cuts all its connections.
    pub fn stop(&self) {
        self.run("pg_ctl", &["stop", "--mode=immediate", "-w", "-D"], true);
    }

    /// Starts it again.
    pub fn boot(&self) {
        let options = format!(
            "-c port={} -c listen_addresses=127.0.0.1 -c unix_socket_directories= -c fsync=off",
            self.port
        );
        self.run("pg_ctl", &["start", "-w", "-l", "/dev/null", "-o", &options, "-D"], true);
    }

    fn run(&self, program: &str, arguments: &[&str], must: bool) {
        let program = self.programs.join(program);
        let mut command = if is_root() {
            let mut command = Command::new("runuser");
            command.args(["-u", "postgres", "--"]).arg(program);
            command
        } else {
            Command::new(program)
        };
        command.args(arguments).arg(self.folder.path().join("data")).current_dir("/");
        command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
        let ran = command.status();
        assert!(!must || ran.is_ok_and(|status| status.success()), "{command:?}");
    }
}

impl Drop for PrivatePostgres {
    fn drop(&mut self) {
        self.run("pg_ctl", &["stop", "--mode=immediate", "-w", "-D"], false);
    }
}

fn run(command: &mut Command) {
    assert!(command.status().is_ok_and(|status| status.success()), "{command:?}");
}

fn is_root() -> bool {
    rustix::process::geteuid().is_root()
}

/// The folder of PostgreSQL's programs: where Debian puts them, the newest first, or on the path.
fn programs() -> Option<PathBuf> {
    let versions = std::fs::read_dir("/usr/lib/postgresql").into_iter().flatten().flatten();
    let mut folders: Vec<PathBuf> = versions.map(|version| version.path().join("bin")).collect();
    folders.sort();
    folders.reverse();
    folders.extend(env::var_os("PATH").iter().flat_map(env::split_paths));
    folders.into_iter().find(|folder| Path::new(folder).join("initdb").exists())
}

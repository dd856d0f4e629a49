//! A NATS server for one test, which may stop and start it.

use std::{
    io::{BufRead, BufReader},
    net::TcpListener,
    process::{Child, Command, Stdio},
};

/// A server on a port of its own. Dropped, it is killed.
pub struct NatsServer {
    /// Its URL, as in the settings.
    pub url: String,
    port: u16,
    child: Option<Child>,
}

impl NatsServer {
    /// Starts one; `None` if `nats-server` is not installed.
    pub fn start() -> Option<Self> {
        let port =
            TcpListener::bind("127.0.0.1:0").and_then(|free| free.local_addr()).expect("a port").port();
        let mut server = Self { url: format!("nats://127.0.0.1:{port}"), port, child: None };
        if server.boot() {
            return Some(server);
        }
        assert!(std::env::var("PLAZA_TEST_NATS").is_err(), "nats-server is installed");
        eprintln!("skipped: nats-server is not installed");
        None
    }

    /// Starts it again, and waits until it is ready. Returns whether it is installed.
    pub fn boot(&mut self) -> bool {
        let port = self.port.to_string();
        let mut command = Command::new("nats-server");
        command.args(["--addr", "127.0.0.1", "--port", &port]);
        let Ok(mut child) = command.stdout(Stdio::null()).stderr(Stdio::piped()).spawn() else {
            return false;
        };
        let log = BufReader::new(child.stderr.take().expect("its log"));
        let mut lines = log.lines().map_while(Result::ok);
        assert!(lines.any(|line| line.contains("Server is ready")), "nats-server starts");
        // Its log is read to the end, so that it never waits for a reader.
        std::thread::spawn(move || lines.for_each(drop));
        self.child = Some(child);
        true
    }

    /// Kills it.
    pub fn stop(&mut self) {
        if let Some(mut child) = self.child.take() {
            child.kill().expect("it runs");
            child.wait().expect("it ends");
        }
    }
}

impl Drop for NatsServer {
    fn drop(&mut self) {
        self.stop();
    }
}

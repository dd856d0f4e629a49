//! The program in benchmarks: a separate process, over real sockets.

use std::{
    io::{BufRead, BufReader},
    path::Path,
    process::{Child, Command, Stdio},
};

use serde_json::Value;

/// A running server, killed when dropped.
pub struct Server {
    child: Child,
    /// Base URL, without a trailing slash.
    pub url: String,
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Server {
    /// Starts the program on a database with these settings, named as in the environment.
    pub fn start(folder: &Path, database: &str, settings: &[(&str, &str)]) -> Self {
        let mut child = Command::new(env!("CARGO_BIN_EXE_plaza"))
            .current_dir(folder)
            .env("PLAZA_RATE_LIMITS", "off")
            .env("PLAZA_CONNECTIONS_PER_ADDRESS", "100000")
            .env("PLAZA_LOG", "error")
            .envs(settings.iter().copied())
            .args(["serve", "--listen", "127.0.0.1:0", "--database-url", database])
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("starts");
        let lines = BufReader::new(child.stdout.take().expect("its output")).lines();
        let line = lines.map_while(Result::ok).find(|line| line.contains("Start page")).expect("it serves");
        let url = line.split_whitespace().last().expect("an address").trim_end_matches('/').to_owned();
        Self { child, url }
    }

    /// Returns its memory in kilobytes.
    pub fn resident(&self) -> f64 {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.child.id())).expect("reads");
        let line = status.lines().find(|line| line.starts_with("VmRSS:")).expect("a line");
        line.split_whitespace().nth(1).and_then(|text| text.parse().ok()).expect("a number")
    }

    /// Returns its seconds of processor time.
    pub fn processor(&self) -> f64 {
        let stat = std::fs::read_to_string(format!("/proc/{}/stat", self.child.id())).expect("reads");
        let fields: Vec<&str> = stat.rsplit(')').next().expect("fields").split_whitespace().collect();
        let ticks = |place: usize| fields[place].parse::<f64>().expect("a number");
        (ticks(11) + ticks(12)) / 100.0
    }
}

/// Returns the URL of a SQLite database in a folder.
pub fn sqlite(folder: &Path, name: &str) -> String {
    format!("sqlite://{}", folder.join(format!("{name}.db")).display())
}

/// Posts a body and reads the answer.
pub async fn ask(client: &reqwest::Client, token: &str, url: String, body: Value) -> Value {
    let request = client.post(url).bearer_auth(token).json(&body);
    request.send().await.expect("answers").json().await.expect("JSON")
}

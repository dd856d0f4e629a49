//! The program as a separate process.

use std::{
    io::{BufRead, BufReader},
    path::Path,
    process::{Child, Command, Stdio},
};

use serde_json::json;

use super::{Caller, Opening, contract::OPENAPI};

/// File with the log of the program.
const LOG: &str = "plaza.log";

/// A running `plaza serve`. Dropped, it is killed.
pub struct Program {
    log: std::path::PathBuf,
    /// Where it listens, without a slash at the end.
    pub url: String,
    child: Child,
    client: reqwest::Client,
}

impl Program {
    /// Starts the program on a database, in a separate folder.
    pub fn serve(folder: &Path, database_url: &str) -> Self {
        Self::serve_with(folder, database_url, &[])
    }

    /// Starts the program with further settings, named as in the environment.
    pub fn serve_with(folder: &Path, database_url: &str, settings: &[(&str, &str)]) -> Self {
        // A file that may not grow causes a write error, not the end of the process.
        let mut command = Command::new("sh");
        command.args(["-c", "trap '' XFSZ; exec \"$0\" \"$@\"", env!("CARGO_BIN_EXE_plaza")]);
        for (name, _) in std::env::vars().filter(|(name, _)| name.starts_with("PLAZA_")) {
            command.env_remove(name);
        }
        let mut child = command
            .current_dir(folder)
            .env("PLAZA_RATE_LIMITS", "off")
            .env("PLAZA_DRAIN_SECONDS", "0")
            .envs(settings.iter().copied())
            .args(["serve", "--listen", "127.0.0.1:0", "--database-url", database_url])
            .stdout(Stdio::piped())
            .stderr(std::fs::File::create(folder.join(LOG)).expect("a file for its log"))
            .spawn()
            .expect("the program starts");
        let out = BufReader::new(child.stdout.take().expect("its output"));
        let line = out.lines().map(|line| line.expect("a line")).find(|line| line.contains("Start page"));
        let line = line.expect("it says where it serves");
        let url = line.split_whitespace().last().expect("an address").trim_end_matches('/').to_owned();
        plaza::adapters::use_ring();
        let client = reqwest::Client::new();
        Self { log: folder.join(LOG), url, child, client }
    }

    /// A caller with this bearer token; anonymous if it is empty.
    pub fn caller(&self, id: &str, token: &str) -> Caller {
        let who = (!token.is_empty()).then(|| (id.to_owned(), token.to_owned()));
        Caller::new(self.client.clone(), self.url.clone(), who, &OPENAPI)
    }

    /// A caller that just signed up.
    pub async fn member(&self, name: &str) -> Caller {
        let email = format!("{}@example.com", name.to_lowercase());
        let body = json!({ "email": email, "password": "a long password", "name": name });
        let answer = self.caller("", "").post("/api/auth/sign-up/email", body).await;
        assert_eq!(answer.status, 200, "{}", answer.text);
        let text = |value: &serde_json::Value| value.as_str().expect("a text").to_owned();
        self.caller(&text(&answer.json["user"]["id"]), &text(&answer.json["token"]))
    }

    /// Kills the process, like a power cut.
    pub fn kill(&mut self) {
        self.child.kill().expect("it runs");
        self.child.wait().expect("it ends");
    }

    /// Sends SIGTERM to the process.
    pub fn terminate(&self) {
        let process = self.child.id().to_string();
        let sent = Command::new("kill").args(["-TERM", &process]).status().expect("a signal");
        assert!(sent.success());
    }

    /// Stops the process and returns its exit code.
    pub fn stop(&mut self) -> Option<i32> {
        self.terminate();
        self.child.wait().expect("it ends").code()
    }

    /// Sets the maximum size of its files, or removes the limit, like a disk that is full or not.
    #[cfg(target_os = "linux")]
    pub fn limit_files(&self, bytes: Option<u64>) {
        let limit = bytes.map_or("unlimited".to_owned(), |bytes| bytes.to_string());
        let process = self.child.id().to_string();
        let limited =
            Command::new("prlimit").args(["--pid", &process, &format!("--fsize={limit}:")]).status();
        assert!(limited.expect("prlimit of util-linux runs").success());
    }

    /// Sets its descriptor limit to this many more than it has open now.
    #[cfg(target_os = "linux")]
    pub fn limit_descriptors(&self, more: usize) {
        let process = self.child.id().to_string();
        let open = std::fs::read_dir(format!("/proc/{process}/fd")).expect("Linux tells").count();
        let limit = format!("--nofile={}:", open + more);
        let limited = Command::new("prlimit").args(["--pid", &process, &limit]).status();
        assert!(limited.expect("prlimit of util-linux runs").success());
    }

    /// Waits until its log says something.
    pub async fn logs(&self, what: &str) {
        while !std::fs::read_to_string(&self.log).expect("its log").contains(what) {
            tokio::time::sleep(std::time::Duration::from_millis(10)).await;
        }
    }

    /// A socket to be opened at `/graphql/ws`.
    pub fn socket(&self) -> Opening {
        Opening::of(&self.url)
    }

    /// Returns its memory in kilobytes.
    pub fn resident(&self) -> usize {
        self.memory("VmRSS:")
    }

    /// Returns the most memory that it had at any time, in kilobytes.
    pub fn peak(&self) -> usize {
        self.memory("VmHWM:")
    }

    fn memory(&self, name: &str) -> usize {
        let file = format!("/proc/{}/status", self.child.id());
        let status = std::fs::read_to_string(file).expect("Linux tells");
        let line = status.lines().find(|line| line.starts_with(name)).expect("a line");
        line.split_whitespace().nth(1).and_then(|text| text.parse().ok()).expect("a number")
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

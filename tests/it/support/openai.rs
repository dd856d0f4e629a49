//! A provider's server that a test controls: byte by byte, slow, wrong or incomplete.

use std::{
    collections::VecDeque,
    sync::{Arc, Mutex},
    time::Duration,
};

use serde_json::{Value, json};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
    sync::{Notify, watch},
    task::JoinHandle,
};

use super::vendors::Vendor;

/// A provider in this process.
pub struct FakeOpenAi {
    /// Its base URL, as in the settings.
    pub url: String,
    shared: Arc<Shared>,
    task: JoinHandle<()>,
}

struct Shared {
    vendor: Option<Vendor>,
    scripts: Mutex<VecDeque<Vec<Step>>>,
    requests: Mutex<Vec<Asked>>,
    hung_up: watch::Sender<usize>,
}

/// A received request.
#[derive(Clone, Debug)]
pub struct Asked {
    /// Path and query.
    pub path: String,
    /// Head as received.
    pub head: String,
    /// Body, if it is JSON.
    pub body: Value,
    /// Body as received.
    pub bytes: Vec<u8>,
}

impl Asked {
    /// Returns the value of a header.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.head.lines().find_map(|line| {
            let (key, value) = line.split_once(':')?;
            key.eq_ignore_ascii_case(name).then(|| value.trim())
        })
    }

    /// Returns the parts of its form: name, file name, content type, content.
    pub fn parts(&self) -> Vec<Part> {
        let kind = self.header("content-type").expect("a content type");
        let boundary = kind.split_once("boundary=").expect("a boundary").1.trim_matches('"');
        split(&self.bytes, format!("--{boundary}").as_bytes())
            .into_iter()
            .filter_map(|part| part.strip_prefix(b"\r\n")?.strip_suffix(b"\r\n").map(read_part))
            .collect()
    }
}

/// A part of a form.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Part {
    pub name: String,
    pub file_name: Option<String>,
    pub kind: Option<String>,
    pub content: Vec<u8>,
}

fn split<'a>(bytes: &'a [u8], by: &[u8]) -> Vec<&'a [u8]> {
    let mut parts = Vec::new();
    let mut rest = bytes;
    while let Some(at) = rest.windows(by.len()).position(|window| window == by) {
        parts.push(&rest[..at]);
        rest = &rest[at + by.len()..];
    }
    parts.push(rest);
    parts
}

fn read_part(part: &[u8]) -> Part {
    let at = part.windows(4).position(|window| window == b"\r\n\r\n").expect("a head");
    let head = String::from_utf8(part[..at].to_vec()).expect("a head of text");
    let quoted = |name: &str| {
        let (_, rest) = head.split_once(&format!("{name}=\""))?;
        Some(rest.split('"').next().expect("text").to_owned())
    };
    let kind = head.lines().find_map(|line| {
        let (name, value) = line.split_once(':')?;
        name.eq_ignore_ascii_case("content-type").then(|| value.trim().to_owned())
    });
    Part {
        name: quoted("; name").expect("a name"),
        file_name: quoted("; filename"),
        kind,
        content: part[at + 4..].to_vec(),
    }
}

/// A step of the answer to one request.
#[derive(Clone)]
pub enum Step {
    /// A complete answer: status, content type, body.
    Whole(u16, &'static str, Vec<u8>),
    /// These exact bytes: a head, or the complete answer.
    Raw(Vec<u8>),
    /// The head of a stream.
    Stream,
    /// Bytes of the stream in a separate packet.
    Send(Vec<u8>),
    /// Waits until the test continues.
    Wait(Arc<Notify>),
    /// Waits until the client disconnects.
    Hang,
    /// Repeats these bytes of the stream until the client disconnects.
    Trickle(Vec<u8>),
    /// Closes the connection.
    Cut,
    /// The end of the stream.
    End,
}

/// Sends bytes of a stream.
pub fn send(text: impl Into<Vec<u8>>) -> Step {
    Step::Send(text.into())
}

/// An event with a piece of text.
pub fn piece(text: &str) -> String {
    let choice = json!({ "index": 0, "delta": { "content": text }, "finish_reason": null });
    event(&json!({ "id": "x", "model": "gpt-test-2", "choices": [choice] }))
}

/// The event that ends a text.
pub fn finish(reason: &str) -> String {
    event(
        &json!({ "model": "gpt-test-2", "choices": [{ "index": 0, "delta": {}, "finish_reason": reason }] }),
    )
}

/// The event with the usage.
pub fn usage(prompt: u64, completion: u64) -> String {
    let usage = json!({ "prompt_tokens": prompt, "completion_tokens": completion, "total_tokens": prompt + completion });
    event(&json!({ "model": "gpt-test-2", "choices": [], "usage": usage }))
}

/// The end of all events.
pub const DONE: &str = "data: [DONE]\n\n";

/// An event.
pub fn event(value: &Value) -> String {
    format!("data: {value}\n\n")
}

/// A complete answer in these pieces.
pub fn answer(pieces: &[&str]) -> Vec<Step> {
    let mut steps = vec![Step::Stream];
    steps.extend(pieces.iter().map(|text| send(piece(text))));
    steps.extend([send(finish("stop")), send(usage(12, 3)), send(DONE), Step::End]);
    steps
}

/// An error in the providers' format.
pub fn refusal(status: u16, message: &str) -> Vec<Step> {
    let body = json!({ "error": { "message": message, "type": "error", "param": null, "code": null } });
    vec![Step::Whole(status, "application/json", body.to_string().into_bytes())]
}

impl FakeOpenAi {
    /// A provider that runs these scripts in order, and then answers "Hello".
    pub async fn start(scripts: impl IntoIterator<Item = Vec<Step>>) -> Self {
        Self::at("127.0.0.1:0", scripts).await
    }

    /// A provider that answers like this vendor's.
    pub async fn like(vendor: Vendor) -> Self {
        Self::listen("127.0.0.1:0", [], Some(vendor)).await
    }

    /// A provider at this address that answers like this vendor's.
    pub async fn at(address: &str, scripts: impl IntoIterator<Item = Vec<Step>>) -> Self {
        Self::listen(address, scripts, None).await
    }

    async fn listen(
        address: &str,
        scripts: impl IntoIterator<Item = Vec<Step>>,
        vendor: Option<Vendor>,
    ) -> Self {
        let listener = TcpListener::bind(address).await.expect("a port");
        let url = format!("http://{}/v1", listener.local_addr().expect("an address"));
        let shared = Arc::new(Shared {
            vendor,
            scripts: Mutex::new(scripts.into_iter().collect()),
            requests: Mutex::default(),
            hung_up: watch::Sender::new(0),
        });
        let serving = shared.clone();
        let task = tokio::spawn(async move {
            loop {
                let (socket, _) = listener.accept().await.expect("a connection");
                socket.set_nodelay(true).expect("a socket option");
                let shared = serving.clone();
                tokio::spawn(async move {
                    if serve(socket, &shared).await.is_none() {
                        shared.hung_up.send_modify(|count| *count += 1);
                    }
                });
            }
        });
        Self { url, shared, task }
    }

    /// Returns its URL without a path.
    pub fn root(&self) -> &str {
        self.url.trim_end_matches("/v1")
    }

    /// Returns its port.
    pub fn port(&self) -> u16 {
        self.root().rsplit(':').next().expect("a port").parse().expect("a number")
    }

    /// Sets the script of the next request without one.
    pub fn respond_with(&self, script: Vec<Step>) {
        self.shared.scripts.lock().expect("not poisoned").push_back(script);
    }

    /// Returns the requests so far.
    pub fn requests(&self) -> Vec<Asked> {
        self.shared.requests.lock().expect("not poisoned").clone()
    }

    /// Waits until a client has disconnected during an answer.
    pub async fn hung_up(&self) {
        let mut count = self.shared.hung_up.subscribe();
        let waited = tokio::time::timeout(Duration::from_secs(10), count.wait_for(|count| *count > 0)).await;
        waited.expect("the client hangs up").expect("the server lives");
    }

    /// Returns how many clients have disconnected during an answer.
    pub fn hang_ups(&self) -> usize {
        *self.shared.hung_up.borrow()
    }
}

impl Drop for FakeOpenAi {
    fn drop(&mut self) {
        self.task.abort();
    }
}

/// Serves one connection; `None` if the client disconnected before the end of its answer.
async fn serve(mut socket: TcpStream, shared: &Shared) -> Option<()> {
    loop {
        let Some(asked) = read(&mut socket).await else { return Some(()) };
        shared.requests.lock().expect("not poisoned").push(asked.clone());
        let script = shared.scripts.lock().expect("not poisoned").pop_front();
        let usual = || shared.vendor.map_or_else(|| answer(&["Hello"]), |vendor| vendor.answer(&asked));
        for step in script.unwrap_or_else(usual) {
            match step {
                Step::Whole(status, kind, body) => {
                    let head = format!(
                        "HTTP/1.1 {status} X\r\ncontent-type: {kind}\r\ncontent-length: {}\r\n\r\n",
                        body.len()
                    );
                    socket.write_all(&[head.as_bytes(), &body].concat()).await.ok()?;
                }
                Step::Raw(bytes) => socket.write_all(&bytes).await.ok()?,
                Step::Stream => {
                    let head = "HTTP/1.1 200 OK\r\ncontent-type: text/event-stream; charset=utf-8\r\n\
                                transfer-encoding: chunked\r\n\r\n";
                    socket.write_all(head.as_bytes()).await.ok()?;
                }
                Step::Send(bytes) => {
                    let head = format!("{:x}\r\n", bytes.len());
                    socket.write_all(&[head.as_bytes(), &bytes, b"\r\n"].concat()).await.ok()?;
                    socket.flush().await.ok()?;
                }
                Step::Wait(gate) => gate.notified().await,
                Step::Hang => {
                    let mut byte = [0];
                    let _ = socket.read(&mut byte).await;
                    return None;
                }
                Step::Trickle(bytes) => {
                    let head = format!("{:x}\r\n", bytes.len());
                    let chunk = [head.as_bytes(), &bytes, b"\r\n"].concat();
                    loop {
                        socket.write_all(&chunk).await.ok()?;
                        tokio::time::sleep(Duration::from_millis(5)).await;
                    }
                }
                Step::Cut => return Some(()),
                Step::End => socket.write_all(b"0\r\n\r\n").await.ok()?,
            }
        }
    }
}

async fn read(socket: &mut TcpStream) -> Option<Asked> {
    let mut bytes = Vec::new();
    let mut byte = [0];
    while !bytes.ends_with(b"\r\n\r\n") {
        if socket.read(&mut byte).await.ok()? == 0 {
            return None;
        }
        bytes.extend_from_slice(&byte);
    }
    let head = String::from_utf8(bytes).expect("a head of text");
    let path = head.split(' ').nth(1).expect("a path").to_owned();
    let mut asked = Asked { path, head, body: Value::Null, bytes: Vec::new() };
    let length = asked.header("content-length").map_or(0, |length| length.parse().expect("a length"));
    let mut body = vec![0; length];
    socket.read_exact(&mut body).await.ok()?;
    asked.body = serde_json::from_slice(&body).unwrap_or_default();
    asked.bytes = body;
    Some(asked)
}

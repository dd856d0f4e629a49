//! Settings in layers: defaults, then `plaza.toml`, then `PLAZA_*` variables, then flags.

mod check;
mod default;
mod load;
mod options;

use std::{net::SocketAddr, path::PathBuf};

use serde::{Deserialize, Serialize};

use crate::security::secret::Secret;

/// The default settings file.
pub const FILE: &str = "plaza.toml";

/// All settings. Each name is a key of `plaza.toml` and, in capitals with the prefix `PLAZA_`, a variable.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Settings {
    /// Address and port to listen on.
    pub listen: SocketAddr,
    /// `sqlite://FILE` or `postgres://…`.
    pub database_url: String,
    /// Connections to PostgreSQL, or connections that read a SQLite file beside the one that writes; 0 means
    /// 16 or 4.
    pub database_connections: u32,
    /// Maximum seconds that a request waits for a database connection.
    pub database_acquire_timeout: u64,
    /// Maximum seconds to connect to the database.
    pub database_connect_timeout: u64,
    /// Maximum seconds that a statement waits for a lock of another transaction or process.
    pub database_lock_timeout: u64,
    /// Maximum seconds of a statement; PostgreSQL ends a transaction that is idle for twice as long.
    pub database_statement_timeout: u64,
    /// Whether SQLite waits for the disk at each commit.
    pub sqlite_synchronous: Synchronous,
    /// URL that browsers use; empty: `http://` and `listen`.
    pub public_url: String,
    /// Other origins whose pages may use their visitors' cookies.
    pub allowed_origins: Vec<String>,
    /// Whether rate limits apply.
    pub rate_limits: Switch,
    /// Maximum requests a minute from one network address.
    pub requests_per_minute: u32,
    /// Maximum messages a minute of one author in one conversation, all of which may come at once; 0: no limit.
    pub posts_per_minute: u32,
    /// Maximum bytes a minute that one account writes, all of which may come at once; 0: no limit.
    pub write_bytes_per_minute: u32,
    /// `on` is equivalent to `trusted_proxies = 1`.
    pub trust_proxy: Switch,
    /// Number of proxies in front of the server that append their peer's address to a header; 0 trusts no
    /// header.
    pub trusted_proxies: usize,
    /// The header that these proxies write.
    pub proxy_header: ProxyHeader,
    /// Whether GraphQL introspection is allowed.
    pub introspection: Switch,
    /// Maximum bytes of a request's body, a form with files.
    pub max_body_bytes: usize,
    /// Maximum bytes of a JSON body.
    pub max_json_bytes: usize,
    /// Maximum bytes of a JSON body for operations with long texts, such as an agent's knowledge; on GraphQL,
    /// for all signed-in users.
    pub max_long_json_bytes: usize,
    /// Seconds for the next 16 KiB of a body, or its end.
    pub body_timeout: u64,
    /// Maximum bytes of all bodies in memory; one network may use a quarter.
    pub body_memory_bytes: usize,
    /// Maximum bytes of large answers that wait for their readers; one network may use a quarter.
    pub answer_memory_bytes: usize,
    /// Maximum bytes of the target and headers of a request.
    pub max_header_bytes: usize,
    /// Maximum open connections; 0 derives the number from the limit on open descriptors.
    pub max_connections: usize,
    /// Maximum open connections of one network address, at most half of all. Connections from trusted proxies
    /// are not counted, because they carry many clients.
    pub max_connections_per_address: usize,
    /// Maximum queries and mutations that run at once, a quarter of them for one caller; 0: no limit.
    pub max_running_operations: usize,
    /// Seconds for the head of a request.
    pub header_timeout: u64,
    /// Maximum seconds that a connection is idle between two requests.
    pub idle_timeout: u64,
    /// Seconds after which the server closes the connection of a peer that reads nothing.
    pub write_timeout: u64,
    /// Maximum files of one form.
    pub max_files: usize,
    /// Maximum bytes of a file in a form; `max_body_bytes` limits the whole form.
    pub max_file_bytes: usize,
    /// Maximum sockets and event streams of one network address.
    pub connections_per_address: usize,
    /// Maximum seconds of a request.
    pub request_timeout: u64,
    /// Maximum bytes of a GraphQL document.
    pub query_bytes: usize,
    /// Maximum tokens of a GraphQL document.
    pub query_tokens: usize,
    /// Maximum nesting of fields in a GraphQL document.
    pub query_depth: usize,
    /// Maximum complexity of a GraphQL document: fields to resolve, lists counted by their page size.
    pub query_complexity: usize,
    /// Maximum fields that the introspection of a GraphQL document returns.
    pub query_introspection: usize,
    /// Maximum aliases of a GraphQL document.
    pub query_aliases: usize,
    /// Maximum directives of a GraphQL document.
    pub query_directives: usize,
    /// Maximum requests of one GraphQL batch.
    pub query_batch: usize,
    /// Maximum bytes of a GraphQL or REST answer, and of the answer to a batch.
    pub response_bytes: usize,
    /// Days that events stay in a conversation's log and can be resumed from. Messages stay.
    pub log_days: u32,
    /// Seconds for a WebSocket to send `connection_init`.
    pub socket_init_timeout: u64,
    /// Seconds between two pings to a WebSocket, which is closed if its peer sends nothing in between.
    pub socket_ping: u64,
    /// Seconds after SIGTERM in which the server still serves but is not ready, so that proxies send requests elsewhere.
    pub drain_seconds: u64,
    /// Maximum bytes of one WebSocket message to the server.
    pub socket_message_bytes: usize,
    /// Maximum bytes of unsent replies; beyond, the server stops reading from the peer.
    pub socket_buffer_bytes: usize,
    /// Maximum subscriptions of one WebSocket or event stream.
    pub socket_subscriptions: usize,
    /// Maximum concurrent queries and mutations of one WebSocket or event stream.
    pub socket_operations: usize,
    /// `nats://HOST:PORT` of the NATS server that connects several servers; empty: PostgreSQL connects them.
    pub bus_url: String,
    /// Subject of the messages on NATS, different for each database.
    pub bus_subject: String,
    /// Seconds between two readings of what other servers changed without announcing it.
    pub poll_interval: u64,
    /// Seconds that a right is used without reading it from the database again.
    pub rights_validity: u64,
    /// Folder with additional REST documents; empty: none.
    pub rest_dir: PathBuf,
    /// Manifest of the only documents that GraphQL clients may run; empty: they may run any document.
    pub trusted_documents: PathBuf,
    /// Whether users may add coins without payment; `on` is for development only.
    pub topup: Switch,
    /// Offset added to the clock, to try out expiry: `31d`, `12h`, `30m`, `10s`.
    pub time_shift: String,
    /// Token that a request for `/metrics` must bear; empty: only requests from this machine may read them.
    pub metrics_token: Secret,
    /// Base URL of the OTLP server that receives traces; empty: the variable `OTEL_EXPORTER_OTLP_ENDPOINT`, or none.
    pub otlp_endpoint: String,
    /// Log levels as a `tracing` filter.
    pub log: String,
    /// Base URL of a server that speaks the OpenAI protocol, such as `https://api.openai.com/v1`; empty:
    /// none.
    pub model_base_url: String,
    /// API key of the model server.
    pub model_api_key: Secret,
    /// Model of agents without a model; empty: `gpt-4o-mini` if `model_base_url` is set, else
    /// `embedded/extractive`.
    pub model_default: String,
    /// Further model servers by the prefix of a model's name: `PREFIX URL`, and `$VARIABLE` for a key.
    pub model_routes: Vec<String>,
    /// Whether messages have the protocol's `name` field, which some servers refuse.
    pub model_names: Switch,
    /// Maximum seconds to connect to a model server.
    pub model_connect_timeout: u64,
    /// Maximum seconds to the first byte of an answer.
    pub model_first_byte_timeout: u64,
    /// Maximum seconds between two pieces of text or reasoning; the whole answer has no time limit.
    pub model_idle_timeout: u64,
    /// Maximum tokens of an answer; 0 leaves the limit to the server.
    pub model_max_tokens: u32,
    /// Base URL of a speech server that speaks the OpenAI protocol; empty: none.
    pub speech_base_url: String,
    /// API key of the speech server.
    pub speech_api_key: Secret,
    /// Model of the speech server.
    pub speech_model: String,
    /// Voice of agents without a voice; empty: the server's `alloy`, or the program's voice for the language.
    pub speech_voice: String,
    /// Audio format of the speech server, `wav` or `mp3`.
    pub speech_format: String,
    /// Maximum seconds to speak a sentence.
    pub speech_timeout: u64,
    /// Speech program without a speech server: `auto` for an installed `espeak-ng`, `off`, or a path.
    pub speech_program: String,
    /// Base URL of a transcription server that speaks the OpenAI protocol; empty: none.
    pub transcription_base_url: String,
    /// API key of the transcription server.
    pub transcription_api_key: Secret,
    /// Model of the transcription server.
    pub transcription_model: String,
    /// Maximum seconds of a transcription.
    pub transcription_timeout: u64,
    /// Base URL of a voice cloning server that speaks the ElevenLabs protocol; empty: none.
    pub voice_base_url: String,
    /// API key of the voice cloning server.
    pub voice_api_key: Secret,
    /// Model that speaks in cloned voices.
    pub voice_model: String,
    /// Maximum seconds to clone a voice.
    pub voice_timeout: u64,
    /// Addresses and networks that URLs of users may lead to in addition to public ones: `10.1.2.3`,
    /// `10.0.0.0/8`.
    pub fetch_allow: Vec<String>,
    /// Location of files: a folder, or `s3://BUCKET/PREFIX`; empty: the folder `uploads` beside the database.
    pub storage_url: String,
}

/// Whether SQLite waits for the disk at each commit.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Synchronous {
    /// A commit survives a loss of power.
    Full,
    /// A commit survives the end of the process; a loss of power may undo the newest ones.
    Normal,
}

/// The header in which proxies report the client's address.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ProxyHeader {
    /// Either header; if a request has both, they must agree.
    Auto,
    /// `X-Forwarded-For`.
    XForwardedFor,
    /// `Forwarded` (RFC 7239).
    Forwarded,
}

/// On or off.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Switch {
    /// On.
    On,
    /// Off.
    Off,
}

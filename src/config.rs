//! Settings in layers: defaults, then `plaza.toml`, then `PLAZA_*` variables, then flags.

use std::{
    collections::BTreeMap,
    net::SocketAddr,
    path::{Path, PathBuf},
    time::Duration,
};

use anyhow::{Context, Result, bail};
use serde::{Deserialize, Serialize};
use toml::{Table, Value};

use crate::{adapters, app::Rules, database, document::Limits, form, rest::BodyLimits, secret::Secret};

/// The settings file that is read when none is named.
pub const FILE: &str = "plaza.toml";

/// Everything an operator can set. Each name is a key of `plaza.toml` and, in capitals behind `PLAZA_`, a variable.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Settings {
    /// Address and port to listen on.
    pub listen: SocketAddr,
    /// `sqlite://FILE` or `postgres://…`.
    pub database_url: String,
    /// Connections to PostgreSQL, or connections that read a SQLite file beside the one that writes; 0: 16 and 4.
    pub database_connections: u32,
    /// Seconds that a request waits for a free connection to the database.
    pub database_acquire_timeout: u64,
    /// Seconds that connecting to the database may take.
    pub database_connect_timeout: u64,
    /// Seconds that a statement waits for a lock that another transaction or process holds.
    pub database_lock_timeout: u64,
    /// Seconds that a statement may run; PostgreSQL ends a transaction that is idle for twice as long.
    pub database_statement_timeout: u64,
    /// The address that browsers know the server by; empty: `http://` and what it listens on.
    pub public_url: String,
    /// Origins of other pages that may act with their visitors' cookies.
    pub allowed_origins: Vec<String>,
    /// `on` or `off`: all limits on how often somebody may ask.
    pub rate_limits: Switch,
    /// Requests a minute from one network address.
    pub requests_per_minute: u32,
    /// `on` means the same as `trusted_proxies = 1`.
    pub trust_proxy: Switch,
    /// Number of proxies in front of the server that add the address they heard to a header. 0: none is believed.
    pub trusted_proxies: usize,
    /// The header that these proxies write.
    pub proxy_header: ProxyHeader,
    /// Whether the schema can be asked for.
    pub introspection: Switch,
    /// Bytes of a request's body: a form with files.
    pub max_body_bytes: usize,
    /// Bytes of a JSON body.
    pub max_json_bytes: usize,
    /// Bytes of a JSON body of an operation that carries long texts, such as an agent's knowledge; on GraphQL, of
    /// everybody who is signed in.
    pub max_long_json_bytes: usize,
    /// Seconds in which a body has to bring its next 16 KiB, or its end.
    pub body_timeout: u64,
    /// Bytes of all bodies that are in memory at once; one network gets a quarter.
    pub body_memory_bytes: usize,
    /// Bytes of the target and the headers of a request.
    pub max_header_bytes: usize,
    /// Open connections overall; 0: as many as the limit on open descriptors allows.
    pub max_connections: usize,
    /// Open connections of one network address, whatever goes on there; at most half of all. Not counted behind trusted
    /// proxies, whose connections carry many clients.
    pub max_connections_per_address: usize,
    /// Seconds in which a connection has to send the head of a request.
    pub header_timeout: u64,
    /// Seconds that a connection may be idle between two requests.
    pub idle_timeout: u64,
    /// Seconds after which a peer that reads nothing of its answer is given up.
    pub write_timeout: u64,
    /// Files of one form.
    pub max_files: usize,
    /// Bytes of a file of a form; the whole form is a request's body.
    pub max_file_bytes: usize,
    /// Sockets and event streams that one network address may have open.
    pub connections_per_address: usize,
    /// Seconds after which a request is given up.
    pub request_timeout: u64,
    /// Bytes of a GraphQL document.
    pub query_bytes: usize,
    /// Tokens of a GraphQL document.
    pub query_tokens: usize,
    /// Fields within fields of a GraphQL document.
    pub query_depth: usize,
    /// Fields that a GraphQL document may make the server resolve, lists counted by their page size.
    pub query_complexity: usize,
    /// Fields that the introspection of a GraphQL document may return.
    pub query_introspection: usize,
    /// Aliases of a GraphQL document.
    pub query_aliases: usize,
    /// Directives of a GraphQL document.
    pub query_directives: usize,
    /// Requests of one GraphQL batch.
    pub query_batch: usize,
    /// Bytes of one answer of GraphQL or REST, and of the answer to a batch.
    pub response_bytes: usize,
    /// Days that a conversation's log reaches back: whoever was away for longer reads anew. Messages stay.
    pub log_days: u32,
    /// Seconds in which a WebSocket has to send `connection_init`.
    pub socket_init_timeout: u64,
    /// Seconds between two pings to a WebSocket; one that says nothing in between is closed.
    pub socket_ping: u64,
    /// Bytes of one message to the server.
    pub socket_message_bytes: usize,
    /// Bytes of replies that wait for a peer who does not read; beyond them the peer is not read either.
    pub socket_buffer_bytes: usize,
    /// Subscriptions of one WebSocket or event stream.
    pub socket_subscriptions: usize,
    /// Queries and mutations that one WebSocket or event stream has running.
    pub socket_operations: usize,
    /// A folder with more REST documents; empty: none.
    pub rest_dir: PathBuf,
    /// Whether everybody may pay coins into their wallet without having paid: `on` for development only.
    pub topup: Switch,
    /// How far the clock is ahead, for trying out what expires: `31d`, `12h`, `30m`, `10s`.
    pub time_shift: String,
    /// Which log lines are written, as `tracing` filters.
    pub log: String,
    /// The base of a server that speaks the OpenAI protocol, such as `https://api.openai.com/v1`; empty: none.
    pub model_base_url: String,
    /// That server's key.
    pub model_api_key: Secret,
    /// The model of agents that name none; empty: `gpt-4o-mini` where `model_base_url` is set, `embedded/extractive` where
    /// no server is.
    pub model_default: String,
    /// Other servers by the beginning of a model's name: `PREFIX URL`, and `$VARIABLE` where there is a key.
    pub model_routes: Vec<String>,
    /// Whether messages carry the protocol's `name` field, which some servers refuse.
    pub model_names: Switch,
    /// Seconds to connect to a model's server.
    pub model_connect_timeout: u64,
    /// Seconds until the first byte of an answer.
    pub model_first_byte_timeout: u64,
    /// Seconds between two pieces of text or thought of an answer; there is no limit on the whole.
    pub model_idle_timeout: u64,
    /// Tokens of an answer; 0: the server decides.
    pub model_max_tokens: u32,
    /// The base of a server that speaks the OpenAI protocol and has a voice; empty: none.
    pub speech_base_url: String,
    /// That server's key.
    pub speech_api_key: Secret,
    /// That server's model.
    pub speech_model: String,
    /// The voice of agents that name none; empty: the server's `alloy`, or the program's for the language.
    pub speech_voice: String,
    /// `wav` or `mp3`, from that server.
    pub speech_format: String,
    /// Seconds to speak a sentence.
    pub speech_timeout: u64,
    /// Where no server is set, the program that speaks: `auto` for `espeak-ng` where it is installed, `off`, or a path.
    pub speech_program: String,
    /// The base of a server that speaks the OpenAI protocol and writes down what was said; empty: none.
    pub transcription_base_url: String,
    /// That server's key.
    pub transcription_api_key: Secret,
    /// That server's model.
    pub transcription_model: String,
    /// Seconds to write down a recording.
    pub transcription_timeout: u64,
    /// The base of a server that speaks the protocol of ElevenLabs and makes voices; empty: none.
    pub voice_base_url: String,
    /// That server's key.
    pub voice_api_key: Secret,
    /// The model that speaks in these voices.
    pub voice_model: String,
    /// Seconds to make a voice.
    pub voice_timeout: u64,
    /// Addresses and networks that users' URLs may lead to beside the world's: `10.1.2.3`, `10.0.0.0/8`.
    pub fetch_allow: Vec<String>,
    /// Where files are kept: a folder, or `s3://BUCKET/PREFIX`; empty: the folder `uploads` beside the database.
    pub storage_url: String,
}

/// The header in which proxies say whom they heard.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ProxyHeader {
    /// Whichever is there; where both are, they have to agree.
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

impl Default for Settings {
    fn default() -> Self {
        let (limits, form) = (Limits::default(), form::Limits::default());
        Self {
            listen: SocketAddr::from(([127, 0, 0, 1], 8080)),
            database_url: "sqlite://plaza.db".to_owned(),
            database_connections: 0,
            database_acquire_timeout: 5,
            database_connect_timeout: 5,
            database_lock_timeout: 5,
            database_statement_timeout: 15,
            public_url: String::new(),
            allowed_origins: Vec::new(),
            rate_limits: Switch::On,
            requests_per_minute: 1200,
            trust_proxy: Switch::Off,
            trusted_proxies: 0,
            proxy_header: ProxyHeader::Auto,
            introspection: Switch::On,
            max_body_bytes: 10 * 1024 * 1024,
            max_json_bytes: 1024 * 1024,
            max_long_json_bytes: 4 * 1024 * 1024,
            body_timeout: 10,
            body_memory_bytes: 256 * 1024 * 1024,
            max_header_bytes: 64 * 1024,
            max_connections: 0,
            max_connections_per_address: 2000,
            header_timeout: 10,
            idle_timeout: 75,
            write_timeout: 60,
            max_files: form.files,
            max_file_bytes: form.file_bytes,
            connections_per_address: 1000,
            request_timeout: 30,
            query_bytes: limits.bytes,
            query_tokens: limits.tokens,
            query_depth: limits.depth,
            query_complexity: limits.complexity,
            query_introspection: limits.introspection,
            query_aliases: limits.aliases,
            query_directives: limits.directives,
            query_batch: 10,
            response_bytes: 8 * 1024 * 1024,
            log_days: 30,
            socket_init_timeout: 10,
            socket_ping: 25,
            socket_message_bytes: 256 * 1024,
            socket_buffer_bytes: 64 * 1024,
            socket_subscriptions: 100,
            socket_operations: 20,
            rest_dir: PathBuf::new(),
            topup: Switch::Off,
            time_shift: "0s".to_owned(),
            log: "info".to_owned(),
            model_base_url: String::new(),
            model_api_key: Secret::default(),
            model_default: String::new(),
            model_routes: Vec::new(),
            model_names: Switch::On,
            model_connect_timeout: 5,
            model_first_byte_timeout: 60,
            model_idle_timeout: 30,
            model_max_tokens: 1024,
            speech_base_url: String::new(),
            speech_api_key: Secret::default(),
            speech_model: "tts-1".to_owned(),
            speech_voice: String::new(),
            speech_format: "mp3".to_owned(),
            speech_timeout: 30,
            speech_program: "auto".to_owned(),
            transcription_base_url: String::new(),
            transcription_api_key: Secret::default(),
            transcription_model: "whisper-1".to_owned(),
            transcription_timeout: 20,
            voice_base_url: String::new(),
            voice_api_key: Secret::default(),
            voice_model: "eleven_multilingual_v2".to_owned(),
            voice_timeout: 120,
            fetch_allow: Vec::new(),
            storage_url: String::new(),
        }
    }
}

impl Settings {
    /// Reads all layers. `variables` are the environment's, `flags` what the command line set, by setting.
    ///
    /// # Errors
    /// For an unknown or malformed setting, naming it and where it stands.
    pub fn load(
        file: Option<&Path>,
        variables: impl IntoIterator<Item = (String, String)>,
        flags: &BTreeMap<&str, String>,
    ) -> Result<Self> {
        let defaults = Table::try_from(Self::default()).context("the default settings")?;
        let mut table = defaults.clone();
        let path = file.unwrap_or(Path::new(FILE));
        if file.is_some() || path.exists() {
            let text =
                std::fs::read_to_string(path).with_context(|| format!("cannot read {}", path.display()))?;
            let read: Table = text.parse().map_err(|error| not_toml(path, &text, &error))?;
            for (key, value) in read {
                known(&defaults, &key).with_context(|| path.display().to_string())?;
                table.insert(key, value);
                check(&table).with_context(|| path.display().to_string())?;
            }
        }
        for (variable, text) in variables {
            let Some(key) = variable.strip_prefix("PLAZA_").map(str::to_lowercase) else { continue };
            // Those of the tests are not ours.
            if key.starts_with("test_") {
                continue;
            }
            let place = || format!("the variable {variable}");
            let value = read(known(&defaults, &key).with_context(place)?, &text).with_context(place)?;
            table.insert(key, value);
            check(&table).with_context(place)?;
        }
        for (key, text) in flags {
            let place = || format!("--{}", key.replace('_', "-"));
            let value = read(known(&defaults, key).with_context(place)?, text).with_context(place)?;
            table.insert((*key).to_owned(), value);
            check(&table).with_context(place)?;
        }
        check(&table)
    }

    /// The limits on GraphQL documents.
    pub fn limits(&self) -> Limits {
        Limits {
            bytes: self.query_bytes,
            tokens: self.query_tokens,
            depth: self.query_depth,
            complexity: self.query_complexity,
            introspection: self.query_introspection,
            aliases: self.query_aliases,
            directives: self.query_directives,
            ..Limits::default()
        }
    }

    /// How the database is reached.
    pub fn database(&self) -> database::Options {
        database::Options {
            url: self.database_url.clone(),
            connections: self.database_connections,
            acquire_timeout: Duration::from_secs(self.database_acquire_timeout),
            connect_timeout: Duration::from_secs(self.database_connect_timeout),
            lock_timeout: Duration::from_secs(self.database_lock_timeout),
            statement_timeout: Duration::from_secs(self.database_statement_timeout),
        }
    }

    /// What a form with files may hold.
    pub fn form(&self) -> form::Limits {
        form::Limits { files: self.max_files, file_bytes: self.max_file_bytes }
    }

    /// What the domain is allowed.
    pub fn rules(&self) -> Rules {
        Rules { limited: self.rate_limits == Switch::On, topup: self.topup == Switch::On }
    }

    /// How large, how slow and how many at once the bodies of requests may be.
    pub fn bodies(&self) -> BodyLimits {
        BodyLimits {
            form: self.max_body_bytes,
            json: self.max_json_bytes.min(self.max_body_bytes),
            long_json: self.max_long_json_bytes.max(self.max_json_bytes).min(self.max_body_bytes),
            progress: Duration::from_secs(self.body_timeout),
            // Before the whole request is given up, so that a slow sender learns what was wrong.
            total: Duration::from_secs(self.request_timeout).mul_f64(0.9),
            memory: self.body_memory_bytes,
        }
    }

    /// The number of proxies in front of the server that are believed.
    pub fn proxies(&self) -> usize {
        if self.trust_proxy == Switch::On { self.trusted_proxies.max(1) } else { self.trusted_proxies }
    }

    /// The address that browsers know the server by, without a slash at the end.
    pub fn url(&self) -> String {
        if self.public_url.is_empty() {
            format!("http://{}", self.listen)
        } else {
            self.public_url.trim_end_matches('/').to_owned()
        }
    }

    /// Whether browsers reach the server over https, so that its cookies may be for that only.
    pub fn is_https(&self) -> bool {
        self.public_url.starts_with("https:")
    }

    /// How far the clock is ahead.
    ///
    /// # Errors
    /// When it is not a number and one of `d`, `h`, `m`, `s`.
    pub fn shift(&self) -> Result<Duration> {
        let text = self.time_shift.trim();
        let seconds = text.char_indices().last().and_then(|(at, unit)| {
            let unit = match unit {
                'd' => 86_400,
                'h' => 3_600,
                'm' => 60,
                's' => 1,
                _ => return None,
            };
            text[..at].parse::<u64>().ok()?.checked_mul(unit)
        });
        match seconds {
            // A hundred years: beyond, no timestamp fits everywhere.
            Some(seconds) if seconds <= 3_153_600_000 => Ok(Duration::from_secs(seconds)),
            _ => bail!("time_shift must be a number and d, h, m or s, such as 31d"),
        }
    }
}

/// Where a file is no TOML. The line itself is left out: it may hold a password.
fn not_toml(path: &Path, text: &str, error: &toml::de::Error) -> anyhow::Error {
    let at = error.span().map_or(0, |span| span.start).min(text.len());
    let line = text.as_bytes()[..at].iter().filter(|byte| **byte == b'\n').count() + 1;
    anyhow::anyhow!("{} is not TOML: line {line}: {}", path.display(), error.message())
}

/// The default of a setting, which also tells its type.
fn known<'a>(defaults: &'a Table, key: &str) -> Result<&'a Value> {
    let names = || defaults.keys().map(String::as_str).collect::<Vec<_>>().join(", ");
    defaults.get(key).with_context(|| format!("there is no setting {key}; those there are: {}", names()))
}

/// Reads a text as the type of the default.
fn read(default: &Value, text: &str) -> Result<Value> {
    Ok(match default {
        Value::Integer(_) => {
            Value::Integer(text.trim().parse().with_context(|| format!("{text:?} is not a whole number"))?)
        }
        Value::Array(_) => Value::Array(
            text.split(',')
                .map(str::trim)
                .filter(|part| !part.is_empty())
                .map(|part| Value::String(part.to_owned()))
                .collect(),
        ),
        _ => Value::String(text.to_owned()),
    })
}

/// Milliseconds fit PostgreSQL's settings, and a day is longer than anybody waits.
const DAY: u64 = 86_400;

fn check_database(settings: &Settings) -> Result<()> {
    for (name, seconds) in [
        ("database_acquire_timeout", settings.database_acquire_timeout),
        ("database_connect_timeout", settings.database_connect_timeout),
        ("database_lock_timeout", settings.database_lock_timeout),
        ("database_statement_timeout", settings.database_statement_timeout),
    ] {
        if !(1..=DAY).contains(&seconds) {
            bail!("{name} must be between 1 and {DAY} seconds");
        }
    }
    // Fewer could not be shared between requests, transactions and what the server does by itself.
    if settings.database_connections != 0 && !(4..=1000).contains(&settings.database_connections) {
        bail!("database_connections must be between 4 and 1000, or 0 for the default");
    }
    Ok(())
}

fn check(table: &Table) -> Result<Settings> {
    let settings: Settings = table.clone().try_into()?;
    settings.shift()?;
    if !settings.public_url.is_empty() {
        let url = url::Url::parse(&settings.public_url).context("public_url is not a URL")?;
        if !matches!(url.scheme(), "http" | "https") {
            bail!("public_url must begin with http:// or https://");
        }
    }
    if settings.requests_per_minute == 0 || settings.request_timeout == 0 {
        bail!("requests_per_minute and request_timeout must be at least 1");
    }
    check_database(&settings)?;
    let timeouts =
        [settings.header_timeout, settings.idle_timeout, settings.write_timeout, settings.body_timeout];
    if timeouts.contains(&0) {
        bail!("header_timeout, idle_timeout, write_timeout and body_timeout must be at least 1");
    }
    if settings.max_header_bytes < 8192 {
        bail!("max_header_bytes must be at least 8192");
    }
    if settings.body_memory_bytes < settings.max_body_bytes {
        bail!("body_memory_bytes must be at least max_body_bytes");
    }
    adapters::check(&settings)?;
    if settings.socket_init_timeout == 0 || settings.socket_ping == 0 {
        bail!("socket_init_timeout and socket_ping must be at least 1");
    }
    // A single message of a chat has to fit.
    if settings.socket_message_bytes < 1024 {
        bail!("socket_message_bytes must be at least 1024");
    }
    Ok(settings)
}

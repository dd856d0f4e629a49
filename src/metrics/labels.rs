//! Labels of metrics.

use std::borrow::Cow;

use prometheus_client::encoding::{EncodeLabelSet, EncodeLabelValue};

/// An HTTP request.
#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
pub struct HttpRequest {
    /// The method, or `other`.
    pub method: &'static str,
    /// The template of the path, such as `/api/spaces/{id}`; `none` if no route has the path.
    pub route: Cow<'static, str>,
    /// HTTP status.
    pub status: u16,
}

/// A GraphQL operation.
#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
pub struct Operation {
    /// `query`, `mutation` or `subscription`.
    pub kind: &'static str,
    /// The first field of the operation.
    pub field: Cow<'static, str>,
}

/// A use of the database.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
pub struct Usage {
    /// `read` for reads on SQLite, `write` for the rest, `probe` for the check of readiness.
    pub pool: &'static str,
}

/// The kind of a long-lived connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
pub struct Connections {
    /// How it carries operations.
    pub channel: Channel,
}

/// How a connection carries operations.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, EncodeLabelValue)]
pub enum Channel {
    /// A WebSocket.
    WebSocket,
    /// An event stream.
    EventStream,
}

/// Something with a name.
#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
pub struct Named {
    /// The name.
    pub name: Cow<'static, str>,
}

impl From<&'static str> for Named {
    fn from(name: &'static str) -> Self {
        Self { name: name.into() }
    }
}

/// How an agent's reply ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
pub struct Outcome {
    /// `answered`, `cut_short`, `withheld`, `stopped` or `failed`.
    pub outcome: &'static str,
}

/// A request to a provider.
#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
pub struct Provider {
    /// Host name of the provider.
    pub host: String,
    /// `ok`, or the reason of the failure.
    pub outcome: &'static str,
}

/// A round of a periodic job.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
pub struct Job {
    /// Name of the job.
    pub job: &'static str,
    /// `ok` or `failed`.
    pub outcome: &'static str,
}

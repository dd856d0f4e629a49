//! A route: an operation compiled for REST.

use std::sync::Arc;

use async_graphql::{Name, Pos, Value as ConstValue, parser::types::ExecutableDocument};
use axum::http::{Method, StatusCode};

use super::{binding::Binding, directive::Auth, selection::Node, sent_names::SentNames, writer::Writer};
use crate::error::Code;

/// A route: an operation compiled for REST.
pub(super) struct Route {
    pub file: String,
    pub pos: Pos,
    pub operation: String,
    pub method: Method,
    pub path: String,
    /// Names of the path parameters, in order.
    pub parameters: Vec<String>,
    pub auth: Auth,
    pub status: StatusCode,
    pub missing: Option<Missing>,
    pub bindings: Vec<Binding>,
    pub names: SentNames,
    pub document: ExecutableDocument,
    /// Approximate maximum number of bytes of a response.
    pub bytes: usize,
    pub writer: Writer,
    /// Whether banned accounts may call the route.
    pub open_to_banned: bool,
    /// Whether the body carries long texts and may be larger than others.
    pub long_texts: bool,
    /// Whether the operation accepts or returns a secret.
    pub secret: bool,
    pub stream: Option<StreamPlan>,
    pub docs: RouteDocs,
}

/// Meaning of a null at the root.
pub(super) struct Missing {
    pub status: StatusCode,
    pub body: MissingBody,
}

/// Body of the response for a null at the root.
pub(super) enum MissingBody {
    Sentence(String),
    Value(ConstValue),
}

/// The subscription that streams the result of a mutation.
pub(super) struct StreamPlan {
    pub document: ExecutableDocument,
    /// Whether the events depend on the viewer.
    pub personal: bool,
    pub variables: Vec<Name>,
    /// The only variable that the mutation passes on, if it is one: with it, the stream continues without the
    /// mutation.
    pub topic: Option<Name>,
    pub writer: Arc<Writer>,
    pub nodes: Vec<Node>,
    /// The document as text, with its fragments and without our directives.
    pub text: String,
}

/// Properties that only OpenAPI needs.
pub(super) struct RouteDocs {
    pub tag: String,
    pub summary: Option<String>,
    pub description: Option<String>,
    pub deprecated: bool,
    pub errors: Option<Vec<Code>>,
    pub mutation: bool,
    pub constants: async_graphql::indexmap::IndexMap<Name, ConstValue>,
    pub nodes: Vec<Node>,
    /// The document as text, with its fragments and without our directives.
    pub text: String,
}

impl Route {
    /// Returns whether the route accepts an `Idempotency-Key`.
    pub fn takes_key(&self) -> bool {
        self.docs.mutation && !self.secret && self.auth != Auth::None
    }

    /// Returns whether the route reads the body of a request.
    pub fn reads_body(&self) -> bool {
        self.bindings.iter().any(Binding::reads_body)
    }

    /// Returns whether the body is a form, because it contains a file.
    pub fn takes_files(&self) -> bool {
        self.bindings.iter().any(Binding::takes_file)
    }
}

//! One route: an operation, compiled.

use std::sync::Arc;

use async_graphql::{Name, Pos, Value as ConstValue, parser::types::ExecutableDocument};
use axum::http::{Method, StatusCode};

use super::{binding::Binding, directive::Auth, selection::Node, writer::Writer};
use crate::domain::Code;

/// One route: an operation, compiled.
pub(super) struct Route {
    pub file: String,
    pub pos: Pos,
    pub operation: String,
    pub method: Method,
    pub path: String,
    /// The names of the path parameters, in order.
    pub parameters: Vec<String>,
    pub auth: Auth,
    pub status: StatusCode,
    pub missing: Option<Missing>,
    pub bindings: Vec<Binding>,
    pub document: ExecutableDocument,
    pub writer: Writer,
    /// A banned account may call it.
    pub lenient: bool,
    /// Its body carries long texts, and may be larger than others.
    pub long_texts: bool,
    /// It takes or gives a secret.
    pub secret: bool,
    pub stream: Option<Follow>,
    pub words: Words,
}

/// What a null at the root means.
pub(super) struct Missing {
    pub status: StatusCode,
    pub body: MissingBody,
}

/// The body of such an answer.
pub(super) enum MissingBody {
    Sentence(String),
    Value(ConstValue),
}

/// The subscription that a mutation's result feeds.
pub(super) struct Follow {
    pub document: ExecutableDocument,
    /// Whether its answers depend on who asks.
    pub personal: bool,
    pub variables: Vec<Name>,
    /// What a mutation hands on, where it is one thing: with it, its stream goes on without the mutation.
    pub topic: Option<Name>,
    pub writer: Arc<Writer>,
    pub nodes: Vec<Node>,
}

/// What only OpenAPI needs.
pub(super) struct Words {
    pub tag: String,
    pub summary: Option<String>,
    pub description: Option<String>,
    pub deprecated: bool,
    pub errors: Option<Vec<Code>>,
    pub mutation: bool,
    pub constants: async_graphql::indexmap::IndexMap<Name, ConstValue>,
    pub nodes: Vec<Node>,
}

impl Route {
    /// Whether it may be sent again under an `Idempotency-Key`.
    pub fn takes_key(&self) -> bool {
        self.words.mutation && !self.secret && self.auth != Auth::None
    }

    /// Whether it reads the body of a request.
    pub fn reads_body(&self) -> bool {
        self.bindings.iter().any(Binding::reads_body)
    }

    /// Whether its body is a form, because there is a file in it.
    pub fn takes_files(&self) -> bool {
        self.bindings.iter().any(Binding::takes_file)
    }
}

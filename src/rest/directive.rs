//! Our directives: parsed with every mistake reported, and stripped before execution.

use anyhow::Result;
use async_graphql::{
    Name, Pos, Positioned, Value as ConstValue,
    indexmap::IndexMap,
    parser::types::{Directive, OperationDefinition, Selection, SelectionSet},
};
use axum::http::{HeaderName, Method, StatusCode};

use super::{
    arguments::{Arguments, DIRECTIVES},
    source::fault,
};
use crate::error::Code;

/// Callers that a route accepts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Auth {
    None,
    Session,
    Admin,
}

/// Part of the request that holds the members, if not implied by the method.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Source {
    Query,
    Body,
}

/// `@rest`: method, path and response of an operation.
pub(super) struct Rest {
    pub pos: Pos,
    pub method: Method,
    pub path: String,
    pub auth: Auth,
    pub status: StatusCode,
    pub body: IndexMap<Name, ConstValue>,
    pub missing: Option<ConstValue>,
    pub missing_status: Option<StatusCode>,
    pub stream: Option<String>,
    pub summary: Option<String>,
    pub tag: Option<String>,
    pub deprecated: bool,
    pub long_texts: bool,
    pub errors: Option<Vec<Code>>,
}

/// `@param`: source of a variable or of a member of `$input`.
#[derive(Clone)]
pub(super) struct Param {
    pub pos: Pos,
    pub name: String,
    pub from: Vec<String>,
    pub header: Option<HeaderName>,
    pub source: Option<Source>,
    pub min: Option<i64>,
    pub max: Option<i64>,
    pub default: Option<ConstValue>,
    pub late: bool,
    pub description: Option<String>,
}

/// Our directives on a field.
#[derive(Clone, Default, PartialEq)]
pub(super) struct FieldDirectives {
    pub hidden: bool,
    pub inline: Option<String>,
    pub status: Option<(StatusCode, StatusCode)>,
}

/// Returns the `@rest` of an operation, if it has one.
pub(super) fn rest(file: &str, operation: &OperationDefinition) -> Result<Option<Rest>> {
    let mut found = operation.directives.iter().filter(|directive| directive.node.name.node == "rest");
    let Some(directive) = found.next() else { return Ok(None) };
    if let Some(second) = found.next() {
        return Err(fault(file, second.pos, "an operation takes one @rest"));
    }
    let mut args = Arguments::read(file, directive)?;
    let method = args.word("method")?.ok_or_else(|| args.lacks("method"))?;
    let method = match method.as_str() {
        "GET" => Method::GET,
        "POST" => Method::POST,
        "PUT" => Method::PUT,
        "PATCH" => Method::PATCH,
        "DELETE" => Method::DELETE,
        _ => return Err(args.wrong("method", "one of GET, POST, PUT, PATCH, DELETE")),
    };
    let path = args.text("path")?.ok_or_else(|| args.lacks("path"))?;
    let auth = match args.word("auth")?.as_deref() {
        None | Some("SESSION") => Auth::Session,
        Some("NONE") => Auth::None,
        Some("ADMIN") => Auth::Admin,
        Some(_) => return Err(args.wrong("auth", "one of NONE, SESSION, ADMIN")),
    };
    let body = match args.take("body") {
        None => IndexMap::new(),
        Some(ConstValue::Object(members)) => members,
        Some(_) => return Err(args.wrong("body", "an object")),
    };
    let missing = args.take("missing");
    if !matches!(
        missing,
        None | Some(ConstValue::Null | ConstValue::String(_) | ConstValue::Object(_) | ConstValue::List(_))
    ) {
        return Err(args.wrong("missing", "a sentence, a body or null"));
    }
    let missing_status = args.status("missingStatus")?;
    if missing_status.is_some() && missing.is_none() {
        return Err(args.lacks("missing"));
    }
    let rest = Rest {
        pos: directive.pos,
        method,
        path,
        auth,
        status: args.status("status")?.unwrap_or(StatusCode::OK),
        body,
        missing,
        missing_status,
        stream: args.text("stream")?,
        summary: args.text("summary")?,
        tag: args.text("tag")?,
        deprecated: args.flag("deprecated")?,
        long_texts: args.flag("longTexts")?,
        errors: args.codes("errors")?,
    };
    args.finish()?;
    Ok(Some(rest))
}

/// Returns every `@param` of an operation.
pub(super) fn params(file: &str, operation: &OperationDefinition) -> Result<Vec<Param>> {
    let mut params: Vec<Param> = Vec::new();
    for directive in &operation.directives {
        match directive.node.name.node.as_str() {
            "param" => {}
            name if name == "rest" || !DIRECTIVES.contains(&name) => continue,
            name => return Err(fault(file, directive.pos, format!("@{name} belongs on a field"))),
        }
        let mut args = Arguments::read(file, directive)?;
        let name = args.text("name")?.ok_or_else(|| args.lacks("name"))?;
        let source = match args.word("in")?.as_deref() {
            None => None,
            Some("QUERY") => Some(Source::Query),
            Some("BODY") => Some(Source::Body),
            Some(_) => return Err(args.wrong("in", "QUERY or BODY")),
        };
        let header = match args.text("header")? {
            None => None,
            Some(header) => Some(header.parse().map_err(|_| args.wrong("header", "the name of a header"))?),
        };
        let param = Param {
            pos: directive.pos,
            name,
            from: args.texts("from")?,
            header,
            source,
            min: args.integer("min")?,
            max: args.integer("max")?,
            default: args.take("default"),
            late: args.flag("late")?,
            description: args.text("description")?,
        };
        args.finish()?;
        if params.iter().any(|other| other.name == param.name) {
            return Err(fault(file, directive.pos, format!("@param gives two sources for {:?}", param.name)));
        }
        params.push(param);
    }
    Ok(params)
}

/// Parses our directives on a field.
pub(super) fn field_directives(file: &str, directives: &[Positioned<Directive>]) -> Result<FieldDirectives> {
    let mut marks = FieldDirectives::default();
    for directive in directives {
        let name = directive.node.name.node.as_str();
        let mut args = Arguments::read(file, directive)?;
        match name {
            "hidden" => marks.hidden = true,
            "inline" => marks.inline = Some(args.text("prefix")?.unwrap_or_default()),
            "status" => {
                let yes = args.status("true")?.ok_or_else(|| args.lacks("true"))?;
                let no = args.status("false")?.ok_or_else(|| args.lacks("false"))?;
                marks.status = Some((yes, no));
            }
            "rest" | "param" => {
                return Err(fault(file, directive.pos, format!("@{name} belongs on an operation")));
            }
            _ => continue,
        }
        args.finish()?;
    }
    Ok(marks)
}

/// Removes our directives from a selection.
pub(super) fn strip(set: &mut SelectionSet) {
    for item in &mut set.items {
        strip_list(item.node.directives_mut());
        match &mut item.node {
            Selection::Field(field) => strip(&mut field.node.selection_set.node),
            Selection::InlineFragment(inner) => strip(&mut inner.node.selection_set.node),
            Selection::FragmentSpread(_) => {}
        }
    }
}

/// Removes our directives from a list.
pub(super) fn strip_list(directives: &mut Vec<Positioned<Directive>>) {
    directives.retain(|directive| !DIRECTIVES.contains(&directive.node.name.node.as_str()));
}

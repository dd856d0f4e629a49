//! Compiles sources into routes; reports mistakes with their line.

use std::{convert::Infallible, sync::Arc};

use anyhow::Result;
use async_graphql::{
    Name, Positioned, Value as ConstValue,
    parser::types::{DocumentOperations, ExecutableDocument, OperationType, Selection, VariableDefinition},
};
use axum::http::StatusCode;

use super::{
    binding::{Binder, Meaning},
    directive::{Rest, params, rest, strip, strip_list},
    retry,
    route::{Missing, MissingBody, Route, RouteDocs, StreamPlan},
    selection::{Node, tree},
    sent_names::SentNames,
    source::{Library, Operation, Source, fault, rejected},
    writer::Writer,
};
use crate::{
    document::{self, Kind, Model, Prepared, named},
    graphql::is_viewer_dependent,
};

/// Operations that are open to banned accounts.
const OPEN_TO_BANNED: [&str; 2] = ["signOut", "currentSession"];

/// Compiles all routes of these sources.
pub(super) fn routes(sources: &[Source], model: &Model) -> Result<Vec<Route>> {
    let library = Library::read(sources)?;
    let compiler = Compiler { model, library: &library };
    let mut routes = Vec::new();
    let mut followed: Vec<String> = Vec::new();
    let mut unplaced = Vec::new();
    for operation in &library.operations {
        match rest(operation.file, &operation.node.node)? {
            Some(rest) => {
                followed.extend(rest.stream.clone());
                routes.push(compiler.route(operation, rest)?);
            }
            None => unplaced.push(operation),
        }
    }
    match unplaced.iter().find(|operation| !followed.iter().any(|name| operation.name == *name)) {
        Some(lost) => Err(fault(
            lost.file,
            lost.node.pos,
            format!("{} has no @rest, and no stream names it", lost.name),
        )),
        None => Ok(routes),
    }
}

struct Compiler<'a> {
    model: &'a Model,
    library: &'a Library<'a>,
}

impl Compiler<'_> {
    fn route(&self, operation: &Operation, rest: Rest) -> Result<Route> {
        let Operation { file, name, node } = operation;
        let wrong = |reason: String| Err(fault(file, rest.pos, reason));
        if node.node.ty == OperationType::Subscription {
            return wrong(
                "a subscription has no route of its own: a mutation names it in \"stream\"".to_owned(),
            );
        }
        let parameters = match parameters(&rest.path) {
            Ok(parameters) => parameters,
            Err(reason) => return wrong(reason),
        };
        let (text, prepared) = self.prepare(operation)?;
        let nodes = tree(self.model, self.library, operation)?;
        let writer = Writer::compile((file, node.pos), &nodes, &rest.body)?;
        let mut variables = node.node.variable_definitions.clone();
        let stream = match &rest.stream {
            None => None,
            Some(name) => Some(self.follow(operation, &rest, name, &nodes, &mut variables)?),
        };
        let describe = |variable: &str| self.describe(operation, variable);
        let bindings = Binder {
            model: self.model,
            file,
            method: &rest.method,
            path: &parameters,
            params: &params(file, &node.node)?,
            describe: &describe,
        }
        .bind(rest.pos, &variables)?;
        let names = SentNames::of(&bindings, &|variable| describe(variable).map(|meaning| meaning.name));
        let root = self.model.root(node.node.ty);
        let description = match prepared.root_fields.as_slice() {
            [field] => root.and_then(|root| self.model.field(root, field)?.description.clone()),
            _ => None,
        };
        let stem = file.rsplit('/').next().and_then(|file| file.split('.').next()).unwrap_or(file);
        Ok(Route {
            file: (*file).to_owned(),
            pos: rest.pos,
            operation: name.to_string(),
            method: rest.method,
            path: rest.path,
            parameters,
            auth: rest.auth,
            status: rest.status,
            long_texts: rest.long_texts,
            missing: missing(rest.missing, rest.missing_status),
            bindings,
            names,
            secret: retry::is_secret(&prepared.root_fields),
            open_to_banned: prepared.root_fields.iter().all(|field| OPEN_TO_BANNED.contains(&field.as_str())),
            bytes: document::most_bytes(self.model, &prepared.document),
            document: prepared.document,
            writer,
            stream,
            docs: RouteDocs {
                tag: rest.tag.unwrap_or_else(|| stem.to_owned()),
                summary: rest.summary,
                description,
                deprecated: rest.deprecated,
                errors: rest.errors,
                mutation: node.node.ty == OperationType::Mutation,
                constants: rest.body,
                nodes,
                text,
            },
        })
    }

    /// Returns the text of an operation with only its fragments, without our directives; and prepares it, validated
    /// and merged.
    fn prepare(&self, operation: &Operation) -> Result<(String, Prepared)> {
        let mut node = operation.node.clone();
        let mut fragments = Vec::new();
        for name in self.library.needed(operation.file, &node.node.selection_set.node)? {
            let Some(fragment) = self.library.fragments.get(&name) else { continue };
            let mut fragment = fragment.node.clone();
            strip(&mut fragment.node.selection_set.node);
            strip_list(&mut fragment.node.directives);
            fragments.push((name, fragment));
        }
        strip(&mut node.node.selection_set.node);
        strip_list(&mut node.node.directives);
        let pos = node.pos;
        let printed = fragments.iter().map(|(name, fragment)| (name, &fragment.node));
        let text = document::print(&operation.name, &node.node, printed);
        let fragments = fragments.into_iter().collect();
        let document = ExecutableDocument { operations: DocumentOperations::Single(node), fragments };
        let prepared = document::prepare_document(self.model, None, document, None)
            .map_err(|failure| rejected(operation.file, pos, &failure.errors))?;
        Ok((text, prepared))
    }

    /// Compiles the subscription to stream. Variables that the mutation's result lacks are read from the
    /// request.
    fn follow(
        &self,
        operation: &Operation,
        rest: &Rest,
        name: &str,
        nodes: &[Node],
        asked: &mut Vec<Positioned<VariableDefinition>>,
    ) -> Result<StreamPlan> {
        let wrong = |reason: String| Err(fault(operation.file, rest.pos, reason));
        let Some(followed) = self.library.operations.iter().find(|other| other.name == *name) else {
            return wrong(format!("there is no subscription {name} to stream"));
        };
        if followed.node.node.ty != OperationType::Subscription {
            return wrong(format!("{name} is not a subscription"));
        }
        let mut variables: Vec<Name> = Vec::new();
        for variable in &followed.node.node.variable_definitions {
            let name = &variable.node.name.node;
            let known = asked.iter().any(|own| own.node.name.node == *name);
            if !known && !top(nodes).any(|key| *name == *key) {
                asked.push(variable.clone());
            }
            variables.push(name.clone());
        }
        let handed: Vec<&Name> =
            variables.iter().filter(|name| top(nodes).any(|key| **name == *key)).collect();
        let topic = match handed.as_slice() {
            [name] if operation.node.node.ty == OperationType::Mutation => Some((*name).clone()),
            _ => None,
        };
        let nodes = tree(self.model, self.library, followed)?;
        let (text, Prepared { document, .. }) = self.prepare(followed)?;
        Ok(StreamPlan {
            topic,
            personal: is_viewer_dependent(self.model, &document),
            document,
            variables,
            writer: Arc::new(Writer::compile(
                (followed.file, followed.node.pos),
                &nodes,
                &Default::default(),
            )?),
            nodes,
            text,
        })
    }

    /// Returns the argument, or the input's member, that a variable fills, with the schema's description.
    fn describe(&self, operation: &Operation, variable: &str) -> Option<Meaning> {
        let root = self.model.root(operation.node.node.ty)?;
        operation.node.node.selection_set.node.items.iter().find_map(|item| {
            let Selection::Field(field) = &item.node else { return None };
            let definition = self.model.field(root, &field.node.name.node)?;
            field.node.arguments.iter().find_map(|(name, value)| {
                let argument = definition.arguments.get(name.node.as_str())?;
                // The type of the parser's values has no public name. Variables are marked as bytes, which no
                // text contains.
                let mark = |name: Name| Ok::<_, Infallible>(ConstValue::Binary(name.to_string().into()));
                let means =
                    |value: &ConstValue| matches!(value, ConstValue::Binary(name) if *name == *variable);
                match value.node.clone().into_const_with(mark) {
                    Ok(ConstValue::Object(members)) => {
                        let (member, _) = members.iter().find(|(_, value)| means(value))?;
                        let input = self.model.find_type(named(&argument.ty))?;
                        let Kind::Input { fields, .. } = &input.kind else { return None };
                        let field = fields.get(member.as_str())?;
                        let bounds = self.model.input_bounds(named(&argument.ty), &field.name).cloned();
                        Some(Meaning {
                            name: field.name.clone(),
                            description: field.description.clone(),
                            bounds,
                        })
                    }
                    Ok(value) if means(&value) => Some(Meaning {
                        name: name.node.to_string(),
                        description: argument.description.clone(),
                        bounds: self
                            .model
                            .input_bounds(&format!("{}.{}", root.name, definition.name), &name.node)
                            .cloned(),
                    }),
                    _ => None,
                }
            })
        })
    }
}

/// Returns the keys that a mutation passes to its subscription: those of the root, of its payload, and of the objects
/// inside it.
fn top(nodes: &[Node]) -> impl Iterator<Item = &str> {
    let payloads = nodes.iter().flat_map(|node| &node.children);
    let objects = payloads.clone().flat_map(|node| &node.children);
    nodes.iter().chain(payloads).chain(objects).map(|node| node.key.as_str())
}

fn missing(value: Option<ConstValue>, status: Option<StatusCode>) -> Option<Missing> {
    let (usual, body) = match value? {
        ConstValue::String(sentence) => (StatusCode::NOT_FOUND, MissingBody::Sentence(sentence)),
        value => (StatusCode::OK, MissingBody::Value(value)),
    };
    Some(Missing { status: status.unwrap_or(usual), body })
}

/// Returns the names of the parameters of a path template.
fn parameters(path: &str) -> Result<Vec<String>, String> {
    let Some(rest) = path.strip_prefix("/api/") else {
        return Err("\"path\" of @rest must begin with /api/".to_owned());
    };
    let mut names: Vec<String> = Vec::new();
    for segment in rest.split('/') {
        let plain = segment.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_.~".contains(&byte));
        match segment.strip_prefix('{').and_then(|name| name.strip_suffix('}')) {
            Some(name)
                if !name.is_empty() && name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_') =>
            {
                if names.iter().any(|other| other == name) {
                    return Err(format!("the path has {{{name}}} twice"));
                }
                names.push(name.to_owned());
            }
            None if plain && !segment.is_empty() => {}
            _ => {
                return Err(format!(
                    "{segment:?} is not a path segment: use plain characters or one {{name}}"
                ));
            }
        }
    }
    Ok(names)
}

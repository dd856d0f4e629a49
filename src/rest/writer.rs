//! Writes responses from the GraphQL result directly into bytes, by a plan made at start.

use anyhow::Result;
use async_graphql::{Name, Value as ConstValue, indexmap::IndexMap};
use axum::http::StatusCode;

use super::{
    selection::{Node, prefixed},
    source::fault,
};
use crate::transport::json::{leaf, text};

/// Plan for the responses of one route.
pub(super) struct Writer {
    constants: Vec<(Vec<u8>, Vec<u8>)>,
    root: Root,
}

enum Root {
    /// The body is an object with these members.
    Members(Vec<Member>),
    /// The body is the value of this one root field: a list or a leaf.
    Bare(Name, Shape),
}

struct Member {
    key: Name,
    /// The quoted key and the colon.
    label: Vec<u8>,
    action: Action,
    status: Option<(StatusCode, StatusCode)>,
}

enum Action {
    Write(Shape),
    Hide,
    /// The members become those of the parent.
    Lift(Vec<Member>),
}

enum Shape {
    /// A leaf, written unchanged.
    Leaf,
    /// An enum, written in lower case.
    Lower,
    /// An object with these members, or a list of such objects.
    Object(Vec<Member>),
}

/// A written body, and the status that one of its members selected.
pub(super) struct Written {
    pub body: Vec<u8>,
    pub status: Option<StatusCode>,
}

impl Writer {
    /// Compiles the plan for a selection. `origin` is the position for reported mistakes.
    pub fn compile(
        origin: (&str, async_graphql::Pos),
        nodes: &[Node],
        constants: &IndexMap<Name, ConstValue>,
    ) -> Result<Self> {
        let wrong = |reason: String| Err(fault(origin.0, origin.1, reason));
        let constants: Vec<_> = constants
            .iter()
            .map(|(key, value)| {
                let mut bytes = Vec::new();
                leaf(&mut bytes, value);
                (label(key), bytes)
            })
            .collect();
        if let [node] = nodes
            && let Some(bare) = bare(node)
        {
            if !constants.is_empty() {
                return wrong(format!("{} is a whole body, so \"body\" cannot be used in it", node.key));
            }
            return Ok(Self { constants, root: bare });
        }
        let mut labels: Vec<(Vec<u8>, Option<&str>)> =
            constants.iter().map(|(label, _)| (label.clone(), None)).collect();
        let root = match members(nodes, "", false, &mut labels) {
            Ok(members) => Root::Members(members),
            Err(reason) => return wrong(reason),
        };
        Ok(Self { constants, root })
    }

    /// Writes the data of an executed operation.
    pub fn write(&self, data: &ConstValue) -> Written {
        let empty = IndexMap::new();
        let data = if let ConstValue::Object(data) = data { data } else { &empty };
        let mut pen = JsonWriter { out: Vec::with_capacity(1024), status: None };
        match &self.root {
            Root::Bare(key, shape) => pen.value(shape, data.get(key.as_str()).unwrap_or(&ConstValue::Null)),
            Root::Members(members) => {
                pen.out.push(b'{');
                let mut first = true;
                for (label, value) in &self.constants {
                    pen.next(&mut first);
                    pen.out.extend_from_slice(label);
                    pen.out.extend_from_slice(value);
                }
                pen.members(members, Some(data), &mut first);
                pen.out.push(b'}');
            }
        }
        Written { body: pen.out, status: pen.status }
    }
}

fn bare(node: &Node) -> Option<Root> {
    let whole =
        node.marks.inline.is_some() && !node.marks.hidden && (node.is_list() || node.children.is_empty());
    let shape = || match &node.values {
        Some(_) => Some(Shape::Lower),
        None if node.children.is_empty() => Some(Shape::Leaf),
        None => members(&node.children, "", false, &mut Vec::new()).ok().map(Shape::Object),
    };
    if whole { shape().map(|shape| Root::Bare(node.key.clone(), shape)) } else { None }
}

/// Compiles the members of one object; `taken` are the labels that its JSON object already has.
fn members<'a>(
    nodes: &'a [Node],
    prefix: &str,
    hidden: bool,
    taken: &mut Vec<(Vec<u8>, Option<&'a str>)>,
) -> Result<Vec<Member>, String> {
    let mut members_ = Vec::with_capacity(nodes.len());
    for node in nodes {
        let name = prefixed(prefix, &node.key);
        let hidden = hidden || node.marks.hidden;
        let action = match &node.marks.inline {
            Some(_) if node.is_list() || node.children.is_empty() => {
                return Err(format!("@inline on {name} needs an object; a list only as the whole body"));
            }
            Some(inner) => {
                let inner = match (prefix, inner.as_str()) {
                    (_, "") => prefix.to_owned(),
                    (_, inner) => prefixed(prefix, inner),
                };
                Action::Lift(members(&node.children, &inner, hidden, taken)?)
            }
            None if hidden && !node.children.is_empty() && !node.is_list() => {
                Action::Lift(members(&node.children, "", true, taken)?)
            }
            None if hidden => Action::Hide,
            None => {
                let only_on = node.only_on.as_deref();
                let label = label(&name);
                // Members of different types of a union may share a name: only one of them is present.
                if taken.iter().any(|(other, on)| *other == label && (on.is_none() || *on == only_on)) {
                    return Err(format!("the body would have {name:?} twice"));
                }
                taken.push((label, only_on));
                Action::Write(match &node.values {
                    Some(_) => Shape::Lower,
                    None if node.children.is_empty() => Shape::Leaf,
                    None => Shape::Object(members(&node.children, "", false, &mut Vec::new())?),
                })
            }
        };
        members_.push(Member {
            key: node.key.clone(),
            label: label(&name),
            action,
            status: node.marks.status,
        });
    }
    Ok(members_)
}

fn label(name: &str) -> Vec<u8> {
    let mut out = Vec::with_capacity(name.len() + 3);
    text(&mut out, name);
    out.push(b':');
    out
}

struct JsonWriter {
    out: Vec<u8>,
    status: Option<StatusCode>,
}

impl JsonWriter {
    fn next(&mut self, first: &mut bool) {
        if !std::mem::replace(first, false) {
            self.out.push(b',');
        }
    }

    /// `None` is an object that is null: every member lifted from it is written as null.
    fn members(&mut self, members: &[Member], object: Option<&IndexMap<Name, ConstValue>>, first: &mut bool) {
        for (index, member) in members.iter().enumerate() {
            let value = match object {
                None => &ConstValue::Null,
                Some(object) => {
                    // The result has the plan's order unless types differ, so no hashing is needed.
                    let value = match object.get_index(index) {
                        Some((key, value)) if *key == member.key => Some(value),
                        _ => object.get(member.key.as_str()),
                    };
                    let Some(value) = value else { continue };
                    value
                }
            };
            if let (Some((yes, no)), ConstValue::Boolean(flag)) = (member.status, value) {
                self.status = Some(if *flag { yes } else { no });
            }
            match &member.action {
                Action::Hide => {}
                Action::Lift(inner) => {
                    let object = if let ConstValue::Object(object) = value { Some(object) } else { None };
                    self.members(inner, object, first);
                }
                Action::Write(shape) => {
                    self.next(first);
                    self.out.extend_from_slice(&member.label);
                    self.value(shape, value);
                }
            }
        }
    }

    fn value(&mut self, shape: &Shape, value: &ConstValue) {
        match (shape, value) {
            (Shape::Leaf, value) => leaf(&mut self.out, value),
            (_, ConstValue::List(values)) => {
                self.out.push(b'[');
                let mut first = true;
                for value in values {
                    self.next(&mut first);
                    self.value(shape, value);
                }
                self.out.push(b']');
            }
            (Shape::Lower, ConstValue::Enum(name)) => text(&mut self.out, &name.to_ascii_lowercase()),
            (Shape::Lower, ConstValue::String(name)) => text(&mut self.out, &name.to_ascii_lowercase()),
            (Shape::Object(members), ConstValue::Object(object)) => {
                self.out.push(b'{');
                self.members(members, Some(object), &mut true);
                self.out.push(b'}');
            }
            (_, value) => leaf(&mut self.out, value),
        }
    }
}

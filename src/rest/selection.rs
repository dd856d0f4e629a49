//! The selections of an operation with our directives and the schema's types, for the writer and OpenAPI.

use anyhow::Result;
use async_graphql::{
    Name, Positioned,
    parser::types::{BaseType, OperationDefinition, Selection, SelectionSet, Type},
};

use super::{
    directive::{FieldDirectives, field_directives},
    source::{Library, Operation, fault},
};
use crate::document::{EnumValueDef, Kind, Model, TypeDef, named};

/// One selected field, merged from all places that select it under the same key.
pub(super) struct Node {
    /// The response key.
    pub key: Name,
    /// The declared type; that of `__typename` is `String!`.
    pub ty: Type,
    pub description: Option<String>,
    pub marks: FieldDirectives,
    /// The concrete type that the object must have; set for a field in a fragment on one type of several.
    pub only_on: Option<String>,
    /// Whether `@skip` or `@include` may omit the field.
    pub optional: bool,
    /// Values of an enum in lower case.
    pub values: Option<Vec<String>>,
    /// Whether the field is an id that is a UUID.
    pub is_uuid: bool,
    /// The fragment that selects all children, if there is exactly one.
    pub shape: Option<String>,
    /// The nested selections.
    pub children: Vec<Node>,
}

impl Node {
    /// Returns whether the field is a list, of any depth.
    pub fn is_list(&self) -> bool {
        matches!(self.ty.base, BaseType::List(_))
    }
}

/// Returns the key with a prefix: `prefix + Capitalised(key)`.
pub(super) fn prefixed(prefix: &str, key: &str) -> String {
    if prefix.is_empty() {
        return key.to_owned();
    }
    let mut letters = key.chars();
    let first = letters.next().map(|letter| letter.to_uppercase().collect::<String>()).unwrap_or_default();
    format!("{prefix}{first}{}", letters.as_str())
}

/// Returns the values of an enum as REST writes them.
pub(super) fn lower_case(values: &[EnumValueDef]) -> Vec<String> {
    values.iter().map(|value| value.name.to_ascii_lowercase()).collect()
}

/// Returns all selections of an operation, which must be valid: unknown fields are skipped.
pub(super) fn tree(model: &Model, library: &Library, operation: &Operation) -> Result<Vec<Node>> {
    let OperationDefinition { ty, selection_set, .. } = &operation.node.node;
    let Some(root) = model.root(*ty) else {
        return Err(fault(operation.file, operation.node.pos, format!("the schema has no {ty}")));
    };
    let mut nodes = Vec::new();
    let place = SelectionContext { file: operation.file, only_on: None, optional: false };
    Collector { model, library }.collect(&place, root, &selection_set.node, &mut nodes)?;
    Ok(nodes)
}

/// Types whose `id` is that of an account: opaque text.
const ACCOUNTS: [&str; 3] = ["Account", "User", "Viewer"];
/// Fields and arguments with the id of an account, or of the subject of an audit entry.
const OPAQUE: [&str; 9] = [
    "actorId",
    "assigneeId",
    "authorId",
    "creatorId",
    "customerId",
    "ownerId",
    "requesterId",
    "subjectId",
    "userId",
];

/// Returns whether an id under this name is a UUID. Inputs pass a parent that is not in `ACCOUNTS`.
pub(super) fn is_uuid(parent: &str, name: &str) -> bool {
    !OPAQUE.contains(&name) && !(name == "id" && (ACCOUNTS.contains(&parent) || parent == "WalletEntryCause"))
}

/// Returns the fragment that makes up a selection, if there is nothing else in it.
fn shape(set: &SelectionSet) -> Option<String> {
    match set.items.as_slice() {
        [item] => match &item.node {
            Selection::FragmentSpread(spread) if spread.node.directives.is_empty() => {
                Some(spread.node.fragment_name.node.to_string())
            }
            _ => None,
        },
        _ => None,
    }
}

struct Collector<'a> {
    model: &'a Model,
    library: &'a Library<'a>,
}

#[derive(Clone)]
struct SelectionContext<'a> {
    file: &'a str,
    only_on: Option<String>,
    optional: bool,
}

impl Collector<'_> {
    fn collect(
        &self,
        place: &SelectionContext,
        parent: &TypeDef,
        set: &SelectionSet,
        nodes: &mut Vec<Node>,
    ) -> Result<()> {
        for item in &set.items {
            let mut inner = place.clone();
            let directives = item.node.directives();
            inner.optional |=
                directives.iter().any(|d| matches!(d.node.name.node.as_str(), "skip" | "include"));
            match &item.node {
                Selection::Field(_) => self.field(&inner, parent, item, nodes)?,
                Selection::InlineFragment(fragment) => {
                    self.refuse_marks(&inner, item)?;
                    let on = fragment.node.type_condition.as_ref().map(|condition| &condition.node.on.node);
                    let set = &fragment.node.selection_set.node;
                    self.fragment(inner, parent, on, set, nodes)?;
                }
                Selection::FragmentSpread(spread) => {
                    self.refuse_marks(&inner, item)?;
                    let Some(fragment) = self.library.fragments.get(&spread.node.fragment_name.node) else {
                        continue;
                    };
                    inner.file = fragment.file;
                    let definition = &fragment.node.node;
                    let on = Some(&definition.type_condition.node.on.node);
                    self.fragment(inner, parent, on, &definition.selection_set.node, nodes)?;
                }
            }
        }
        Ok(())
    }

    fn refuse_marks(&self, place: &SelectionContext, item: &Positioned<Selection>) -> Result<()> {
        if field_directives(place.file, item.node.directives())? == FieldDirectives::default() {
            return Ok(());
        }
        Err(fault(place.file, item.pos, "@inline, @hidden and @status belong on a field, not on a fragment"))
    }

    fn fragment(
        &self,
        mut place: SelectionContext,
        parent: &TypeDef,
        on: Option<&Name>,
        set: &SelectionSet,
        nodes: &mut Vec<Node>,
    ) -> Result<()> {
        let Some(on) = on else { return self.collect(&place, parent, set, nodes) };
        let Some(narrowed) = self.model.find_type(on) else { return Ok(()) };
        let always = self
            .model
            .possible_types(&parent.name)
            .iter()
            .all(|ty| self.model.possible_types(on).contains(ty));
        if !always {
            place.only_on = Some(on.to_string());
        }
        // A fragment on an interface of the parent does not narrow the type.
        self.collect(&place, narrowed, set, nodes)
    }

    fn field(
        &self,
        place: &SelectionContext,
        parent: &TypeDef,
        item: &Positioned<Selection>,
        nodes: &mut Vec<Node>,
    ) -> Result<()> {
        let Selection::Field(field) = &item.node else { return Ok(()) };
        let Positioned { pos, node: field } = field;
        let marks = field_directives(place.file, &field.directives)?;
        let key = field.response_key().node.clone();
        let definition = self.model.field(parent, &field.name.node);
        let ty = match definition {
            Some(definition) => definition.ty.clone(),
            None if field.name.node == "__typename" => {
                Type { base: BaseType::Named(Name::new("String")), nullable: false }
            }
            None => return Ok(()),
        };
        let inner = self.model.find_type(named(&ty));
        let values = inner.and_then(|inner| match &inner.kind {
            Kind::Enum(values) => Some(lower_case(values)),
            _ => None,
        });
        let wrong = |reason: &str| Err(fault(place.file, *pos, reason));
        let is_list = matches!(ty.base, BaseType::List(_));
        if marks.status.is_some() && (is_list || named(&ty) != "Boolean") {
            return wrong("@status belongs on a boolean field");
        }
        let index = match nodes.iter().position(|node| node.key == key) {
            Some(index) => {
                let node = &mut nodes[index];
                if node.values != values || matches!(node.ty.base, BaseType::List(_)) != is_list {
                    return wrong("the same key is written in two different ways");
                }
                if node.marks != marks {
                    if marks != FieldDirectives::default() && node.marks != FieldDirectives::default() {
                        return wrong("the same key is marked in two different ways");
                    }
                    // One occurrence with our directives is enough; the others only add members.
                    if marks != FieldDirectives::default() {
                        node.marks = marks;
                    }
                }
                if node.only_on != place.only_on {
                    node.optional |= node.only_on.is_some() && place.only_on.is_some();
                    node.only_on = None;
                }
                node.ty.nullable |= ty.nullable;
                // Selected in several places, it has no single fragment.
                node.shape = None;
                index
            }
            None => {
                let ty_of_id = ty.clone();
                nodes.push(Node {
                    key,
                    description: definition.and_then(|definition| definition.description.clone()),
                    ty,
                    marks,
                    only_on: place.only_on.clone(),
                    optional: place.optional,
                    values,
                    is_uuid: named(&ty_of_id) == "ID" && is_uuid(&parent.name, &field.name.node),
                    shape: shape(&field.selection_set.node),
                    children: Vec::new(),
                });
                nodes.len() - 1
            }
        };
        if let Some(inner) = inner {
            let within = SelectionContext { file: place.file, only_on: None, optional: false };
            self.collect(&within, inner, &field.selection_set.node, &mut nodes[index].children)?;
        }
        Ok(())
    }
}

//! The complexity of a document: its fields, multiplied by the rows that they can return.

use async_graphql::{
    Value as ConstValue, Variables,
    parser::types::{BaseType, ExecutableDocument, Field, OperationType, Selection, SelectionSet, Type},
};
use async_graphql_value::Value;

use super::{
    introspection,
    model::{FieldDef, Model, TypeDef, named},
};

/// Arguments that set the length of a page.
const PAGE: [&str; 3] = ["first", "last", "limit"];
/// Length of a page if no argument sets it.
const DEFAULT_PAGE: usize = 20;
/// Maximum length of a page of a list without a bound in the model; the resolvers clamp to it.
const LONGEST_PAGE: usize = 100;
/// Number of rows of a list that has neither pages nor a bound in the model.
const LIST: usize = 100;

/// Returns the complexity of a prepared document, an upper bound of the fields that it can return. A field
/// counts 1, and its selections are multiplied by the length of the page (at most 100; 20 unless `first`,
/// `last` or `limit` sets it) or by the maximum number of rows of a list without pages. A list directly in a
/// page (`nodes`) is that page and multiplies nothing.
pub fn complexity(model: &Model, document: &ExecutableDocument, variables: &Variables) -> usize {
    measure(model, document, variables).cost
}

/// A complexity, and whether it depends on variables.
#[derive(Clone, Copy, Debug)]
pub(super) struct Measured {
    pub(super) cost: usize,
    /// Maximum number of bytes of the response.
    pub(super) bytes: usize,
    /// Number of fields that introspection returns; not part of the complexity.
    pub(super) introspection: usize,
    /// Number of `__schema` and `__type` fields.
    pub(super) introspections: usize,
    pub(super) varies: bool,
}

pub(super) fn measure(model: &Model, document: &ExecutableDocument, variables: &Variables) -> Measured {
    Meter::new(model, variables, false).measure(document)
}

/// Returns the approximate maximum number of bytes of the response to a document, for any variables.
pub fn most_bytes(model: &Model, document: &ExecutableDocument) -> usize {
    Meter::new(model, &Variables::default(), true).measure(document).bytes
}

/// Totals of a selection: fields, and bytes of the response.
#[derive(Clone, Copy, Default)]
struct Sum {
    cost: usize,
    bytes: usize,
}

impl Sum {
    fn and(self, other: Self) -> Self {
        Self { cost: self.cost.saturating_add(other.cost), bytes: self.bytes.saturating_add(other.bytes) }
    }

    fn or(self, other: Self) -> Self {
        Self { cost: self.cost.max(other.cost), bytes: self.bytes.max(other.bytes) }
    }

    fn times(self, rows: usize) -> Self {
        Self { cost: self.cost.saturating_mul(rows), bytes: self.bytes.saturating_mul(rows) }
    }
}

/// Bytes of a field that introspection returns, including descriptions.
const INTROSPECTED: usize = 128;
/// Bytes of a field besides its key and value.
const FRAME: usize = 4;

struct Meter<'a> {
    model: &'a Model,
    variables: &'a Variables,
    varies: bool,
    introspection: usize,
    introspections: usize,
    /// Whether a page whose length is a variable counts with its maximum length.
    at_most: bool,
}

impl<'a> Meter<'a> {
    fn new(model: &'a Model, variables: &'a Variables, at_most: bool) -> Self {
        Self { model, variables, varies: false, introspection: 0, introspections: 0, at_most }
    }

    fn measure(mut self, document: &ExecutableDocument) -> Measured {
        let sums = document.operations.iter().map(|(_, operation)| {
            let ty: OperationType = operation.node.ty;
            self.set(self.model.root(ty), &operation.node.selection_set.node, false)
        });
        let Sum { cost, bytes } = sums.fold(Sum::default(), Sum::and);
        let Self { introspection, introspections, varies, .. } = self;
        let bytes = bytes.saturating_add(introspection.saturating_mul(INTROSPECTED));
        Measured { cost, bytes, introspection, introspections, varies }
    }

    fn set(&mut self, parent: Option<&'a TypeDef>, set: &SelectionSet, in_page: bool) -> Sum {
        let (mut plain, mut dearest) = (Sum::default(), Sum::default());
        for selection in &set.items {
            match &selection.node {
                Selection::Field(field) => {
                    plain = plain.and(self.field(parent, &field.node, in_page));
                }
                // An object has one type, so only one branch runs: the most expensive counts.
                Selection::InlineFragment(inline) => {
                    let ty = inline.node.type_condition.as_ref();
                    let ty =
                        ty.and_then(|condition| self.model.find_type(&condition.node.on.node)).or(parent);
                    dearest = dearest.or(self.set(ty, &inline.node.selection_set.node, in_page));
                }
                Selection::FragmentSpread(_) => {}
            }
        }
        plain.and(dearest)
    }

    fn field(&mut self, parent: Option<&'a TypeDef>, field: &Field, in_page: bool) -> Sum {
        let key = field.response_key().node.len() + FRAME;
        let definition = parent.and_then(|parent| self.model.field(parent, &field.name.node));
        let (Some(parent), Some(definition)) = (parent, definition) else {
            let found = introspection::fields(self.model, field, self.variables);
            if let Some(found) = found {
                self.introspections += 1;
                self.introspection = self.introspection.saturating_add(found.fields);
                self.varies |= found.varies;
            }
            return Sum { cost: 1, bytes: key };
        };
        let page = self.page(&parent.name, definition, field);
        let rows = match page {
            Some(page) => page,
            None if is_list(&definition.ty) && !in_page => {
                self.model.bound(&parent.name, &definition.name).unwrap_or(LIST)
            }
            None => 1,
        };
        let ty = self.model.find_type(named(&definition.ty));
        // Only an object around the rows (a connection) contains the page.
        let in_page = page.is_some() && !is_list(&definition.ty);
        let weight = match self.model.costly_argument(&parent.name, &definition.name) {
            Some((argument, fields)) if self.has(field, argument) => fields,
            _ => self.model.weight(&parent.name, &definition.name),
        };
        let inner = if field.selection_set.node.items.is_empty() {
            let scalar = named(&definition.ty);
            Sum { cost: 0, bytes: self.model.leaf_bytes(&parent.name, &definition.name, scalar) }
        } else {
            self.set(ty, &field.selection_set.node, in_page)
        };
        let own = Sum { cost: weight, bytes: key };
        inner.and(Sum { cost: 0, bytes: FRAME }).times(rows).and(own)
    }

    /// Returns whether a field has an argument with a value other than null.
    fn has(&mut self, field: &Field, argument: &str) -> bool {
        match field.get_argument(argument).map(|value| &value.node) {
            None | Some(Value::Null) => false,
            Some(Value::Variable(name)) => {
                self.varies = true;
                self.variables.get(name).map_or(self.at_most, |value| *value != ConstValue::Null)
            }
            Some(_) => true,
        }
    }

    fn page(&mut self, parent: &str, definition: &FieldDef, field: &Field) -> Option<usize> {
        let own = self.model.page(parent, &definition.name);
        let (usual, longest) = own.unwrap_or((DEFAULT_PAGE, LONGEST_PAGE));
        let rows = |value: &ConstValue| rows(value, longest);
        let declared: Vec<_> = PAGE.iter().filter_map(|name| definition.arguments.get(*name)).collect();
        let default = declared.iter().find_map(|argument| rows(argument.default.as_ref()?));
        let given = declared.iter().filter_map(|argument| {
            let value = &field.get_argument(&argument.name)?.node;
            let value = value.clone().into_const_with(|name| {
                self.varies = true;
                self.variables.get(&name).cloned().ok_or(())
            });
            match value {
                Ok(value) => rows(&value),
                Err(_) => self.at_most.then_some(longest),
            }
        });
        let given = given.max().or(default);
        (!declared.is_empty()).then_some(given.unwrap_or(usual))
    }
}

fn is_list(ty: &Type) -> bool {
    matches!(ty.base, BaseType::List(_))
}

fn rows(value: &ConstValue, longest: usize) -> Option<usize> {
    let ConstValue::Number(number) = value else { return None };
    // At least 1: a resolver may read a negative number as one row.
    let rows = number.as_i64()?.max(1);
    Some(usize::try_from(rows).unwrap_or(longest).min(longest))
}

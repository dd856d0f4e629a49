//! What a document may cost to answer: its fields, times the rows that they may come for.

use async_graphql::{
    Value as ConstValue, Variables,
    parser::types::{BaseType, ExecutableDocument, Field, OperationType, Selection, SelectionSet, Type},
};

use super::{
    introspection,
    model::{FieldDef, Model, TypeDef, named},
};

/// The arguments that say how long a page is.
const PAGE: [&str; 3] = ["first", "last", "limit"];
/// The page when nothing says.
const DEFAULT_PAGE: usize = 20;
/// The longest page of a list that has no bound of its own in the model: the resolvers clamp.
const LONGEST_PAGE: usize = 100;
/// The rows of a list that has no pages, and no bound of its own in the model.
const LIST: usize = 100;

/// The complexity of a prepared document, an upper bound of the fields that it can return: 1 a field, and what is in it
/// times the page (at most 100 rows; 20 unless `first`, `last` or `limit` says otherwise), or times the greatest number
/// of rows that a list without pages can have. A list directly in a page (`nodes`) is that page and multiplies nothing.
pub fn complexity(model: &Model, document: &ExecutableDocument, variables: &Variables) -> usize {
    measure(model, document, variables).cost
}

/// A complexity, and whether other variables could give another.
#[derive(Clone, Copy, Debug)]
pub(super) struct Measured {
    pub(super) cost: usize,
    /// Fields that introspection returns; they are not part of the cost.
    pub(super) introspection: usize,
    /// Fields `__schema` and `__type`.
    pub(super) introspections: usize,
    pub(super) varies: bool,
}

pub(super) fn measure(model: &Model, document: &ExecutableDocument, variables: &Variables) -> Measured {
    let mut meter = Meter { model, variables, varies: false, introspection: 0, introspections: 0 };
    let cost = document.operations.iter().map(|(_, operation)| {
        let ty: OperationType = operation.node.ty;
        meter.set(model.root(ty), &operation.node.selection_set.node, false)
    });
    let cost = cost.fold(0, usize::saturating_add);
    let Meter { introspection, introspections, varies, .. } = meter;
    Measured { cost, introspection, introspections, varies }
}

struct Meter<'a> {
    model: &'a Model,
    variables: &'a Variables,
    varies: bool,
    introspection: usize,
    introspections: usize,
}

impl<'a> Meter<'a> {
    fn set(&mut self, parent: Option<&'a TypeDef>, set: &SelectionSet, in_page: bool) -> usize {
        let (mut plain, mut dearest) = (0_usize, 0);
        for selection in &set.items {
            match &selection.node {
                Selection::Field(field) => {
                    plain = plain.saturating_add(self.field(parent, &field.node, in_page));
                }
                // An object has one type, so that one branch runs: the dearest counts.
                Selection::InlineFragment(inline) => {
                    let ty = inline.node.type_condition.as_ref();
                    let ty =
                        ty.and_then(|condition| self.model.find_type(&condition.node.on.node)).or(parent);
                    dearest = dearest.max(self.set(ty, &inline.node.selection_set.node, in_page));
                }
                Selection::FragmentSpread(_) => {}
            }
        }
        plain.saturating_add(dearest)
    }

    fn field(&mut self, parent: Option<&'a TypeDef>, field: &Field, in_page: bool) -> usize {
        let definition = parent.and_then(|parent| self.model.field(parent, &field.name.node));
        let (Some(parent), Some(definition)) = (parent, definition) else {
            let found = introspection::fields(self.model, field, self.variables);
            if let Some(found) = found {
                self.introspections += 1;
                self.introspection = self.introspection.saturating_add(found.fields);
                self.varies |= found.varies;
            }
            return 1;
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
        // Only an object around the rows (a connection) has the page further in.
        let in_page = page.is_some() && !is_list(&definition.ty);
        self.set(ty, &field.selection_set.node, in_page).saturating_mul(rows).saturating_add(1)
    }

    fn page(&mut self, parent: &str, definition: &FieldDef, field: &Field) -> Option<usize> {
        let bound = self.model.bound(parent, &definition.name);
        let longest = bound.unwrap_or_default().max(LONGEST_PAGE);
        let rows = |value: &ConstValue| rows(value, longest);
        let declared: Vec<_> = PAGE.iter().filter_map(|name| definition.arguments.get(*name)).collect();
        let default = declared.iter().find_map(|argument| rows(argument.default.as_ref()?));
        let given = declared.iter().filter_map(|argument| {
            let value = &field.get_argument(&argument.name)?.node;
            let value = value.clone().into_const_with(|name| {
                self.varies = true;
                self.variables.get(&name).cloned().ok_or(())
            });
            rows(&value.ok()?)
        });
        let given = given.max().or(default);
        let given = given.or(bound).unwrap_or(DEFAULT_PAGE);
        (!declared.is_empty()).then_some(given)
    }
}

fn is_list(ty: &Type) -> bool {
    matches!(ty.base, BaseType::List(_))
}

fn rows(value: &ConstValue, longest: usize) -> Option<usize> {
    let ConstValue::Number(number) = value else { return None };
    // Not below 1: a resolver may take a negative number for one row.
    let rows = number.as_i64()?.max(1);
    Some(usize::try_from(rows).unwrap_or(longest).min(longest))
}

//! Checks that fields with the same response key can be merged.
//!
//! Each field is compared with the first of its key instead of with every other: the compared properties
//! (shapes; name and arguments) are equal for all of them or they are not. The work is that of the expanded
//! document; a budget bounds the repetition under several concrete types.

use std::collections::HashSet;

use async_graphql::{
    Positioned,
    indexmap::IndexMap,
    parser::types::{BaseType, Field, Selection, SelectionSet, Type},
};

use super::Validator;
use crate::document::{
    failure::Failure,
    merge::agree,
    model::{FieldDef, Kind, TypeDef, named},
    quotation::quoted,
};

/// Maximum number of compared fields; a document within the limits needs a small part of it.
const COMPARISONS: usize = 100_000;

/// A field and the type on which it is selected.
#[derive(Clone, Copy)]
struct Selected<'a> {
    parent: &'a TypeDef,
    field: &'a Positioned<Field>,
    definition: &'a FieldDef,
}

type Groups<'a> = IndexMap<&'a str, Vec<Selected<'a>>>;

/// Kinds of comparisons of nested fields.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Compare {
    /// Shapes of results: for all fields of a key.
    Shapes,
    /// Names and arguments: for fields that can be selected on one object.
    Calls,
}

impl<'a> Validator<'a> {
    /// Checks a document that has no other error.
    pub(super) fn overlaps(&mut self) -> Result<(), Failure> {
        let mut left = COMPARISONS;
        for (_, operation) in self.document.operations.iter() {
            let Some(root) = self.model.root(operation.node.ty) else { continue };
            for compare in [Compare::Shapes, Compare::Calls] {
                let sets = [(root, &operation.node.selection_set.node)];
                if !self.sets(&sets, compare, &mut left)? {
                    return Ok(());
                }
            }
        }
        Ok(())
    }

    /// Returns whether the fields can be merged; reports the first conflict.
    fn sets(
        &mut self,
        sets: &[(&'a TypeDef, &'a SelectionSet)],
        compare: Compare,
        left: &mut usize,
    ) -> Result<bool, Failure> {
        let mut groups = Groups::new();
        let mut seen = HashSet::new();
        for (parent, set) in sets {
            self.collect(parent, set, &mut groups, &mut seen, left)?;
        }
        for (key, fields) in &groups {
            let together = match compare {
                Compare::Shapes => vec![fields.clone()],
                Compare::Calls => by_object(fields),
            };
            for fields in together {
                let Some((first, others)) = fields.split_first() else { continue };
                for other in others {
                    if let Some(why) = self.conflict(first, other, compare) {
                        let message = format!(
                            "Fields {} conflict because {why}. Use different aliases to fetch both.",
                            quoted(key)
                        );
                        self.error_at(vec![first.field.pos, other.field.pos], message);
                        return Ok(false);
                    }
                }
                let inner: Vec<_> = fields
                    .iter()
                    .filter_map(|selected| {
                        let ty = self.model.find_type(named(&selected.definition.ty))?;
                        let set = &selected.field.node.selection_set.node;
                        (!set.items.is_empty()).then_some((ty, set))
                    })
                    .collect();
                if !inner.is_empty() && !self.sets(&inner, compare, left)? {
                    return Ok(false);
                }
            }
        }
        Ok(true)
    }

    fn collect(
        &self,
        parent: &'a TypeDef,
        set: &'a SelectionSet,
        groups: &mut Groups<'a>,
        seen: &mut HashSet<&'a str>,
        left: &mut usize,
    ) -> Result<(), Failure> {
        for selection in &set.items {
            *left = left
                .checked_sub(1)
                .ok_or_else(|| Failure::too_complex("The document has too many fields to compare"))?;
            let (condition, inner) = match &selection.node {
                Selection::Field(field) => {
                    if let Some(definition) = self.model.selectable(parent, &field.node.name.node) {
                        let key = field.node.response_key().node.as_str();
                        groups.entry(key).or_default().push(Selected { parent, field, definition });
                    }
                    continue;
                }
                Selection::InlineFragment(inline) => {
                    let condition = inline.node.type_condition.as_ref();
                    (condition.map(|condition| &condition.node.on.node), &inline.node.selection_set.node)
                }
                Selection::FragmentSpread(spread) => {
                    let name = spread.node.fragment_name.node.as_str();
                    let Some(fragment) = self.document.fragments.get(name) else { continue };
                    // A fragment has the same fields at every spread.
                    if !seen.insert(name) {
                        continue;
                    }
                    (Some(&fragment.node.type_condition.node.on.node), &fragment.node.selection_set.node)
                }
            };
            let ty = condition.map_or(Some(parent), |condition| self.model.find_type(condition));
            if let Some(ty) = ty {
                self.collect(ty, inner, groups, seen, left)?;
            }
        }
        Ok(())
    }

    fn conflict(&self, first: &Selected<'a>, other: &Selected<'a>, compare: Compare) -> Option<String> {
        match compare {
            Compare::Shapes if self.same_shape(&first.definition.ty, &other.definition.ty) => None,
            Compare::Shapes => Some(format!(
                "they return conflicting types \"{}\" and \"{}\"",
                first.definition.ty, other.definition.ty
            )),
            Compare::Calls if agree(&first.field.node, &other.field.node) => None,
            Compare::Calls if first.field.node.name.node == other.field.node.name.node => {
                Some("they have differing arguments".to_owned())
            }
            Compare::Calls => Some(format!(
                "{} and {} are different fields",
                quoted(&first.field.node.name.node),
                quoted(&other.field.node.name.node)
            )),
        }
    }

    /// Returns whether lists, nulls and leaves are equal; composite types are compared by their fields.
    fn same_shape(&self, one: &Type, other: &Type) -> bool {
        one.nullable == other.nullable
            && match (&one.base, &other.base) {
                (BaseType::List(one), BaseType::List(other)) => self.same_shape(one, other),
                (BaseType::Named(one), BaseType::Named(other)) => {
                    let has_fields = |name| self.model.find_type(name).is_some_and(TypeDef::is_composite);
                    one == other || (has_fields(one) && has_fields(other))
                }
                _ => false,
            }
    }
}

/// Returns the fields that one object can have: those of each object type, with all of interfaces and unions.
fn by_object<'a>(fields: &[Selected<'a>]) -> Vec<Vec<Selected<'a>>> {
    let is_object = |selected: &&Selected<'a>| matches!(selected.parent.kind, Kind::Object { .. });
    let on_any: Vec<_> = fields.iter().filter(|one| !is_object(one)).copied().collect();
    let mut by_type: IndexMap<&str, Vec<Selected<'a>>> = IndexMap::new();
    for one in fields.iter().filter(is_object) {
        by_type.entry(&one.parent.name).or_insert_with(|| on_any.clone()).push(*one);
    }
    if by_type.is_empty() { vec![on_any] } else { by_type.into_values().collect() }
}

//! Checks that a subscription selects one root field.

use std::collections::HashSet;

use async_graphql::{
    Positioned,
    indexmap::IndexMap,
    parser::types::{Field, OperationDefinition, OperationType, Selection, SelectionSet},
};

use super::Validator;
use crate::document::conditions;

type Roots<'a> = IndexMap<&'a str, &'a Positioned<Field>>;

impl<'a> Validator<'a> {
    pub(super) fn subscription(&mut self, operation: &'a Positioned<OperationDefinition>) {
        if operation.node.ty != OperationType::Subscription {
            return;
        }
        let mut roots = Roots::new();
        self.roots(&operation.node.selection_set.node, &mut roots, &mut HashSet::new());
        if roots.len() > 1 {
            self.error(operation.pos, "A subscription must select exactly one field at its root");
        }
        for field in roots.values() {
            if field.node.name.node.starts_with("__") {
                self.error(field.pos, "A subscription must not select introspection at its root");
            }
        }
    }

    fn roots(&self, set: &'a SelectionSet, roots: &mut Roots<'a>, seen: &mut HashSet<&'a str>) {
        for selection in &set.items {
            if !conditions::included(selection.node.directives(), None) {
                continue;
            }
            match &selection.node {
                Selection::Field(field) => {
                    roots.entry(field.node.response_key().node.as_str()).or_insert(field);
                }
                Selection::InlineFragment(inline) => {
                    self.roots(&inline.node.selection_set.node, roots, seen);
                }
                Selection::FragmentSpread(spread) => {
                    let name = spread.node.fragment_name.node.as_str();
                    if let Some(fragment) = self.document.fragments.get(name)
                        && seen.insert(name)
                    {
                        self.roots(&fragment.node.selection_set.node, roots, seen);
                    }
                }
            }
        }
    }
}

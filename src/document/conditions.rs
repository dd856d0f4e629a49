//! `@skip` and `@include`.

use std::collections::HashSet;

use async_graphql::{
    Positioned, Value as ConstValue, Variables,
    parser::types::{Directive, Selection, SelectionSet},
};

use super::fragments::Fragments;

/// Returns whether a directive is `@skip` or `@include`.
pub(super) fn is_condition(directive: &Directive) -> bool {
    matches!(directive.name.node.as_str(), "skip" | "include")
}

/// Returns whether a selection with these directives is included. Without variables, conditions that depend
/// on one count as included.
pub(super) fn included(directives: &[Positioned<Directive>], variables: Option<&Variables>) -> bool {
    directives.iter().filter(|directive| is_condition(&directive.node)).all(|directive| {
        let Some(condition) = directive.node.get_argument("if") else { return true };
        let value = condition.node.clone().into_const_with(|name| match variables {
            Some(variables) => Ok(variables.get(&name).cloned().unwrap_or_default()),
            None => Err(()),
        });
        let Ok(value) = value else { return true };
        matches!(value, ConstValue::Boolean(true)) == (directive.node.name.node == "include")
    })
}

/// Returns whether a condition in these selections, or in the fragments that they spread, depends on a
/// variable.
pub(super) fn depend_on_variables(set: &SelectionSet, fragments: &Fragments) -> bool {
    let mut seen = HashSet::new();
    depends(set, fragments, &mut seen)
}

fn depends<'a>(set: &'a SelectionSet, fragments: &'a Fragments, seen: &mut HashSet<&'a str>) -> bool {
    set.items.iter().any(|selection| {
        let here = selection.node.directives().iter().any(|directive| {
            let argument = directive.node.get_argument("if");
            is_condition(&directive.node)
                && argument.is_some_and(|value| value.node.clone().into_const().is_none())
        });
        here || match &selection.node {
            Selection::Field(field) => depends(&field.node.selection_set.node, fragments, seen),
            Selection::InlineFragment(inline) => depends(&inline.node.selection_set.node, fragments, seen),
            Selection::FragmentSpread(spread) => {
                let name = spread.node.fragment_name.node.as_str();
                seen.insert(name)
                    && fragments
                        .get(name)
                        .is_some_and(|fragment| depends(&fragment.node.selection_set.node, fragments, seen))
            }
        }
    })
}

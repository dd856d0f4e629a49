//! Estimates the size of a prepared document in memory, rather too high.

use async_graphql::parser::types::{OperationDefinition, Selection, SelectionSet};
use async_graphql_value::Value;

/// Bytes of a selection with its names, vectors and positions.
const SELECTION: usize = 448;
/// Bytes of a value in a list or object.
const VALUE: usize = 112;

/// Returns the bytes of an operation.
pub(super) fn of(operation: &OperationDefinition) -> usize {
    let defaults = operation.variable_definitions.iter().map(|definition| {
        let default = definition.node.default_value.as_ref();
        SELECTION + default.map_or(0, |value| of_value(&value.node.clone().into_value()))
    });
    SELECTION + defaults.sum::<usize>() + of_set(&operation.selection_set.node)
}

/// Returns the bytes of a selection set.
pub(super) fn of_set(set: &SelectionSet) -> usize {
    let of = |selection: &Selection| {
        let inner = match selection {
            Selection::Field(field) => {
                let arguments = field.node.arguments.iter();
                let arguments =
                    arguments.map(|(name, value)| VALUE + name.node.len() + of_value(&value.node));
                of_set(&field.node.selection_set.node) + arguments.sum::<usize>()
            }
            Selection::InlineFragment(inline) => of_set(&inline.node.selection_set.node),
            Selection::FragmentSpread(_) => 0,
        };
        let directives = selection.directives().iter().map(|directive| {
            let arguments = directive.node.arguments.iter();
            VALUE + arguments.map(|(_, value)| VALUE + of_value(&value.node)).sum::<usize>()
        });
        SELECTION + inner + directives.sum::<usize>()
    };
    set.items.iter().map(|selection| of(&selection.node)).sum()
}

fn of_value(value: &Value) -> usize {
    VALUE
        + match value {
            Value::String(text) => text.len(),
            Value::Variable(name) | Value::Enum(name) => name.len(),
            Value::List(items) => items.iter().map(of_value).sum(),
            Value::Object(members) => members.iter().map(|(name, value)| name.len() + of_value(value)).sum(),
            _ => 0,
        }
}

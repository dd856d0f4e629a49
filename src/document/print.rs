//! Prints parsed documents as text, two spaces a level.

use std::fmt::{self, Display, Write};

use async_graphql::{
    Name, Positioned,
    parser::types::{
        Directive, Field, FragmentDefinition, OperationDefinition, OperationType, Selection, SelectionSet,
        VariableDefinition,
    },
};

/// Prints an operation and then its fragments, in this order.
pub fn print<'a>(
    name: &Name,
    operation: &OperationDefinition,
    fragments: impl Iterator<Item = (&'a Name, &'a FragmentDefinition)>,
) -> String {
    let mut text = String::new();
    // Writing into a `String` does not fail.
    _ = write_operation(&mut text, name, operation);
    for (name, fragment) in fragments {
        _ = write_fragment(&mut text, name, fragment);
    }
    text
}

fn write_operation(text: &mut String, name: &Name, operation: &OperationDefinition) -> fmt::Result {
    let kind = match operation.ty {
        OperationType::Query => "query",
        OperationType::Mutation => "mutation",
        OperationType::Subscription => "subscription",
    };
    write!(text, "{kind} {name}")?;
    write_list(text, operation.variable_definitions.iter().map(|variable| definition(&variable.node)))?;
    write_directives(text, &operation.directives)?;
    write_set(text, &operation.selection_set.node, 0)?;
    text.write_char('\n')
}

fn write_fragment(text: &mut String, name: &Name, fragment: &FragmentDefinition) -> fmt::Result {
    write!(text, "\nfragment {name} on {}", fragment.type_condition.node.on.node)?;
    write_directives(text, &fragment.directives)?;
    write_set(text, &fragment.selection_set.node, 0)?;
    text.write_char('\n')
}

fn definition(variable: &VariableDefinition) -> String {
    let default = variable.default_value.as_ref().map(|value| format!(" = {}", value.node));
    format!("${}: {}{}", variable.name.node, variable.var_type.node, default.unwrap_or_default())
}

fn write_set(text: &mut String, set: &SelectionSet, depth: usize) -> fmt::Result {
    if set.items.is_empty() {
        return Ok(());
    }
    text.write_str(" {\n")?;
    for item in &set.items {
        write!(text, "{:width$}", "", width = 2 * (depth + 1))?;
        match &item.node {
            Selection::Field(field) => write_field(text, &field.node, depth + 1)?,
            Selection::FragmentSpread(spread) => {
                write!(text, "...{}", spread.node.fragment_name.node)?;
                write_directives(text, &spread.node.directives)?;
            }
            Selection::InlineFragment(inner) => {
                text.write_str("...")?;
                if let Some(condition) = &inner.node.type_condition {
                    write!(text, " on {}", condition.node.on.node)?;
                }
                write_directives(text, &inner.node.directives)?;
                write_set(text, &inner.node.selection_set.node, depth + 1)?;
            }
        }
        text.write_char('\n')?;
    }
    write!(text, "{:width$}}}", "", width = 2 * depth)
}

fn write_field(text: &mut String, field: &Field, depth: usize) -> fmt::Result {
    if let Some(alias) = &field.alias {
        write!(text, "{}: ", alias.node)?;
    }
    write!(text, "{}", field.name.node)?;
    write_list(text, field.arguments.iter().map(argument))?;
    write_directives(text, &field.directives)?;
    write_set(text, &field.selection_set.node, depth)
}

fn write_directives(text: &mut String, directives: &[Positioned<Directive>]) -> fmt::Result {
    for directive in directives {
        write!(text, " @{}", directive.node.name.node)?;
        write_list(text, directive.node.arguments.iter().map(argument))?;
    }
    Ok(())
}

fn argument((name, value): &(Positioned<Name>, Positioned<impl Display>)) -> String {
    format!("{}: {}", name.node, value.node)
}

/// Writes a list in parentheses, or nothing if it is empty.
fn write_list(text: &mut String, items: impl Iterator<Item = String>) -> fmt::Result {
    let items: Vec<_> = items.collect();
    if items.is_empty() { Ok(()) } else { write!(text, "({})", items.join(", ")) }
}

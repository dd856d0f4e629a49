//! What both doors execute: documents parsed, limited, strictly validated and merged; and variables made to fit.
//!
//! A document is prepared once and kept. Each request binds its variables, and gets a document in which no field with
//! one response key stands twice, no argument can still fail to fit its type, and no condition is open.

mod checker;
pub mod coerce;
mod complexity;
mod conditions;
mod failure;
mod files;
mod lexer;
mod limits;
mod literal;
mod merge;
pub mod model;
mod scalars;
#[cfg(test)]
mod tests;

use std::collections::HashMap;

use async_graphql::{
    Positioned, ServerError, Value, Variables,
    parser::{
        parse_query,
        types::{
            DocumentOperations, ExecutableDocument, OperationDefinition, OperationType, Selection,
            SelectionSet, VariableDefinition,
        },
    },
};

pub use self::{
    checker::{ValidateOnly, check},
    coerce::{Fault, FaultKind},
    complexity::complexity,
    failure::Failure,
    files::without_files,
    lexer::{Shape, scan},
    limits::Limits,
    literal::{Uses, literals},
    model::{EnumValueDef, FieldDef, InputDef, Kind, Model, TypeDef, named},
};
use self::{
    complexity::{Measured, measure},
    merge::{Fragments, merge},
};
use crate::domain::Code;

/// Strict validation of a document, given from outside: see [`check`].
pub type Check = dyn Fn(&ExecutableDocument) -> Result<(), Vec<ServerError>> + Send + Sync;

/// One operation, ready to be bound to variables and executed many times.
#[derive(Debug)]
pub struct Prepared {
    /// The operation alone, without a name and without fragments; a condition that depends on a variable counts as
    /// met. What is executed is the answer of [`Prepared::bind`], with no operation name in the request.
    pub document: ExecutableDocument,
    /// Query, mutation or subscription.
    pub operation: OperationType,
    /// The name that the operation had.
    pub name: Option<String>,
    /// The names (not aliases) of the fields at the root.
    pub root_fields: Vec<String>,
    /// The variables that the operation takes.
    pub variable_definitions: Vec<Positioned<VariableDefinition>>,
    /// Whether what is asked for depends on variables (`skip`, `include`).
    pub conditional: bool,
    /// The operation as it was written, where conditions are to be resolved for each request.
    source: Option<(Box<OperationDefinition>, Fragments)>,
    uses: Uses,
    measured: Measured,
}

/// Prepares a document from its text.
///
/// # Errors
///
/// Fails when it is not GraphQL, exceeds the limits, does not fit the schema or has no such operation.
pub fn prepare(
    model: &Model,
    limits: &Limits,
    check: &Check,
    query: &str,
    operation_name: Option<&str>,
) -> Result<Prepared, Failure> {
    limits.admit_text(scan(query))?;
    let document = parse_query(query)
        .map_err(|error| Failure::from_errors(Code::GraphqlParseFailed, vec![ServerError::from(error)]))?;
    prepare_document(model, Some(limits), check, document, operation_name)
}

/// Prepares a document that is parsed already; without limits where it is one of our own.
///
/// # Errors
///
/// Fails when it exceeds the limits, does not fit the schema or has no such operation.
pub fn prepare_document(
    model: &Model,
    limits: Option<&Limits>,
    check: &Check,
    document: ExecutableDocument,
    operation_name: Option<&str>,
) -> Result<Prepared, Failure> {
    limits.unwrap_or(&Limits::NONE).admit(&document)?;
    check(&document).map_err(|errors| Failure::from_errors(Code::GraphqlValidationFailed, errors))?;
    let ExecutableDocument { operations, fragments } = document;
    let (name, operation) = choose(operations, operation_name)?;
    let merged = merge(model, &operation.node, &fragments, None)?;
    let root_fields = root_fields(&merged.selection_set.node);
    if merged.ty == OperationType::Subscription && root_fields.len() != 1 {
        return Err(Failure::invalid(
            "A subscription must select exactly one field at its root",
            Some(operation.pos),
        ));
    }
    let conditional = conditions::depend_on_variables(&operation.node.selection_set.node, &fragments);
    let variable_definitions = merged.variable_definitions.clone();
    let document = alone(operation.position_node(merged));
    Ok(Prepared {
        uses: literals(model, &document)?,
        measured: measure(model, &document, &Variables::default()),
        operation: operation.node.ty,
        name,
        root_fields,
        variable_definitions,
        conditional,
        source: conditional.then(|| (Box::new(operation.node), fragments)),
        document,
    })
}

impl Prepared {
    /// Makes the variables of a request fit, and gives the document to execute with them.
    ///
    /// # Errors
    ///
    /// Fails when a variable does not fit its type, or when the document costs too much with these variables.
    pub fn bind(
        &self,
        model: &Model,
        limits: &Limits,
        given: Variables,
    ) -> Result<(ExecutableDocument, Variables), Failure> {
        let variables = coerce::variables(model, &self.variable_definitions, given).map_err(|faults| {
            Failure::from_faults(Code::Invalid, faults.into_iter().map(|fault| (fault, None)))
        })?;
        self.demand(&variables)?;
        let mut document = match &self.source {
            Some((operation, fragments)) => {
                let merged = merge(model, operation, fragments, Some(&variables))?;
                alone(operation.selection_set.position_node(merged))
            }
            None => self.document.clone(),
        };
        if self.uses.omittable.iter().any(|name| !variables.contains_key(name))
            && let DocumentOperations::Single(operation) = &mut document.operations
        {
            literal::omit_absent(&mut operation.node.selection_set.node, &variables);
        }
        let cost = if self.conditional || self.measured.varies {
            complexity(model, &document, &variables)
        } else {
            self.measured.cost
        };
        if cost > limits.complexity {
            return Err(Failure::too_complex(format!(
                "The query's complexity is {cost}, {} is allowed",
                limits.complexity
            )));
        }
        Ok((document, variables))
    }

    /// A nullable variable may stand where null may not, if the argument has a default; then null is a fault.
    fn demand(&self, variables: &Variables) -> Result<(), Failure> {
        let nulls = self.uses.demanded.iter().filter(|(name, ..)| variables.get(name) == Some(&Value::Null));
        let faults: Vec<_> = nulls
            .map(|(name, path, at)| {
                let message = format!("\"{path}\" must not be null, but ${name} is");
                (Fault { path: name.to_string(), message, kind: FaultKind::Invalid }, Some(*at))
            })
            .collect();
        if faults.is_empty() { Ok(()) } else { Err(Failure::from_faults(Code::Invalid, faults)) }
    }
}

/// The operation that is asked for; an empty name asks for none in particular.
fn choose(
    operations: DocumentOperations,
    name: Option<&str>,
) -> Result<(Option<String>, Positioned<OperationDefinition>), Failure> {
    let name = name.filter(|name| !name.is_empty());
    let found = match (operations, name) {
        (DocumentOperations::Single(operation), None) => Some((None, operation)),
        (DocumentOperations::Single(_), Some(_)) => None,
        (DocumentOperations::Multiple(mut operations), Some(name)) => {
            operations.remove_entry(name).map(|(name, operation)| (Some(name.to_string()), operation))
        }
        (DocumentOperations::Multiple(operations), None) if operations.len() == 1 => {
            operations.into_iter().next().map(|(name, operation)| (Some(name.to_string()), operation))
        }
        (DocumentOperations::Multiple(_), None) => {
            let message = "The document has several operations: operationName must say which to run";
            return Err(Failure::invalid(message, None));
        }
    };
    found.ok_or_else(|| {
        Failure::invalid(
            format!("The document has no operation named \"{}\"", name.unwrap_or_default()),
            None,
        )
    })
}

fn alone(operation: Positioned<OperationDefinition>) -> ExecutableDocument {
    ExecutableDocument { operations: DocumentOperations::Single(operation), fragments: HashMap::new() }
}

fn root_fields(set: &SelectionSet) -> Vec<String> {
    let name = |selection: &Positioned<Selection>| match &selection.node {
        Selection::Field(field) => Some(field.node.name.node.to_string()),
        _ => None,
    };
    set.items.iter().filter_map(name).collect()
}

//! What both doors execute: documents parsed, limited, strictly validated and merged; and variables made to fit.
//!
//! A document is prepared once and kept. Each request binds its variables, and gets a document in which no field with
//! one response key stands twice, no argument can still fail to fit its type, and no condition is open.

pub mod coerce;
mod complexity;
mod conditions;
mod failure;
mod files;
mod introspection;
pub mod json;
mod lexer;
mod limits;
mod literal;
mod merge;
pub mod model;
mod parser;
mod scalars;
mod size;
#[cfg(test)]
mod tests;
mod text;
mod validate;

use std::collections::HashMap;

use async_graphql::{
    Positioned, Value, Variables,
    parser::types::{
        DocumentOperations, ExecutableDocument, OperationDefinition, OperationType, Selection, SelectionSet,
        VariableDefinition,
    },
};

pub use self::{
    coerce::{Fault, FaultKind},
    complexity::complexity,
    failure::{Failure, cut},
    files::without_files,
    lexer::{Shape, scan},
    limits::{Demand, Limits},
    literal::Uses,
    model::{EnumValueDef, FieldDef, InputDef, Kind, Model, TypeDef, named},
    parser::parse,
};
use self::{
    complexity::{Measured, measure},
    merge::{Fragments, merge},
};
use crate::domain::Code;

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
    demand: Demand,
    size: usize,
}

/// Prepares a document from its text.
///
/// # Errors
///
/// Fails when it is not GraphQL, exceeds the limits, does not fit the schema or has no such operation.
pub fn prepare(
    model: &Model,
    limits: &Limits,
    query: &str,
    operation_name: Option<&str>,
) -> Result<Prepared, Failure> {
    let tokens = limits.admit_text(query)?;
    let mut prepared = prepare_document(model, Some(limits), parse(query)?, operation_name)?;
    prepared.demand.tokens = tokens;
    prepared.size += query.len();
    if !prepared.varies() {
        limits.admit_cost(&prepared.measured)?;
    }
    Ok(prepared)
}

/// Prepares a document that is parsed already; without limits where it is one of our own.
///
/// # Errors
///
/// Fails when it exceeds the limits, does not fit the schema or has no such operation.
pub fn prepare_document(
    model: &Model,
    limits: Option<&Limits>,
    document: ExecutableDocument,
    operation_name: Option<&str>,
) -> Result<Prepared, Failure> {
    let demand = limits.unwrap_or(&Limits::NONE).admit(&document)?;
    validate::validate(model, &document)?;
    let ExecutableDocument { operations, fragments } = document;
    let (name, operation) = choose(operations, operation_name)?;
    let pos = operation.pos;
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
    let uses = literal::uses(model, &merged);
    let mut size = size::of(&merged);
    let source = conditional.then(|| (Box::new(operation.node), fragments));
    if let Some((operation, fragments)) = &source {
        size += size::of(operation)
            + fragments.values().map(|one| size::of_set(&one.node.selection_set.node)).sum::<usize>();
    }
    let operation = merged.ty;
    let document = alone(Positioned::new(merged, pos));
    Ok(Prepared {
        uses,
        measured: measure(model, &document, &Variables::default()),
        operation,
        name,
        root_fields,
        variable_definitions,
        conditional,
        source,
        demand,
        size,
        document,
    })
}

impl Prepared {
    /// Makes the variables of a request fit, and gives the document to execute with them.
    ///
    /// # Errors
    ///
    /// Fails when a variable does not fit its type, or when the document costs too much with these variables.
    pub fn bind(&self, model: &Model, limits: &Limits, given: Variables) -> Result<Bound, Failure> {
        let variables = coerce::variables(model, &self.variable_definitions, given).map_err(|faults| {
            let faults = faults.into_iter().map(|(fault, at)| (fault, Some(at)));
            Failure::from_faults(Code::Invalid, faults)
        })?;
        self.refuse_nulls(&variables)?;
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
        let measured = if self.varies() { measure(model, &document, &variables) } else { self.measured };
        limits.admit_cost(&measured)?;
        let Measured { cost: complexity, introspection, introspections, .. } = measured;
        let demand = Demand { complexity, introspection, introspections, ..self.demand };
        Ok(Bound { document, variables, demand })
    }

    /// Whether other variables could make it cost more or less.
    pub fn varies(&self) -> bool {
        self.conditional || self.measured.varies
    }

    /// What it costs, where variables say how long pages are with their usual length.
    pub fn complexity(&self) -> usize {
        self.measured.cost
    }

    /// Bytes that it takes in memory, roughly.
    pub fn size(&self) -> usize {
        self.size
    }

    /// A nullable variable may stand where null may not, if the argument has a default; then null is a fault.
    fn refuse_nulls(&self, variables: &Variables) -> Result<(), Failure> {
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

/// What is executed with the variables of one request.
#[derive(Debug)]
pub struct Bound {
    /// One operation without a name.
    pub document: ExecutableDocument,
    /// They fit their types.
    pub variables: Variables,
    /// What it counts towards the limits.
    pub demand: Demand,
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
            match name {
                Some(name) => format!("The document has no operation named {}", failure::quoted(name)),
                None => "The document has no operation".to_owned(),
            },
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

//! Preparation of documents for GraphQL and REST: parsing, limits, strict validation, merging and coercion of
//! variables.
//!
//! A document is prepared once and cached. Each request binds its variables and receives a document in which
//! every response key is unique, every argument fits its type and every condition is resolved.

pub mod coerce;
mod complexity;
mod conditions;
mod failure;
mod fault;
mod files;
mod fragments;
mod introspection;
pub mod json;
mod lexer;
mod limits;
mod literal;
mod merge;
pub mod model;
mod parser;
mod print;
mod quotation;
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

use self::{
    complexity::{Measured, measure},
    fragments::Fragments,
    merge::merge,
};
pub use self::{
    complexity::{complexity, most_bytes},
    failure::Failure,
    fault::{Fault, FaultKind},
    files::without_files,
    lexer::{Shape, scan},
    limits::{DocumentSize, Limits},
    literal::Uses,
    model::{Bounds, EnumValueDef, FieldDef, InputDef, Kind, Model, TypeDef, named},
    parser::parse,
    print::print,
    quotation::cut,
};
use crate::error::Code;

/// One prepared operation, to be bound to variables and executed many times.
#[derive(Debug)]
pub struct Prepared {
    /// The operation without a name and without fragments; a condition that depends on a variable counts as
    /// met. Execute the result of [`Prepared::bind`], with no operation name in the request.
    pub document: ExecutableDocument,
    /// Query, mutation or subscription.
    pub operation: OperationType,
    /// Name of the operation.
    pub name: Option<String>,
    /// Names (not aliases) of the root fields.
    pub root_fields: Vec<String>,
    /// Definitions of the operation's variables.
    pub variable_definitions: Vec<Positioned<VariableDefinition>>,
    /// Whether the selections depend on variables (`skip`, `include`).
    pub conditional: bool,
    /// The original operation, if conditions are resolved for each request.
    source: Option<(Box<OperationDefinition>, Fragments)>,
    uses: Uses,
    measured: Measured,
    demand: DocumentSize,
    size: usize,
}

/// Prepares a document from its text.
///
/// # Errors
///
/// Fails if the text is not GraphQL, exceeds the limits, does not fit the schema or lacks the operation.
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

/// Prepares a parsed document, without limits if it is one of the server's own.
///
/// # Errors
///
/// Fails if it exceeds the limits, does not fit the schema or lacks the operation.
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
    /// Coerces the variables of a request and returns the document to execute with them.
    ///
    /// # Errors
    ///
    /// Fails if a variable does not fit its type, or if the document costs too much with these variables.
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
        let Measured { cost: complexity, bytes, introspection, introspections, .. } = measured;
        let demand = DocumentSize { complexity, introspection, introspections, ..self.demand };
        Ok(Bound { document, variables, demand, bytes })
    }

    /// Returns whether the cost depends on the variables.
    pub fn varies(&self) -> bool {
        self.conditional || self.measured.varies
    }

    /// Returns the complexity, with default lengths of pages where variables set them.
    pub fn complexity(&self) -> usize {
        self.measured.cost
    }

    /// Returns the approximate size in memory, in bytes.
    pub fn size(&self) -> usize {
        self.size
    }

    /// Refuses null in a nullable variable at a non-null position, which is valid only for arguments with a
    /// default.
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

/// A document with the variables of one request.
#[derive(Debug)]
pub struct Bound {
    /// One operation without a name.
    pub document: ExecutableDocument,
    /// The coerced variables.
    pub variables: Variables,
    /// Size of the document, as the limits count it.
    pub demand: DocumentSize,
    /// The most bytes of the answer, roughly.
    pub bytes: usize,
}

/// Returns the requested operation; an empty name requests none in particular.
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
                Some(name) => format!("The document has no operation named {}", quotation::quoted(name)),
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

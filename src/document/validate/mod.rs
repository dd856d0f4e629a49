//! Validates a document by all rules of the specification (October 2021, and `@oneOf`) before execution.
//!
//! The library's rules are not used: they accept variables that do not fit, compare names of any length to
//! suggest others, and expand fragments at each spread. `docs/upstream.md` lists the findings. These rules
//! visit each definition once; `.ci/clients` compares them with graphql-js.

mod directives;
mod overlap;
mod selections;
mod subscriptions;
mod variables;

use std::collections::{HashMap, HashSet};

use async_graphql::{
    Name, Pos, Positioned, ServerError,
    parser::types::{ExecutableDocument, OperationDefinition},
};

use self::directives::DirectiveLocation;
use super::{
    failure::{Failure, SHOWN},
    fault::{Fault, Path},
    literal::{Position, Usage, Walk},
    model::{InputDef, Model},
    quotation::quoted,
};
use crate::error::Code;

/// Validates a document that is within the limits and whose fragments form no circle.
///
/// # Errors
///
/// Returns the errors in the order of the text.
pub(super) fn validate(model: &Model, document: &ExecutableDocument) -> Result<(), Failure> {
    let mut validator = Validator { model, document, errors: Vec::new() };
    validator.document();
    if validator.errors.is_empty() {
        validator.overlaps()?;
    }
    let mut errors = validator.errors;
    if errors.is_empty() {
        return Ok(());
    }
    errors.sort_by_key(|error| error.locations.first().copied());
    Err(Failure::from_errors(Code::GraphqlValidationFailed, errors))
}

struct Validator<'a> {
    model: &'a Model,
    document: &'a ExecutableDocument,
    errors: Vec<ServerError>,
}

/// References of one operation or fragment.
#[derive(Default)]
struct Scope<'a> {
    usages: Vec<Usage<'a>>,
    spreads: Vec<&'a Name>,
}

type Fragments<'a> = HashMap<&'a str, Scope<'a>>;

impl<'a> Validator<'a> {
    fn document(&mut self) {
        let document = self.document;
        let mut fragments: Vec<_> = document.fragments.iter().collect();
        fragments.sort_by_key(|(_, fragment)| fragment.pos);
        let mut scopes = Fragments::new();
        for (name, fragment) in &fragments {
            let mut scope = Scope::default();
            let definition = &fragment.node;
            self.directives(&mut scope, DirectiveLocation::FragmentDefinition, &definition.directives);
            let parent = self.condition(&definition.type_condition.node.on);
            self.set(&mut scope, parent, &definition.selection_set);
            scopes.insert(name.as_str(), scope);
        }
        let mut operations: Vec<_> = document.operations.iter().map(|(_, operation)| operation).collect();
        operations.sort_by_key(|operation| operation.pos);
        let mut used = HashSet::new();
        for operation in operations {
            self.operation(operation, &scopes, &mut used);
        }
        for (name, fragment) in fragments {
            if !used.contains(name.as_str()) {
                self.error(fragment.pos, format!("The fragment {} is never used", quoted(name)));
            }
        }
    }

    fn operation(
        &mut self,
        operation: &'a Positioned<OperationDefinition>,
        fragments: &Fragments<'a>,
        used: &mut HashSet<&'a str>,
    ) {
        let definition = &operation.node;
        let mut scope = Scope::default();
        self.directives(&mut scope, DirectiveLocation::Operation, &definition.directives);
        let Some(root) = self.model.root(definition.ty) else {
            self.error(operation.pos, format!("The schema has no {}s", definition.ty));
            return;
        };
        self.set(&mut scope, Some(root), &definition.selection_set);
        self.subscription(operation);
        // The operation's own usages, then those of each fragment that it reaches, once.
        let mut usages: Vec<&Usage<'a>> = scope.usages.iter().collect();
        let mut pending = scope.spreads.clone();
        let mut reached: HashSet<&str> = HashSet::new();
        while let Some(name) = pending.pop() {
            if let Some(fragment) = fragments.get(name.as_str())
                && reached.insert(name)
            {
                usages.extend(&fragment.usages);
                pending.extend(&fragment.spreads);
            }
        }
        used.extend(&reached);
        self.variables(definition, &usages);
    }

    /// Checks the arguments of a field or directive against the declared ones.
    fn arguments(
        &mut self,
        scope: &mut Scope<'a>,
        at: Pos,
        given: &'a [(Positioned<Name>, Positioned<async_graphql_value::Value>)],
        declared: impl Iterator<Item = &'a InputDef> + Clone,
        owner: impl Fn() -> String,
    ) {
        let mut seen = HashSet::new();
        for (name, value) in given {
            if !seen.insert(name.node.as_str()) {
                let message = format!("There can only be one argument named {}", quoted(&name.node));
                self.error(name.pos, message);
                continue;
            }
            let Some(argument) = declared.clone().find(|argument| argument.name == name.node.as_str()) else {
                self.error(name.pos, format!("Unknown argument {} on {}", quoted(&name.node), owner()));
                let mut walk = Walk { model: self.model, usages: &mut scope.usages };
                walk.untyped(&value.node, value.pos);
                continue;
            };
            let position = Position { default: argument.default.is_some(), one_of: false };
            let known = scope.usages.len();
            let mut walk = Walk { model: self.model, usages: &mut scope.usages };
            let fits =
                walk.value(&argument.ty, &value.node, position, &Path::Root(&argument.name), value.pos, 0);
            if let Err(fault) = fits {
                // The walk stopped at the fault; the variables after it are used, too.
                walk.usages.truncate(known);
                walk.untyped(&value.node, value.pos);
                self.fault(value.pos, fault);
            }
        }
        for argument in declared {
            if !argument.ty.nullable && argument.default.is_none() && !seen.contains(argument.name.as_str()) {
                let (name, ty) = (&argument.name, &argument.ty);
                self.error(at, format!("Argument \"{name}\" of type \"{ty}\" is required on {}", owner()));
            }
        }
    }

    fn error(&mut self, at: Pos, message: impl Into<String>) {
        self.error_at(vec![at], message);
    }

    fn error_at(&mut self, locations: Vec<Pos>, message: impl Into<String>) {
        if self.errors.len() < SHOWN {
            let mut error = ServerError::new(message, None);
            error.locations = locations;
            self.errors.push(error);
        }
    }

    /// Reports a value that does not fit; `extensions.field` names it.
    fn fault(&mut self, at: Pos, fault: Fault) {
        if self.errors.len() < SHOWN {
            self.errors.push(Failure::fault(fault, Some(at)));
        }
    }
}

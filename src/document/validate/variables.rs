//! Validates variables: unique, of an input type, used, and used only where the type fits.

use std::collections::{HashMap, HashSet};

use async_graphql::{
    Value as ConstValue,
    parser::types::{BaseType, OperationDefinition, Type, VariableDefinition},
};

use super::{DirectiveLocation, Position, Scope, Usage, Validator, Walk};
use crate::document::{fault::Path, model::named, quotation::quoted};

impl<'a> Validator<'a> {
    /// Checks the variables of an operation, and their uses in it and in its fragments.
    pub(super) fn variables(&mut self, operation: &'a OperationDefinition, usages: &[&Usage<'a>]) {
        let mut defined: HashMap<&str, &VariableDefinition> = HashMap::new();
        for definition in &operation.variable_definitions {
            let (at, definition) = (definition.pos, &definition.node);
            let name = definition.name.node.as_str();
            if defined.insert(name, definition).is_some() {
                self.error(at, format!("There can only be one variable named {}", quoted(name)));
            }
            self.directives(&mut Scope::default(), DirectiveLocation::Variable, &definition.directives);
            self.definition(definition);
        }
        let mut used = HashSet::new();
        for usage in usages {
            used.insert(usage.name.as_str());
            match defined.get(usage.name.as_str()) {
                None => {
                    let message = format!("Variable {} is not defined by the operation", quoted(usage.name));
                    self.error(usage.at, message);
                }
                Some(definition) => self.usage(definition, usage),
            }
        }
        for definition in &operation.variable_definitions {
            let name = definition.node.name.node.as_str();
            if !used.contains(name) {
                self.error(definition.pos, format!("Variable {} is never used", quoted(name)));
            }
        }
    }

    fn definition(&mut self, definition: &'a VariableDefinition) {
        let ty = &definition.var_type;
        let name = named(&ty.node);
        match self.model.find_type(name) {
            None => return self.error(ty.pos, format!("Unknown type {}", quoted(name))),
            Some(found) if !found.is_input() => {
                let variable = quoted(&definition.name.node);
                let message =
                    format!("Variable {variable} cannot be of type \"{name}\": it is not an input type");
                return self.error(ty.pos, message);
            }
            Some(_) => {}
        }
        let Some(default) = &definition.default_value else { return };
        let value = default.node.clone().into_value();
        let path = Path::Root(&definition.name.node);
        let mut usages = Vec::new();
        let mut walk = Walk { model: self.model, usages: &mut usages };
        if let Err(fault) = walk.value(&ty.node, &value, Position::default(), &path, default.pos, 0) {
            self.fault(default.pos, fault);
        }
    }

    /// Implements "All Variable Usages Are Allowed" of the specification.
    fn usage(&mut self, definition: &VariableDefinition, usage: &Usage<'a>) {
        let Some(expected) = usage.expected else { return };
        let given = &definition.var_type.node;
        if self.model.find_type(named(given)).is_none_or(|ty| !ty.is_input()) {
            return;
        }
        let default = definition.default_value.as_ref();
        let has_default =
            usage.position.default || default.is_some_and(|value| value.node != ConstValue::Null);
        let locations = || vec![definition.name.pos, usage.at];
        let name = &definition.name.node;
        if usage.position.one_of && given.nullable {
            let message = format!(
                "Variable \"${name}\" of type \"{given}\" must not be nullable where exactly one member is given"
            );
            self.error_at(locations(), message);
        } else if !fits(given, expected, has_default) {
            let message =
                format!("Variable \"${name}\" of type \"{given}\" is used where \"{expected}\" is expected");
            self.error_at(locations(), message);
        }
    }
}

/// Returns whether a variable of one type may be used where another is expected. With a default, it may be
/// nullable at a non-null position: an explicit null is refused when the variables are bound.
fn fits(given: &Type, expected: &Type, has_default: bool) -> bool {
    if given.nullable && !expected.nullable && !has_default {
        return false;
    }
    match (&given.base, &expected.base) {
        (BaseType::Named(given), BaseType::Named(expected)) => given == expected,
        (BaseType::List(given), BaseType::List(expected)) => fits(given, expected, false),
        _ => false,
    }
}

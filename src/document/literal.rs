//! Values written in a document, judged before any field runs.
//!
//! The library's validation skips an argument that contains a variable without a value, and knows nothing of what
//! our scalars hold: `mutation { a(x: 1) b(at: "bad") }` would run `a` and then fail.

use std::collections::{HashMap, HashSet};

use async_graphql::{
    Name, Pos, Variables,
    indexmap::IndexMap,
    parser::types::{BaseType, ExecutableDocument, Selection, SelectionSet, Type, VariableDefinition},
};
use async_graphql_value::Value;

use super::{
    coerce::{self, Fault, FaultKind, NESTING, Path},
    failure::Failure,
    model::{InputDef, Kind, Model, TypeDef, named},
    scalars,
};
use crate::domain::Code;

/// What a document does with the variables that may be absent or null.
#[derive(Debug, Default)]
pub struct Uses {
    /// Those that are an argument's whole value, and may be absent.
    pub(super) omittable: HashSet<Name>,
    /// Those that may be null where null is not allowed (an argument with a default): which, where.
    pub(super) demanded: Vec<(Name, String, Pos)>,
}

/// Judges the literal arguments of a prepared document.
///
/// # Errors
///
/// Fails with one error for each argument that does not fit its type.
pub fn literals(model: &Model, document: &ExecutableDocument) -> Result<Uses, Failure> {
    let mut uses = Uses::default();
    let mut faults = Vec::new();
    for (_, operation) in document.operations.iter() {
        let definitions = operation.node.variable_definitions.iter();
        let definitions = definitions.map(|one| (one.node.name.node.as_str(), &one.node)).collect();
        let mut judge = Judge { model, definitions, uses: &mut uses, faults: &mut faults };
        if let Some(root) = model.root(operation.node.ty) {
            judge.set(root, &operation.node.selection_set.node);
        }
    }
    if faults.is_empty() {
        Ok(uses)
    } else {
        Err(Failure::from_faults(Code::GraphqlValidationFailed, faults))
    }
}

/// Takes out the arguments whose variable is absent: the library hands such an argument to the resolver as nothing
/// at all, past the argument's default.
pub(super) fn omit_absent(set: &mut SelectionSet, variables: &Variables) {
    for selection in &mut set.items {
        match &mut selection.node {
            Selection::Field(field) => {
                let field = &mut field.node;
                field.arguments.retain(|(_, value)| match &value.node {
                    Value::Variable(name) => variables.contains_key(name),
                    _ => true,
                });
                omit_absent(&mut field.selection_set.node, variables);
            }
            Selection::InlineFragment(inline) => omit_absent(&mut inline.node.selection_set.node, variables),
            Selection::FragmentSpread(_) => {}
        }
    }
}

struct Judge<'a, 'b> {
    model: &'a Model,
    definitions: HashMap<&'a str, &'a VariableDefinition>,
    uses: &'b mut Uses,
    faults: &'b mut Vec<(Fault, Option<Pos>)>,
}

impl<'a> Judge<'a, '_> {
    fn set(&mut self, parent: &'a TypeDef, set: &'a SelectionSet) {
        for selection in &set.items {
            match &selection.node {
                Selection::Field(field) => {
                    let field = &field.node;
                    // Introspection has no definition, and no argument of ours.
                    let Some(definition) = self.model.field(parent, &field.name.node) else { continue };
                    for (name, value) in &field.arguments {
                        let Some(argument) = definition.arguments.get(name.node.as_str()) else { continue };
                        self.argument(argument, &value.node, value.pos);
                    }
                    if let Some(ty) = self.model.find_type(named(&definition.ty)) {
                        self.set(ty, &field.selection_set.node);
                    }
                }
                Selection::InlineFragment(inline) => {
                    let condition = inline.node.type_condition.as_ref();
                    let ty = condition.and_then(|condition| self.model.find_type(&condition.node.on.node));
                    self.set(ty.unwrap_or(parent), &inline.node.selection_set.node);
                }
                Selection::FragmentSpread(_) => {}
            }
        }
    }

    fn argument(&mut self, argument: &'a InputDef, value: &Value, at: Pos) {
        if let Value::Variable(name) = value {
            let definition = self.definitions.get(name.as_str());
            if definition.is_some_and(|one| one.var_type.node.nullable && one.default_value.is_none()) {
                self.uses.omittable.insert(name.clone());
            }
        }
        if let Err(fault) = self.value(&argument.ty, value, &Path::Root(&argument.name), at, 0) {
            self.faults.push((fault, Some(at)));
        }
    }

    fn value(
        &mut self,
        ty: &Type,
        value: &Value,
        path: &Path<'_>,
        at: Pos,
        depth: usize,
    ) -> Result<(), Fault> {
        if depth > NESTING {
            let what = format_args!("is nested more than {NESTING} deep");
            return Err(Fault::new(FaultKind::Invalid, path, what));
        }
        if let Value::Variable(name) = value {
            let nullable = self.definitions.get(name.as_str()).is_some_and(|one| one.var_type.node.nullable);
            if nullable && !ty.nullable {
                self.uses.demanded.push((name.clone(), path.to_string(), at));
            }
            return Ok(());
        }
        if matches!(value, Value::Null) {
            return if ty.nullable { Ok(()) } else { Err(Fault::required(path)) };
        }
        let name = match (&ty.base, value) {
            (BaseType::Named(name), _) => name,
            (BaseType::List(item), Value::List(items)) => {
                let mut items = items.iter().enumerate();
                return items.try_for_each(|(index, one)| {
                    self.value(item, one, &Path::Item(path, index), at, depth + 1)
                });
            }
            (BaseType::List(item), single) => return self.value(item, single, path, at, depth + 1),
        };
        let kind = self.model.find_type(name).map(|ty| &ty.kind);
        if let Some(Kind::Input { fields, one_of }) = kind {
            return self.object(fields, *one_of, value, path, at, depth);
        }
        // Within a scalar of any form there may be variables; those are judged as variables.
        let Some(leaf) = value.clone().into_const() else { return Ok(()) };
        match kind {
            Some(Kind::Enum(values)) => scalars::choice(values, leaf, path, true),
            _ => scalars::scalar(name, leaf, path, true),
        }
        .map(drop)
    }

    fn object(
        &mut self,
        fields: &'a IndexMap<String, InputDef>,
        one_of: bool,
        value: &Value,
        path: &Path<'_>,
        at: Pos,
        depth: usize,
    ) -> Result<(), Fault> {
        let Value::Object(given) = value else {
            return Err(Fault::new(FaultKind::WrongType, path, "must be an object"));
        };
        if one_of && (given.len() != 1 || given.values().any(|value| matches!(value, Value::Null))) {
            return Err(coerce::not_one_of(fields, path));
        }
        coerce::known_members(fields, given.keys().map(Name::as_str), path)?;
        for (name, field) in fields {
            let path = Path::Member(path, name);
            match given.get(name.as_str()) {
                Some(one) => self.value(&field.ty, one, &path, at, depth + 1)?,
                None if field.ty.nullable || field.default.is_some() => {}
                None => return Err(Fault::required(&path)),
            }
        }
        Ok(())
    }
}

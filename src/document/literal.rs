//! Checks literal values and their variables before any field is executed.
//!
//! The library's validation skips an argument that contains a variable without a value, and does not know the
//! content of our scalars: `mutation { a(x: 1) b(at: "bad") }` would run `a` and then fail.

use std::collections::HashSet;

use async_graphql::{
    Name, Pos, Value as ConstValue, Variables,
    indexmap::IndexMap,
    parser::types::{BaseType, OperationDefinition, Selection, SelectionSet, Type},
};
use async_graphql_value::Value;

use super::{
    coerce,
    fault::{Fault, FaultKind, Path},
    model::{InputDef, Kind, Model, TypeDef, named},
    scalars,
    scalars::NESTING,
};

/// Uses of variables that may be absent or null.
#[derive(Debug, Default)]
pub struct Uses {
    /// Variables that are an argument's whole value and may be absent.
    pub(super) omittable: HashSet<Name>,
    /// Variables that may be null where null is not allowed (an argument with a default), with path and
    /// position.
    pub(super) demanded: Vec<(Name, String, Pos)>,
}

/// Returns a validated operation's uses of variables that may be absent or null. The operation has no
/// fragments.
pub(super) fn uses(model: &Model, operation: &OperationDefinition) -> Uses {
    let definitions = operation.variable_definitions.iter();
    let nullable = definitions.clone().filter(|one| one.node.var_type.node.nullable);
    let omittable = nullable.clone().filter(|one| one.node.default_value.is_none());
    let mut found = Found {
        model,
        nullable: nullable.map(|one| one.node.name.node.as_str()).collect(),
        omittable: omittable.map(|one| one.node.name.node.as_str()).collect(),
        uses: Uses::default(),
    };
    if !found.nullable.is_empty()
        && let Some(root) = model.root(operation.ty)
    {
        found.set(root, &operation.selection_set.node);
    }
    found.uses
}

/// Removes arguments whose variable is absent. The library would pass no value to the resolver and ignore the
/// argument's default.
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

struct Found<'a> {
    model: &'a Model,
    nullable: HashSet<&'a str>,
    omittable: HashSet<&'a str>,
    uses: Uses,
}

impl<'a> Found<'a> {
    fn set(&mut self, parent: &'a TypeDef, set: &'a SelectionSet) {
        for selection in &set.items {
            match &selection.node {
                Selection::Field(field) => {
                    let field = &field.node;
                    let Some(definition) = self.model.selectable(parent, &field.name.node) else { continue };
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

    fn argument(&mut self, argument: &'a InputDef, value: &'a Value, at: Pos) {
        if let Value::Variable(name) = value
            && self.omittable.contains(name.as_str())
        {
            self.uses.omittable.insert(name.clone());
        }
        let mut usages = Vec::new();
        let mut walk = Walk { model: self.model, usages: &mut usages };
        // The operation is valid; only the recorded uses matter.
        let _ = walk.value(&argument.ty, value, Position::default(), &Path::Root(&argument.name), at, 0);
        for usage in usages {
            let demanded = usage.expected.is_some_and(|ty| !ty.nullable);
            if demanded && self.nullable.contains(usage.name.as_str()) {
                self.uses.demanded.push((usage.name.clone(), usage.path, usage.at));
            }
        }
    }
}

/// Properties of a value's position, besides its type.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Position {
    /// Whether the argument or member has a default.
    pub(super) default: bool,
    /// Whether it is a member of a `@oneOf` input.
    pub(super) one_of: bool,
}

/// A use of a variable.
#[derive(Debug)]
pub(super) struct Usage<'a> {
    pub(super) name: &'a Name,
    /// Expected type; `None` within a scalar of any form and after an error.
    pub(super) expected: Option<&'a Type>,
    pub(super) position: Position,
    /// Path of the use, such as `input.tags[0]`.
    pub(super) path: String,
    pub(super) at: Pos,
}

/// Checks a literal value against its type and collects its variables.
pub(super) struct Walk<'a, 'b, 'v> {
    pub(super) model: &'a Model,
    pub(super) usages: &'b mut Vec<Usage<'v>>,
}

impl<'a: 'v, 'v> Walk<'a, '_, 'v> {
    pub(super) fn value(
        &mut self,
        ty: &'a Type,
        value: &'v Value,
        position: Position,
        path: &Path<'_>,
        at: Pos,
        depth: usize,
    ) -> Result<(), Fault> {
        if depth > NESTING {
            let what = format_args!("is nested more than {NESTING} deep");
            return Err(Fault::new(FaultKind::Invalid, path, what));
        }
        if let Value::Variable(name) = value {
            self.usages.push(Usage { name, expected: Some(ty), position, path: path.to_string(), at });
            return Ok(());
        }
        if matches!(value, Value::Null) {
            return if ty.nullable { Ok(()) } else { Err(Fault::null(path, position.default)) };
        }
        let name = match (&ty.base, value) {
            (BaseType::Named(name), _) => name,
            (BaseType::List(item), Value::List(items)) => {
                let mut items = items.iter().enumerate();
                return items.try_for_each(|(index, one)| {
                    self.value(item, one, Position::default(), &Path::Item(path, index), at, depth + 1)
                });
            }
            (BaseType::List(item), single) => {
                return self.value(item, single, Position::default(), path, at, depth + 1);
            }
        };
        let kind = self.model.find_type(name).map(|ty| &ty.kind);
        if let Some(Kind::Input { fields, one_of }) = kind {
            return self.object(fields, *one_of, value, path, at, depth);
        }
        self.untyped(value, at);
        // A scalar of any form may contain variables, which are checked as variables.
        let leaf = value.clone().into_const_with(|_| Ok::<_, std::convert::Infallible>(ConstValue::Null));
        let Ok(leaf) = leaf;
        match kind {
            Some(Kind::Enum(values)) => scalars::choice(values, leaf, path, true),
            _ => scalars::scalar(name, leaf, path, true),
        }
        .map(drop)
    }

    /// Collects the variables of a value without a type.
    pub(super) fn untyped(&mut self, value: &'v Value, at: Pos) {
        match value {
            Value::Variable(name) => {
                let position = Position::default();
                self.usages.push(Usage { name, expected: None, position, path: String::new(), at });
            }
            Value::List(items) => items.iter().for_each(|item| self.untyped(item, at)),
            Value::Object(members) => members.values().for_each(|member| self.untyped(member, at)),
            _ => {}
        }
    }

    fn object(
        &mut self,
        fields: &'a IndexMap<String, InputDef>,
        one_of: bool,
        value: &'v Value,
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
            let position = Position { default: field.default.is_some(), one_of };
            match given.get(name.as_str()) {
                Some(one) => self.value(&field.ty, one, position, &path, at, depth + 1)?,
                None if field.ty.nullable || field.default.is_some() => {}
                None => return Err(Fault::required(&path)),
            }
        }
        Ok(())
    }
}

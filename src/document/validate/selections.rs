//! Validates fields and fragments: existence and position.

use async_graphql::{
    Name, Pos, Positioned,
    parser::types::{Field, Selection, SelectionSet},
};

use super::{DirectiveLocation, Scope, Validator};
use crate::document::{
    model::{TypeDef, named},
    quotation::quoted,
};

impl<'a> Validator<'a> {
    /// Checks the selections of a parent; `parent` is `None` within an invalid selection.
    pub(super) fn set(
        &mut self,
        scope: &mut Scope<'a>,
        parent: Option<&'a TypeDef>,
        set: &'a Positioned<SelectionSet>,
    ) {
        for selection in &set.node.items {
            self.directives(scope, DirectiveLocation::Selection, selection.node.directives());
            match &selection.node {
                Selection::Field(field) => self.field(scope, parent, field),
                Selection::InlineFragment(inline) => {
                    let condition = inline.node.type_condition.as_ref();
                    let ty = match condition {
                        None => parent,
                        Some(condition) => {
                            let ty = self.condition(&condition.node.on);
                            self.spreadable(parent, ty, inline.pos);
                            ty
                        }
                    };
                    self.set(scope, ty, &inline.node.selection_set);
                }
                Selection::FragmentSpread(spread) => {
                    let name = &spread.node.fragment_name;
                    scope.spreads.push(&name.node);
                    match self.document.fragments.get(&name.node) {
                        None => self.error(name.pos, format!("Unknown fragment {}", quoted(&name.node))),
                        Some(fragment) => {
                            let condition = &fragment.node.type_condition.node.on.node;
                            let ty = self.model.find_type(condition).filter(|ty| ty.is_composite());
                            self.spreadable(parent, ty, spread.pos);
                        }
                    }
                }
            }
        }
    }

    fn field(
        &mut self,
        scope: &mut Scope<'a>,
        parent: Option<&'a TypeDef>,
        positioned: &'a Positioned<Field>,
    ) {
        let field = &positioned.node;
        let (at, name) = (field.name.pos, field.name.node.as_str());
        let definition = parent.and_then(|parent| self.model.selectable(parent, name));
        let (Some(parent), Some(definition)) = (parent, definition) else {
            if let Some(parent) = parent {
                self.error(at, format!("Unknown field {} on type \"{}\"", quoted(name), parent.name));
            }
            self.arguments_of_unknown(scope, field);
            self.set(scope, None, &field.selection_set);
            return;
        };
        let owner = || format!("field \"{name}\" of type \"{}\"", parent.name);
        self.arguments(scope, at, &field.arguments, definition.arguments.values(), owner);
        let ty = self.model.find_type(named(&definition.ty)).filter(|ty| ty.is_composite());
        let selects = !field.selection_set.node.items.is_empty();
        let of_type = &definition.ty;
        match ty {
            None if selects => self.error(
                field.selection_set.pos,
                format!(
                    "Field \"{name}\" must not have a selection since type \"{of_type}\" has no subfields"
                ),
            ),
            Some(_) if !selects => {
                self.error(
                    at,
                    format!("Field \"{name}\" of type \"{of_type}\" must have a selection of subfields"),
                );
            }
            _ => {}
        }
        self.set(scope, ty, &field.selection_set);
    }

    /// Counts the variables of the arguments as used.
    fn arguments_of_unknown(&mut self, scope: &mut Scope<'a>, field: &'a Field) {
        let mut walk = super::Walk { model: self.model, usages: &mut scope.usages };
        for (_, value) in &field.arguments {
            walk.untyped(&value.node, value.pos);
        }
    }

    /// Returns the type of a fragment's condition.
    pub(super) fn condition(&mut self, name: &'a Positioned<Name>) -> Option<&'a TypeDef> {
        match self.model.find_type(&name.node) {
            None => self.error(name.pos, format!("Unknown type {}", quoted(&name.node))),
            Some(ty) if !ty.is_composite() => {
                let message = format!("A fragment cannot be on {}: it has no fields", quoted(&name.node));
                self.error(name.pos, message);
            }
            Some(ty) => return Some(ty),
        }
        None
    }

    /// Checks that an object can have both types.
    fn spreadable(&mut self, parent: Option<&TypeDef>, condition: Option<&TypeDef>, at: Pos) {
        let (Some(parent), Some(condition)) = (parent, condition) else { return };
        let (one, other) = (self.model.possible(&parent.name), self.model.possible(&condition.name));
        if parent.name != condition.name && !one.iter().any(|name| other.binary_search(name).is_ok()) {
            let (parent, condition) = (&parent.name, &condition.name);
            let message = format!(
                "Fragment cannot be spread here as objects of type \"{parent}\" can never be of type \
                 \"{condition}\""
            );
            self.error(at, message);
        }
    }
}

//! Validates directives: known names, allowed locations, uniqueness and arguments.

use std::{collections::HashSet, sync::LazyLock};

use async_graphql::{
    Name, Positioned,
    parser::types::{BaseType, Directive, Type},
};

use super::{Scope, Validator};
use crate::document::{model::InputDef, quotation::quoted};

/// Locations of directives.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum DirectiveLocation {
    /// An operation.
    Operation,
    /// A variable definition.
    Variable,
    /// A fragment definition.
    FragmentDefinition,
    /// A field, a fragment spread or an inline fragment.
    Selection,
}

/// The argument of `@skip` and `@include`, the only directives of a document.
static CONDITION: LazyLock<InputDef> = LazyLock::new(|| InputDef {
    name: "if".to_owned(),
    description: None,
    ty: Type { base: BaseType::Named(Name::new("Boolean")), nullable: false },
    default: None,
});

impl<'a> Validator<'a> {
    pub(super) fn directives(
        &mut self,
        scope: &mut Scope<'a>,
        place: DirectiveLocation,
        directives: &'a [Positioned<Directive>],
    ) {
        let mut seen = HashSet::new();
        for directive in directives {
            let (at, directive) = (directive.pos, &directive.node);
            let name = directive.name.node.as_str();
            if !matches!(name, "skip" | "include") {
                self.error(at, format!("Unknown directive {}", quoted(name)));
                continue;
            }
            if place != DirectiveLocation::Selection {
                self.error(at, format!("Directive \"{name}\" may not be used here"));
            }
            if !seen.insert(name) {
                self.error(at, format!("Duplicate directive \"{name}\""));
            }
            let owner = || format!("directive \"{name}\"");
            self.arguments(scope, at, &directive.arguments, std::iter::once(&*CONDITION), owner);
        }
    }
}

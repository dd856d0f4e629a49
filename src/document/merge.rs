//! Merges fields with the same response key.
//!
//! The library executes each of them: `mutation { pay { id } pay { name } }` would pay twice. The result has
//! no fragments. Under an interface or union it has either plain fields or one inline fragment per concrete
//! type, so that each key of an object is selected exactly once.

use std::collections::HashSet;

use async_graphql::{
    Name, Pos, Positioned, Variables,
    indexmap::IndexMap,
    parser::types::{
        Directive, Field, InlineFragment, OperationDefinition, Selection, SelectionSet, TypeCondition,
    },
};

use super::{
    conditions,
    failure::Failure,
    fragments::Fragments,
    model::{Kind, Model, TypeDef, named},
};

/// Maximum number of selections in a merged document. Writing fields out for each concrete type multiplies at
/// every level, which the limits on the text cannot see.
const SELECTIONS: usize = 10_000;

/// Rewrites an operation. Resolves `skip` and `include` with the variables; without variables, includes every
/// selection that depends on one.
pub(super) fn merge(
    model: &Model,
    operation: &OperationDefinition,
    fragments: &Fragments,
    variables: Option<&Variables>,
) -> Result<OperationDefinition, Failure> {
    let mut merge = Merge { model, fragments, variables, left: SELECTIONS };
    let root = model.root(operation.ty);
    let items = merge.set(root, &[&operation.selection_set])?;
    Ok(OperationDefinition {
        ty: operation.ty,
        variable_definitions: operation.variable_definitions.clone(),
        directives: operation.directives.clone(),
        selection_set: operation.selection_set.position_node(SelectionSet { items }),
    })
}

struct Merge<'a> {
    model: &'a Model,
    fragments: &'a Fragments,
    variables: Option<&'a Variables>,
    left: usize,
}

type Selections = Vec<Positioned<Selection>>;
/// The fields of one object by response key, in the order of first occurrence.
type Groups<'a> = IndexMap<&'a str, Vec<&'a Positioned<Field>>>;

impl<'a> Merge<'a> {
    /// Merges selection sets of one parent. `parent` is `None` within introspection, which has objects only.
    fn set(
        &mut self,
        parent: Option<&'a TypeDef>,
        sets: &[&'a Positioned<SelectionSet>],
    ) -> Result<Selections, Failure> {
        let Some(parent) = parent else { return self.fields(None, None, sets) };
        if !matches!(parent.kind, Kind::Interface { .. } | Kind::Union { .. }) {
            return self.fields(Some(parent), Some(&parent.name), sets);
        }
        let possible = self.model.possible(&parent.name);
        let mut seen = HashSet::new();
        if !sets.iter().any(|set| self.divides(set, possible, &mut seen)) {
            // Each condition holds for all concrete types or for none, so any of them represents all.
            return self.fields(Some(parent), possible.first().map(String::as_str), sets);
        }
        let at = sets.first().map_or_else(Pos::default, |set| set.pos);
        let mut branches = Vec::new();
        for concrete in possible {
            let items = self.fields(self.model.find_type(concrete), Some(concrete), sets)?;
            if !items.is_empty() {
                let condition = TypeCondition { on: Positioned::new(Name::new(concrete), at) };
                let branch = InlineFragment {
                    type_condition: Some(Positioned::new(condition, at)),
                    directives: Vec::new(),
                    selection_set: Positioned::new(SelectionSet { items }, at),
                };
                branches.push(Positioned::new(Selection::InlineFragment(Positioned::new(branch, at)), at));
            }
        }
        Ok(branches)
    }

    /// Returns whether a type condition holds for some of the concrete types only.
    fn divides(
        &self,
        set: &'a Positioned<SelectionSet>,
        possible: &[String],
        seen: &mut HashSet<&'a str>,
    ) -> bool {
        set.node.items.iter().any(|selection| {
            let Some((condition, inner)) = self.opened(&selection.node, seen) else { return false };
            let held = condition.map_or(possible.len(), |condition| {
                possible.iter().filter(|concrete| self.model.satisfies(concrete, condition)).count()
            });
            (held != 0 && held != possible.len()) || self.divides(inner, possible, seen)
        })
    }

    /// Returns the condition and the selections of a fragment, unless it is excluded or, for a named
    /// fragment, already visited.
    fn opened(
        &self,
        selection: &'a Selection,
        seen: &mut HashSet<&'a str>,
    ) -> Option<(Option<&'a str>, &'a Positioned<SelectionSet>)> {
        if !conditions::included(selection.directives(), self.variables) {
            return None;
        }
        match selection {
            Selection::Field(_) => None,
            Selection::InlineFragment(inline) => {
                let condition = inline.node.type_condition.as_ref();
                let condition = condition.map(|condition| condition.node.on.node.as_str());
                Some((condition, &inline.node.selection_set))
            }
            Selection::FragmentSpread(spread) => {
                let name = spread.node.fragment_name.node.as_str();
                let fragment = self.fragments.get(name)?;
                let condition = fragment.node.type_condition.node.on.node.as_str();
                seen.insert(name).then_some((Some(condition), &fragment.node.selection_set))
            }
        }
    }

    fn fields(
        &mut self,
        parent: Option<&'a TypeDef>,
        concrete: Option<&str>,
        sets: &[&'a Positioned<SelectionSet>],
    ) -> Result<Selections, Failure> {
        let mut groups = Groups::new();
        let mut seen = HashSet::new();
        for set in sets {
            self.collect(concrete, set, &mut groups, &mut seen);
        }
        groups.into_values().map(|same| self.field(parent, &same)).filter_map(Result::transpose).collect()
    }

    fn collect(
        &self,
        concrete: Option<&str>,
        set: &'a Positioned<SelectionSet>,
        groups: &mut Groups<'a>,
        seen: &mut HashSet<&'a str>,
    ) {
        for selection in &set.node.items {
            if let Selection::Field(field) = &selection.node {
                if conditions::included(&field.node.directives, self.variables) {
                    groups.entry(field.node.response_key().node.as_str()).or_default().push(field);
                }
            } else if let Some((condition, inner)) = self.opened(&selection.node, seen) {
                let holds =
                    |condition| concrete.is_none_or(|concrete| self.model.satisfies(concrete, condition));
                if condition.is_none_or(holds) {
                    self.collect(concrete, inner, groups, seen);
                }
            }
        }
    }

    /// Merges the fields of one key.
    fn field(
        &mut self,
        parent: Option<&'a TypeDef>,
        same: &[&'a Positioned<Field>],
    ) -> Result<Option<Positioned<Selection>>, Failure> {
        let Some((first, others)) = same.split_first() else { return Ok(None) };
        if let Some(other) = others.iter().find(|other| !agree(&first.node, &other.node)) {
            return Err(conflict(first, other));
        }
        self.left = self.left.checked_sub(1).ok_or_else(|| {
            Failure::too_complex(format!(
                "The document has more than {SELECTIONS} fields once they are written out for each concrete type"
            ))
        })?;
        let sets: Vec<_> = same.iter().map(|field| &field.node.selection_set).collect();
        let definition = parent.and_then(|parent| self.model.field(parent, &first.node.name.node));
        let ty = definition.and_then(|field| self.model.find_type(named(&field.ty)));
        let items = self.set(ty, &sets)?;
        let field = Field {
            alias: first.node.alias.clone(),
            name: first.node.name.clone(),
            arguments: first.node.arguments.clone(),
            directives: directives(same),
            selection_set: first.node.selection_set.position_node(SelectionSet { items }),
        };
        Ok(Some(Positioned::new(Selection::Field(Positioned::new(field, first.pos)), first.pos)))
    }
}

/// Returns the directives that remain after conditions are resolved, without duplicates.
fn directives(same: &[&Positioned<Field>]) -> Vec<Positioned<Directive>> {
    let mut kept: Vec<Positioned<Directive>> = Vec::new();
    for directive in same.iter().flat_map(|field| &field.node.directives) {
        let known = kept.iter().any(|one| one.node.name.node == directive.node.name.node);
        if !known && !conditions::is_condition(&directive.node) {
            kept.push(directive.clone());
        }
    }
    kept
}

/// The order of arguments has no meaning.
pub(super) fn agree(one: &Field, other: &Field) -> bool {
    one.name.node == other.name.node
        && one.arguments.len() == other.arguments.len()
        && one.arguments.iter().all(|(name, value)| {
            other.get_argument(&name.node).is_some_and(|second| second.node == value.node)
        })
}

fn conflict(first: &Positioned<Field>, other: &Positioned<Field>) -> Failure {
    let key = &first.node.response_key().node;
    let why = if first.node.name.node == other.node.name.node {
        "they have differing arguments".to_owned()
    } else {
        format!("\"{}\" and \"{}\" are different fields", first.node.name.node, other.node.name.node)
    };
    let message = format!("Fields \"{key}\" conflict because {why}. Use different aliases to fetch both.");
    let mut failure = Failure::invalid(message, Some(first.pos));
    if let Some(error) = failure.errors.first_mut() {
        error.locations.push(other.pos);
    }
    failure
}

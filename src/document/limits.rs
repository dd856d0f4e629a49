//! How much one document may ask for, found in time linear to its text.
//!
//! The library's own visitors expand fragments: a chain in which each spreads the next twice keeps them busy for ever.
//! So each fragment is measured once here, and a document that is too large never reaches them.

use std::collections::{HashMap, HashSet};

use async_graphql::{
    Positioned,
    parser::types::{ExecutableDocument, FragmentSpread, Selection, SelectionSet},
};

use super::{failure::Failure, lexer::Shape};

/// How deep brackets may nest in a text; the parser recurses on them and gives up at 64.
const NESTING: usize = 60;

/// How many fragments may spread one another in a row; the library counts 32 levels of everything.
const CHAIN: usize = 30;

/// How often introspection may go from types to their fields and on to types: each step multiplies the answer.
const INTROSPECTION_LISTS: usize = 2;

/// What one document may ask for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Names, numbers, strings and punctuation marks in its text.
    pub tokens: usize,
    /// Fields within fields; introspection has a rule of its own.
    pub depth: usize,
    /// Fields, times the rows that they may come for; also the selections once fragments are expanded.
    pub complexity: usize,
    /// Aliases, fragments expanded.
    pub aliases: usize,
    /// Directives.
    pub directives: usize,
    /// Fields at the root of an operation.
    pub root_fields: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self { tokens: 4000, depth: 15, complexity: 5000, aliases: 30, directives: 20, root_fields: 20 }
    }
}

impl Limits {
    /// Limits that refuse nothing, for documents of our own.
    pub const NONE: Self = Self {
        tokens: usize::MAX,
        depth: usize::MAX,
        complexity: usize::MAX,
        aliases: usize::MAX,
        directives: usize::MAX,
        root_fields: usize::MAX,
    };

    /// Judges a text before it is parsed.
    pub(super) fn admit_text(&self, shape: Shape) -> Result<(), Failure> {
        within(shape.tokens, self.tokens, "tokens")?;
        if shape.nesting > NESTING {
            return Err(Failure::too_complex(format!(
                "Brackets nest {} deep, {NESTING} levels are allowed",
                shape.nesting
            )));
        }
        Ok(())
    }

    /// Judges a document before it is validated.
    pub(super) fn admit(&self, document: &ExecutableDocument) -> Result<(), Failure> {
        within(directives(document), self.directives, "directives")?;
        let mut measure = Measure { document, done: HashMap::new(), open: HashSet::new() };
        // Fragments that nothing spreads could still be a circle, which would keep the validator busy.
        let mut names: Vec<_> = document.fragments.keys().collect();
        names.sort();
        for name in names {
            measure.fragment(name)?;
        }
        let mut total = Cost::default();
        for (_, operation) in document.operations.iter() {
            total.add(measure.set(&operation.node.selection_set)?);
            within(total.root_fields, self.root_fields, "root fields")?;
            total.root_fields = 0;
        }
        if total.depth > self.depth {
            return Err(Failure::too_complex(format!(
                "The query is {} fields deep, {} are allowed",
                total.depth, self.depth
            )));
        }
        within(total.aliases, self.aliases, "aliases")?;
        within(total.selections, self.complexity, "selections with its fragments expanded")
    }
}

fn within(found: usize, allowed: usize, what: &str) -> Result<(), Failure> {
    if found <= allowed {
        return Ok(());
    }
    let found = if found == usize::MAX { "far too many".to_owned() } else { found.to_string() };
    Err(Failure::too_complex(format!("The document has {found} {what}, {allowed} are allowed")))
}

/// Directives are counted where they are written.
fn directives(document: &ExecutableDocument) -> usize {
    fn within(set: &SelectionSet) -> usize {
        let of = |selection: &Positioned<Selection>| {
            let inner = match &selection.node {
                Selection::Field(field) => within(&field.node.selection_set.node),
                Selection::InlineFragment(inline) => within(&inline.node.selection_set.node),
                Selection::FragmentSpread(_) => 0,
            };
            inner + selection.node.directives().len()
        };
        set.items.iter().map(of).sum()
    }
    let operations = document.operations.iter().map(|(_, operation)| {
        let variables = operation.node.variable_definitions.iter().map(|one| one.node.directives.len());
        within(&operation.node.selection_set.node)
            + operation.node.directives.len()
            + variables.sum::<usize>()
    });
    let fragments = document
        .fragments
        .values()
        .map(|fragment| within(&fragment.node.selection_set.node) + fragment.node.directives.len());
    operations.chain(fragments).sum()
}

#[derive(Clone, Copy, Default)]
struct Cost {
    depth: usize,
    selections: usize,
    aliases: usize,
    root_fields: usize,
    introspection_lists: usize,
}

impl Cost {
    fn add(&mut self, other: Self) {
        self.depth = self.depth.max(other.depth);
        self.selections = self.selections.saturating_add(other.selections);
        self.aliases = self.aliases.saturating_add(other.aliases);
        self.root_fields = self.root_fields.saturating_add(other.root_fields);
        self.introspection_lists = self.introspection_lists.max(other.introspection_lists);
    }
}

struct Measure<'a> {
    document: &'a ExecutableDocument,
    done: HashMap<&'a str, Cost>,
    open: HashSet<&'a str>,
}

impl<'a> Measure<'a> {
    fn set(&mut self, set: &'a Positioned<SelectionSet>) -> Result<Cost, Failure> {
        let mut total = Cost::default();
        for selection in &set.node.items {
            let cost = match &selection.node {
                Selection::FragmentSpread(spread) => self.spread(spread)?,
                Selection::InlineFragment(inline) => self.set(&inline.node.selection_set)?,
                Selection::Field(field) => {
                    let inner = self.set(&field.node.selection_set)?;
                    let name = field.node.name.node.as_str();
                    let lists = matches!(name, "fields" | "interfaces" | "possibleTypes" | "inputFields");
                    let introspects = matches!(name, "__schema" | "__type");
                    if introspects && inner.introspection_lists > INTROSPECTION_LISTS {
                        return Err(Failure::too_complex(format!(
                            "Introspection goes through {} lists of fields or types in each other, \
                             {INTROSPECTION_LISTS} are allowed",
                            inner.introspection_lists
                        )));
                    }
                    Cost {
                        // What GraphiQL asks is deeper than anything sensible, so it has the rule above instead.
                        depth: if introspects { 1 } else { inner.depth + 1 },
                        selections: inner.selections.saturating_add(1),
                        aliases: inner.aliases.saturating_add(usize::from(field.node.alias.is_some())),
                        root_fields: 1,
                        introspection_lists: inner.introspection_lists + usize::from(lists),
                    }
                }
            };
            total.add(cost);
        }
        Ok(total)
    }

    fn spread(&mut self, spread: &'a Positioned<FragmentSpread>) -> Result<Cost, Failure> {
        let name = spread.node.fragment_name.node.as_str();
        if self.open.contains(name) {
            let message = format!("The fragment \"{name}\" spreads itself");
            return Err(Failure::invalid(message, Some(spread.pos)));
        }
        self.fragment(name)
    }

    fn fragment(&mut self, name: &'a str) -> Result<Cost, Failure> {
        if let Some(cost) = self.done.get(name) {
            return Ok(*cost);
        }
        // An unknown fragment is for validation to tell.
        let Some(fragment) = self.document.fragments.get(name) else { return Ok(Cost::default()) };
        if self.open.len() >= CHAIN {
            return Err(Failure::too_complex(format!("Fragments spread one another more than {CHAIN} deep")));
        }
        self.open.insert(name);
        let cost = self.set(&fragment.node.selection_set)?;
        self.open.remove(name);
        self.done.insert(name, cost);
        Ok(cost)
    }
}

//! How much one document may ask for, found in time linear to its text.
//!
//! The library's own visitors expand fragments: a chain in which each spreads the next twice keeps them busy for ever.
//! So each fragment is measured once here, and a document that is too large never reaches them.

use std::collections::{HashMap, HashSet};

use async_graphql::{
    Positioned,
    parser::types::{ExecutableDocument, FragmentSpread, Selection, SelectionSet},
};

use super::{
    complexity::Measured,
    failure::{Failure, quoted},
    lexer::scan,
    parser::NESTING,
};

/// How many fragments may spread one another in a row; the library counts 32 levels of everything.
const CHAIN: usize = 30;

/// How often introspection may go from types to their fields and on to types: each step multiplies the answer.
const INTROSPECTION_LISTS: usize = 2;

/// How many fields of introspection a request may have at its root: each can return the whole schema.
const INTROSPECTIONS: usize = 1;

/// What one request may ask for: one document, or all documents of a batch together.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Bytes of its text.
    pub bytes: usize,
    /// Names, numbers, strings and punctuation marks in its text.
    pub tokens: usize,
    /// Fields within fields; introspection has a rule of its own.
    pub depth: usize,
    /// Fields, times the rows that they may come for; also the selections once fragments are expanded.
    pub complexity: usize,
    /// Fields that introspection returns.
    pub introspection: usize,
    /// Aliases, fragments expanded.
    pub aliases: usize,
    /// Directives.
    pub directives: usize,
    /// Fields at the root of an operation.
    pub root_fields: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            bytes: 64 * 1024,
            tokens: 4000,
            depth: 15,
            complexity: 5000,
            introspection: 100_000,
            aliases: 30,
            directives: 20,
            root_fields: 20,
        }
    }
}

impl Limits {
    /// Limits that refuse nothing, for documents of our own.
    pub const NONE: Self = Self {
        bytes: usize::MAX,
        tokens: usize::MAX,
        depth: usize::MAX,
        complexity: usize::MAX,
        introspection: usize::MAX,
        aliases: usize::MAX,
        directives: usize::MAX,
        root_fields: usize::MAX,
    };

    /// Judges a text before it is parsed; gives its tokens.
    pub(super) fn admit_text(&self, text: &str) -> Result<usize, Failure> {
        // First, and alone: nothing else looks at a text that is too long.
        if text.len() > self.bytes {
            return Err(Failure::too_complex(format!("The document is longer than {} bytes", self.bytes)));
        }
        let shape = scan(text);
        within(shape.tokens, self.tokens, "tokens")?;
        if shape.nesting > NESTING {
            return Err(Failure::too_complex(format!(
                "Brackets nest {} deep, {NESTING} levels are allowed",
                shape.nesting
            )));
        }
        Ok(shape.tokens)
    }

    /// Judges what the answer to a document can cost.
    pub(super) fn admit_cost(&self, measured: &Measured) -> Result<(), Failure> {
        let Measured { cost, introspection, introspections, .. } = *measured;
        if cost > self.complexity {
            return Err(Failure::too_complex(format!(
                "The query's complexity is {cost}, {} is allowed",
                self.complexity
            )));
        }
        if introspections > INTROSPECTIONS && *self != Self::NONE {
            return Err(Failure::too_complex(format!(
                "The request has {introspections} introspection fields at its root, {INTROSPECTIONS} is allowed"
            )));
        }
        if introspection > self.introspection {
            return Err(Failure::too_complex(format!(
                "Introspection would return more than {} fields",
                self.introspection
            )));
        }
        Ok(())
    }

    /// Judges the documents of a batch together: splitting a request does not allow more.
    ///
    /// # Errors
    ///
    /// Fails when their sum exceeds a limit.
    pub fn admit_batch(&self, demands: impl IntoIterator<Item = Demand>) -> Result<(), Failure> {
        let mut total = Demand::default();
        for demand in demands {
            total.add(demand);
        }
        within(total.tokens, self.tokens, "tokens")?;
        within(total.directives, self.directives, "directives")?;
        within(total.aliases, self.aliases, "aliases")?;
        self.admit_cost(&Measured {
            cost: total.complexity,
            introspection: total.introspection,
            introspections: total.introspections,
            varies: false,
        })
    }

    /// Judges a document before it is validated.
    pub(super) fn admit(&self, document: &ExecutableDocument) -> Result<Demand, Failure> {
        let directives = directives(document);
        within(directives, self.directives, "directives")?;
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
        within(total.selections, self.complexity, "selections with its fragments expanded")?;
        Ok(Demand { directives, aliases: total.aliases, ..Demand::default() })
    }
}

/// What a document counts towards the limits.
#[derive(Clone, Copy, Debug, Default)]
pub struct Demand {
    /// Tokens of its text.
    pub tokens: usize,
    /// Directives.
    pub directives: usize,
    /// Aliases, fragments expanded.
    pub aliases: usize,
    /// Fields, times the rows that they may come for.
    pub complexity: usize,
    /// Fields that introspection returns.
    pub introspection: usize,
    /// Fields of introspection at the root.
    pub introspections: usize,
}

impl Demand {
    fn add(&mut self, other: Self) {
        self.tokens = self.tokens.saturating_add(other.tokens);
        self.directives = self.directives.saturating_add(other.directives);
        self.aliases = self.aliases.saturating_add(other.aliases);
        self.complexity = self.complexity.saturating_add(other.complexity);
        self.introspection = self.introspection.saturating_add(other.introspection);
        self.introspections += other.introspections;
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
            let message = format!("The fragment {} spreads itself", quoted(name));
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

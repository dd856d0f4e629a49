//! Limits on a document, checked in time linear to its text.
//!
//! The library's visitors expand fragments: a chain in which each fragment spreads the next twice keeps them
//! busy for an exponential time. Here each fragment is measured once, so a document that is too large never
//! reaches them.

use std::collections::{HashMap, HashSet};

use async_graphql::{
    Positioned,
    parser::types::{ExecutableDocument, FragmentSpread, Selection, SelectionSet},
};

use super::{complexity::Measured, failure::Failure, lexer::scan, parser::NESTING, quotation::quoted};

/// Maximum length of a chain of fragments that spread one another; the library counts 32 levels of
/// everything.
const CHAIN: usize = 30;

/// Maximum number of steps from types to fields and back to types in introspection: each step multiplies the
/// result.
const INTROSPECTION_LISTS: usize = 2;

/// Maximum number of introspection fields at the root of a request: each can return the whole schema.
const INTROSPECTIONS: usize = 1;

/// Limits of one request: of one document, or of all documents of a batch together.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Maximum number of bytes of text.
    pub bytes: usize,
    /// Maximum number of tokens: names, numbers, strings and punctuation marks.
    pub tokens: usize,
    /// Maximum nesting of fields, except introspection, which has its own rule.
    pub depth: usize,
    /// Maximum complexity, and maximum number of selections after fragments are expanded.
    pub complexity: usize,
    /// Maximum number of fields that introspection returns.
    pub introspection: usize,
    /// Maximum number of aliases after fragments are expanded.
    pub aliases: usize,
    /// Maximum number of directives.
    pub directives: usize,
    /// Maximum number of root fields of an operation.
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
    /// Limits that refuse nothing, for the server's own documents.
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

    /// Checks a text before it is parsed. Returns its number of tokens.
    pub(super) fn admit_text(&self, text: &str) -> Result<usize, Failure> {
        // Checked first: nothing else may scan a text that is too long.
        if text.len() > self.bytes {
            return Err(Failure::too_complex(format!("The document is longer than {} bytes", self.bytes)));
        }
        let shape = scan(text);
        within(shape.tokens, self.tokens, "tokens")?;
        if shape.nesting > NESTING {
            return Err(Failure::too_complex(format!(
                "Brackets nest {} deep; at most {NESTING} levels are allowed",
                shape.nesting
            )));
        }
        Ok(shape.tokens)
    }

    /// Checks the cost of a document's result.
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

    /// Checks the documents of a batch together, so that splitting a request does not allow more.
    ///
    /// # Errors
    ///
    /// Fails if their sum exceeds a limit.
    pub fn admit_batch(&self, demands: impl IntoIterator<Item = DocumentSize>) -> Result<(), Failure> {
        let mut total = DocumentSize::default();
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
            bytes: 0,
            varies: false,
        })
    }

    /// Checks a document before it is validated.
    pub(super) fn admit(&self, document: &ExecutableDocument) -> Result<DocumentSize, Failure> {
        let directives = directives(document);
        within(directives, self.directives, "directives")?;
        let mut measure = Measure { document, done: HashMap::new(), open: HashSet::new() };
        // Unused fragments can form a circle, too, which would keep the validator busy.
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
                "The query is {} fields deep; at most {} are allowed",
                total.depth, self.depth
            )));
        }
        within(total.aliases, self.aliases, "aliases")?;
        within(total.selections, self.complexity, "selections with its fragments expanded")?;
        Ok(DocumentSize { directives, aliases: total.aliases, ..DocumentSize::default() })
    }
}

/// Size of a document, as the limits count it.
#[derive(Clone, Copy, Debug, Default)]
pub struct DocumentSize {
    /// Number of tokens in its text.
    pub tokens: usize,
    /// Number of directives.
    pub directives: usize,
    /// Number of aliases after fragments are expanded.
    pub aliases: usize,
    /// Number of fields, multiplied by the rows that they can return.
    pub complexity: usize,
    /// Number of fields that introspection returns.
    pub introspection: usize,
    /// Number of introspection fields at the root.
    pub introspections: usize,
}

impl DocumentSize {
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
    Err(Failure::too_complex(format!("The document has {found} {what}; at most {allowed} are allowed")))
}

/// Counts directives in the text, without expanding fragments.
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
                            "Introspection nests {} lists of fields or types; at most \
                             {INTROSPECTION_LISTS} are allowed",
                            inner.introspection_lists
                        )));
                    }
                    Cost {
                        // GraphiQL's introspection query is nested deeper than the limit, so it has the rule
                        // above instead.
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
        // Validation reports unknown fragments.
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

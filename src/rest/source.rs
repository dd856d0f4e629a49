//! The sources of REST documents and their parsed content.

use std::{collections::HashMap, fmt::Display};

use anyhow::{Result, anyhow};
use async_graphql::{
    Name, Pos, Positioned, ServerError,
    parser::types::{
        DocumentOperations, ExecutableDocument, FragmentDefinition, OperationDefinition, Selection,
        SelectionSet,
    },
};

use crate::document;

/// One text of operations and fragments.
pub struct Source {
    /// Name of the file, for messages and as the default tag.
    pub name: String,
    /// Content of the file.
    pub text: String,
}

/// Returns an error with the position of a mistake in a document.
pub(super) fn fault(file: &str, pos: Pos, reason: impl Display) -> anyhow::Error {
    anyhow!("{file}:{}:{}: {reason}", pos.line, pos.column)
}

/// Returns the errors of validation. `origin` is the position for errors that have none.
pub(super) fn rejected(file: &str, origin: Pos, errors: &[ServerError]) -> anyhow::Error {
    let Some(error) = errors.first() else { return fault(file, origin, "the document is not valid") };
    fault(file, error.locations.first().copied().unwrap_or(origin), &error.message)
}

/// A named operation and its position.
pub(super) struct Operation<'a> {
    pub file: &'a str,
    pub name: Name,
    pub node: Positioned<OperationDefinition>,
}

/// A named fragment and its position.
pub(super) struct Fragment<'a> {
    pub file: &'a str,
    pub node: Positioned<FragmentDefinition>,
}

/// The content of all sources, which share their fragments.
#[derive(Default)]
pub(super) struct Library<'a> {
    pub operations: Vec<Operation<'a>>,
    pub fragments: HashMap<Name, Fragment<'a>>,
}

impl<'a> Library<'a> {
    /// Parses all sources. Names are unique among all of them: they are the operation ids of OpenAPI.
    pub fn read(sources: &'a [Source]) -> Result<Self> {
        let mut library = Self::default();
        for source in sources {
            library.add(&source.name, parse(source)?)?;
        }
        Ok(library)
    }

    fn add(&mut self, file: &'a str, document: ExecutableDocument) -> Result<()> {
        let mut operations = match document.operations {
            DocumentOperations::Single(node) => {
                return Err(fault(file, node.pos, "the operation needs a name"));
            }
            DocumentOperations::Multiple(operations) => operations.into_iter().collect::<Vec<_>>(),
        };
        operations.sort_by_key(|(_, node)| (node.pos.line, node.pos.column));
        for (name, node) in operations {
            if let Some(other) = self.operations.iter().find(|other| other.name == name) {
                let reason = format!("the operation {name} is already defined in {}", other.file);
                return Err(fault(file, node.pos, reason));
            }
            self.operations.push(Operation { file, name, node });
        }
        for (name, node) in document.fragments {
            if let Some(other) = self.fragments.get(&name) {
                let reason = format!("the fragment {name} is already defined in {}", other.file);
                return Err(fault(file, node.pos, reason));
            }
            self.fragments.insert(name, Fragment { file, node });
        }
        Ok(())
    }

    /// Returns the names of the fragments that a selection needs, directly or through others.
    pub fn needed(&self, file: &str, set: &SelectionSet) -> Result<Vec<Name>> {
        let mut names = Vec::new();
        self.gather(file, set, &mut names)?;
        Ok(names)
    }

    fn gather(&self, file: &str, set: &SelectionSet, names: &mut Vec<Name>) -> Result<()> {
        for item in &set.items {
            match &item.node {
                Selection::Field(field) => self.gather(file, &field.node.selection_set.node, names)?,
                Selection::InlineFragment(inner) => {
                    self.gather(file, &inner.node.selection_set.node, names)?;
                }
                Selection::FragmentSpread(spread) => {
                    let name = &spread.node.fragment_name;
                    let Some(fragment) = self.fragments.get(&name.node) else {
                        return Err(fault(file, name.pos, format!("there is no fragment {}", name.node)));
                    };
                    if !names.contains(&name.node) {
                        names.push(name.node.clone());
                        self.gather(fragment.file, &fragment.node.node.selection_set.node, names)?;
                    }
                }
            }
        }
        Ok(())
    }
}

fn parse(source: &Source) -> Result<ExecutableDocument> {
    let start = Pos { line: 1, column: 1 };
    document::parse(&source.text).map_err(|failure| rejected(&source.name, start, &failure.errors))
}

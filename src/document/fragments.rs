//! The fragments of a document.

use std::collections::HashMap;

use async_graphql::{Name, Positioned, parser::types::FragmentDefinition};

/// The fragments of a document.
pub(super) type Fragments = HashMap<Name, Positioned<FragmentDefinition>>;

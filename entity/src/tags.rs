//! Search tags.

use sea_orm::FromJsonQueryResult;
use serde::{Deserialize, Serialize};

/// Search tags, stored as a JSON array.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, FromJsonQueryResult)]
pub struct Tags(pub Vec<String>);

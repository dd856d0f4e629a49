//! Words to find a thing by.

use sea_orm::FromJsonQueryResult;
use serde::{Deserialize, Serialize};

/// Words to find a thing by, kept as a JSON array.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, FromJsonQueryResult)]
pub struct Tags(pub Vec<String>);

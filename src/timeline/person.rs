//! People as shown in conversations.

use entity::user;
use serde::{Deserialize, Serialize};

/// A user as shown in a conversation.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Person {
    /// The account's id.
    pub id: String,
    /// Name in this conversation.
    pub name: String,
    /// URL of a picture.
    pub image: Option<String>,
    /// Whether the name is an alias; the account's name and picture are hidden then.
    pub is_alias: bool,
}

impl Person {
    /// Creates a person with an optional alias, which hides the account's name and picture.
    pub fn known_as(user: user::Model, name: Option<String>) -> Self {
        match name {
            Some(name) => Self::alias(user.id, name),
            None => user.into(),
        }
    }

    /// Creates a person with an alias.
    pub fn alias(id: String, name: String) -> Self {
        Self { id, name, image: None, is_alias: true }
    }
}

impl From<user::Model> for Person {
    fn from(user: user::Model) -> Self {
        Self { id: user.id, name: user.name, image: user.image, is_alias: false }
    }
}

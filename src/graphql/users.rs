//! People as others see them.

use async_graphql::{Context, ID, Object, Value};
use uuid::Uuid;

use super::{
    at_hand::{AtHand, Wanted},
    context::Asked,
    loaders::{KnownIn, Users},
    support::loaders::Known,
};
use crate::domain::{self, Error, Result, conversations::Person};

/// A person, loaded only when more than the id is asked for.
pub(super) struct User {
    id: String,
    loaded: Option<Person>,
    place: Place,
}

/// Where a person is named, which decides under which name.
#[derive(Clone, Copy)]
enum Place {
    /// Where everybody goes by their account's name.
    Platform,
    /// In a community.
    Community(Uuid),
    /// In a conversation.
    Conversation(Uuid),
}

impl User {
    /// A person whose row is at hand.
    pub(super) fn new(user: domain::User) -> Self {
        Person::from(user).into()
    }

    /// A person whose row may be at hand.
    pub(super) fn maybe(id: String, loaded: Option<domain::User>) -> Self {
        Self { id, loaded: loaded.map(Person::from), place: Place::Platform }
    }

    /// A person as they are known in a community, loaded only when more than the id is asked for.
    pub(super) fn in_community(id: String, community: Uuid) -> Self {
        Self { id, loaded: None, place: Place::Community(community) }
    }

    /// A person as they are known in a conversation, loaded only when more than the id is asked for.
    pub(super) fn in_conversation(id: String, conversation: Uuid) -> Self {
        Self { id, loaded: None, place: Place::Conversation(conversation) }
    }

    /// A person who goes by another name than their own, which is not shown, nor is their picture.
    pub(super) fn known_as(id: String, name: String) -> Self {
        Person::alias(id, name).into()
    }

    /// The name that is shown.
    pub(super) async fn shown_name(&self, ctx: &Context<'_>) -> Result<String> {
        self.read(ctx, |user| user.name.clone()).await
    }

    async fn read<T>(&self, ctx: &Context<'_>, part: impl FnOnce(&Person) -> T) -> Result<T> {
        if let Some(user) = &self.loaded {
            return Ok(part(user));
        }
        let person = match self.place {
            Place::Platform => ctx.load::<Users>(self.id.clone()).await?.map(Person::from),
            Place::Community(id) => ctx.load::<Known>((id, self.id.clone())).await?,
            Place::Conversation(id) => ctx.load::<KnownIn>((id, self.id.clone())).await?,
        };
        Ok(part(&person.ok_or(Error::NotFound("User"))?))
    }
}

impl From<Person> for User {
    fn from(person: Person) -> Self {
        Self { id: person.id.clone(), loaded: Some(person), place: Place::Platform }
    }
}

/// A person as others see them.
#[Object]
impl User {
    /// Opaque text; treat it as a string.
    async fn id(&self) -> ID {
        ID(self.id.clone())
    }

    /// The name shown to the viewer: a display name where one applies, otherwise the account's name.
    async fn name(&self, ctx: &Context<'_>) -> Result<String> {
        self.shown_name(ctx).await
    }

    /// URL of the person's picture; null when none is set.
    async fn image(&self, ctx: &Context<'_>) -> Result<Option<String>> {
        self.read(ctx, |user| user.image.clone()).await
    }
}

impl AtHand for Person {
    const TYPE: &'static str = "User";

    fn part(&self, field: &str, _: &[Wanted<'_>]) -> Option<Value> {
        Some(match field {
            "id" => Value::from(self.id.as_str()),
            "name" => Value::from(self.name.as_str()),
            "image" => Value::from(self.image.as_deref()),
            _ => return None,
        })
    }
}

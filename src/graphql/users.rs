//! Users as shown to the viewer.

use async_graphql::{Context, ID, Object, Value};
use uuid::Uuid;

use super::{
    context::ContextExt,
    eager::{EagerFields, SelectedField},
    loaders::{Aliased, KnownIn, Users},
    support::loaders::Known,
};
use crate::{
    domain::{self, accounts, conversations::Person},
    error::{Error, Result},
};

/// A user, loaded only when more than the id is selected.
pub(super) struct User {
    id: String,
    loaded: Option<Person>,
    place: NameScope,
}

/// The place that decides the name under which a user is shown.
#[derive(Clone, Copy)]
enum NameScope {
    /// The whole platform: users have their account's name.
    Platform,
    /// A community, by id.
    Community(Uuid),
    /// A conversation, by id.
    Conversation(Uuid),
}

impl User {
    /// Wraps a loaded user.
    pub(super) fn new(user: domain::User) -> Self {
        Person::from(user).into()
    }

    /// Finds an account that the viewer may see by its id alone: their own, for administrators all, and otherwise
    /// users without a display name in any community.
    pub(super) async fn find(ctx: &Context<'_>, id: &str) -> Result<Option<Self>> {
        let viewer = ctx.viewer()?.find_user();
        let sees_all = viewer.is_some_and(|user| user.is_admin || user.id == id);
        if viewer.is_none() || (!sees_all && ctx.load::<Aliased>(id.to_owned()).await?.is_some()) {
            return Ok(None);
        }
        let found = ctx.load::<Users>(id.to_owned()).await?;
        Ok(found.filter(|user| user.deleted_at.is_none()).map(Self::new))
    }

    /// Wraps a user whose row may be loaded.
    pub(super) fn maybe(id: String, loaded: Option<domain::User>) -> Self {
        Self { id, loaded: loaded.map(Person::from), place: NameScope::Platform }
    }

    /// Names a user of a community, loaded only when more than the id is selected.
    pub(super) fn in_community(id: String, community: Uuid) -> Self {
        Self { id, loaded: None, place: NameScope::Community(community) }
    }

    /// Names a user of a conversation, loaded only when more than the id is selected.
    pub(super) fn in_conversation(id: String, conversation: Uuid) -> Self {
        Self { id, loaded: None, place: NameScope::Conversation(conversation) }
    }

    /// Wraps a user with a display name, which hides the account's name and picture.
    pub(super) fn known_as(id: String, name: String) -> Self {
        Person::alias(id, name).into()
    }

    /// Returns the name to show.
    pub(super) async fn shown_name(&self, ctx: &Context<'_>) -> Result<String> {
        self.read(ctx, |user| user.name.clone()).await
    }

    async fn read<T>(&self, ctx: &Context<'_>, part: impl FnOnce(&Person) -> T) -> Result<T> {
        if let Some(user) = &self.loaded {
            return Ok(part(user));
        }
        let person = match self.place {
            NameScope::Platform => ctx.load::<Users>(self.id.clone()).await?.map(Person::from),
            NameScope::Community(id) => ctx.load::<Known>((id, self.id.clone())).await?,
            NameScope::Conversation(id) => ctx.load::<KnownIn>((id, self.id.clone())).await?,
        };
        Ok(part(&person.ok_or(Error::NotFound("User"))?))
    }
}

impl From<Person> for User {
    fn from(person: Person) -> Self {
        Self { id: person.id.clone(), loaded: Some(person), place: NameScope::Platform }
    }
}

/// A user as shown to the viewer.
#[Object]
impl User {
    /// Id of the user. Treat it as opaque text.
    pub(in crate::graphql) async fn id(&self) -> ID {
        ID(self.id.clone())
    }

    /// The name shown to the viewer: a display name where one applies, otherwise the account's name.
    async fn name(&self, ctx: &Context<'_>) -> Result<String> {
        self.shown_name(ctx).await
    }

    /// URL of the user's picture; null when none is set or a display name hides it.
    async fn image(&self, ctx: &Context<'_>) -> Result<Option<String>> {
        self.read(ctx, |user| user.image.clone()).await
    }
}

/// Queries about users.
#[derive(Default)]
pub(super) struct UserQuery;

#[Object]
impl UserQuery {
    /// Finds a user by id: administrators find every user; other viewers find themselves and users who have no display
    /// name in any community. Null otherwise, and when signed out.
    async fn user(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Id of the user.")] id: ID,
    ) -> Result<Option<User>> {
        User::find(ctx, &id).await
    }

    /// Finds people to invite: by their whole e-mail address, or by the beginning of their name if they share a
    /// community or a space session with the viewer and have no display name in any community. At most 10, by name.
    /// Limited to 30 searches a minute.
    async fn search_users(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "An e-mail address, or the beginning of a name, at least 3 characters.")]
        text: String,
    ) -> Result<Vec<User>> {
        let found = accounts::search_people(ctx.app()?, ctx.user()?, &text).await?;
        Ok(found.into_iter().map(User::new).collect())
    }
}

impl EagerFields for Person {
    const TYPE: &'static str = "User";

    fn eager_field(&self, field: &str, _: &[SelectedField<'_>]) -> Option<Value> {
        Some(match field {
            "id" => Value::from(self.id.as_str()),
            "name" => Value::from(self.name.as_str()),
            "image" => Value::from(self.image.as_deref()),
            _ => return None,
        })
    }
}

/// A user with a known id whose row is not loaded.
pub(super) struct UserId<'a>(pub(super) &'a str);

impl EagerFields for UserId<'_> {
    const TYPE: &'static str = "User";

    fn eager_field(&self, field: &str, _: &[SelectedField<'_>]) -> Option<Value> {
        (field == "id").then(|| Value::from(self.0))
    }
}

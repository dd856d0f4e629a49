//! Spaces: shared apps.

pub(super) mod sessions;

use async_graphql::{Context, ID, InputObject, Json, MaybeUndefined, Object, ScalarType, Value, to_value};
use entity::space;

use self::sessions::SpaceSession;
use super::{
    DateTime,
    context::{ContextExt, uuid},
    eager::{EagerFields, EagerList, EagerObject, SelectedField, read},
    loaders::SessionParts,
    paging::{Connection, Node, ReadEager, selected, wants_total},
    payloads::{
        CreateSpacePayload, DeleteSpacePayload, InviteToSpacePayload, RemoveFromSpacePayload,
        UpdateSpacePayload,
    },
    update_input::{change, emptied, kept},
    users::{User, UserId},
};
use crate::{
    domain::{
        Cursor, Page, PageRows,
        conversations::Person,
        spaces::{self, Browse, NewSpace, SpaceChange, SpaceRow},
    },
    error::{Error, Result},
};

/// A shared app with sessions that users and agents take part in.
pub(super) struct Space {
    row: space::Model,
    owner: Option<Person>,
    /// All sessions, if they were loaded with the space for a signed-in viewer.
    sessions: Option<Vec<SpaceSession>>,
}

impl Space {
    pub(super) fn new((row, owner): SpaceRow) -> Self {
        Self { row, owner, sessions: None }
    }

    pub(super) fn connection(slice: PageRows<SpaceRow>) -> Connection<Self> {
        Connection(slice.map(Self::new))
    }
}

impl Node for Space {
    const NAME: &'static str = Self::TYPE;
    const EAGER: Option<ReadEager<Self>> = Some(read);

    fn cursor(&self) -> Cursor {
        Cursor { rank: None, at: self.row.created_at, id: self.row.id }
    }
}

impl EagerFields for Space {
    const TYPE: &'static str = "Space";

    fn eager_field(&self, field: &str, inside: &[SelectedField<'_>]) -> Option<Value> {
        let row = &self.row;
        Some(match field {
            "id" => Value::String(row.id.to_string()),
            "owner" => match &self.owner {
                Some(owner) => read(owner, inside)?,
                None => read(&UserId(&row.owner_id), inside)?,
            },
            "name" => Value::from(row.name.as_str()),
            "description" => Value::from(row.description.as_str()),
            "category" => Value::from(row.category.as_str()),
            "tags" => Value::List(row.tags.0.iter().map(|tag| Value::from(tag.as_str())).collect()),
            "definition" => to_value(&row.definition).ok()?,
            "isPublic" => Value::from(row.is_public),
            "createdAt" => DateTime(row.created_at).to_value(),
            "updatedAt" => DateTime(row.updated_at).to_value(),
            "allSessions" => {
                let sessions = self.sessions.as_ref()?.iter().map(|session| read(session, inside));
                Value::List(sessions.collect::<Option<_>>()?)
            }
            _ => return None,
        })
    }
}

/// Returns whether the query selects more than the id of the owners in a connection of spaces.
pub(super) fn wants_owner(ctx: &Context<'_>) -> bool {
    let look = ctx.look_ahead();
    let more = |node: async_graphql::Lookahead<'_>| {
        let owner = node.field("owner");
        owner.field("name").exists() || owner.field("image").exists()
    };
    more(look.field("nodes")) || more(look.field("edges").field("node"))
}

/// A shared app with sessions that users and agents take part in.
#[Object]
impl Space {
    /// Unique id of the object (UUID).
    pub(in crate::graphql) async fn id(&self) -> ID {
        self.row.id.into()
    }

    /// The account that created the space and manages it.
    async fn owner(&self) -> User {
        match &self.owner {
            Some(owner) => owner.clone().into(),
            None => User::maybe(self.row.owner_id.clone(), None),
        }
    }

    /// Display name, 1 to 100 characters.
    async fn name(&self) -> &str {
        &self.row.name
    }

    /// Description of the space; empty when none is set.
    async fn description(&self) -> &str {
        &self.row.description
    }

    /// Category slug such as `board_game`.
    async fn category(&self) -> &str {
        &self.row.category
    }

    /// Keywords of the space.
    async fn tags(&self) -> &[String] {
        &self.row.tags.0
    }

    /// Configuration of the app; its `iframeUrl` is the address of the app.
    async fn definition(&self) -> Json<serde_json::Value> {
        Json(self.row.definition.clone())
    }

    /// True when everyone may see the space; false restricts it to the owner, invited users and participants.
    async fn is_public(&self) -> bool {
        self.row.is_public
    }

    /// Time of creation.
    async fn created_at(&self) -> DateTime {
        self.row.created_at.into()
    }

    /// Time of the last change.
    async fn updated_at(&self) -> DateTime {
        self.row.updated_at.into()
    }

    /// The sessions of the space, newest first. Pages by cursor or by page number.
    #[expect(clippy::too_many_arguments, reason = "the arguments of a connection")]
    async fn sessions(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Returns the first n items (default 20, maximum 50).")] first: Option<i32>,
        #[graphql(desc = "Returns the items after this cursor.")] after: Option<String>,
        #[graphql(desc = "Returns the last n items (maximum 50).")] last: Option<i32>,
        #[graphql(desc = "Returns the items before this cursor.")] before: Option<String>,
        #[graphql(desc = "Page number, from 1.")] page: Option<i32>,
        #[graphql(desc = "Items per page (default 20, maximum 50).")] limit: Option<i32>,
    ) -> Result<Connection<SpaceSession>> {
        ctx.user()?;
        let window = Page { first, after, last, before, page, limit }.window(SpaceSession::NAME)?;
        let slice = ctx.load::<SessionParts>(((window, wants_total(ctx)), self.row.id)).await?;
        Ok(SpaceSession::connection(slice.ok_or(Error::NotFound("Space"))?))
    }

    /// The sessions of the space, newest first (at most 1000).
    #[graphql(visible = false)]
    async fn all_sessions(&self, ctx: &Context<'_>) -> Result<EagerList<SpaceSession>> {
        ctx.user()?;
        if let Some(sessions) = &self.sessions {
            return Ok(EagerList(sessions.clone()));
        }
        let sessions = spaces::list_all_sessions(ctx.app()?, self.row.id, selected(ctx, &["state"])).await?;
        Ok(EagerList(sessions.rows.into_iter().map(SpaceSession).collect()))
    }
}

/// Input of `createSpace`.
#[derive(InputObject)]
pub(super) struct CreateSpaceInput {
    /// Display name, 1 to 100 characters.
    name: String,
    /// Description of the space, at most 5000 characters.
    #[graphql(default_with = "Some(String::new())")]
    description: Option<String>,
    /// Category slug such as `board_game`.
    #[graphql(default_with = "Some(\"other\".to_owned())")]
    category: Option<String>,
    /// Keywords: at most 20 of 1 to 50 characters each.
    tags: Option<Vec<String>>,
    /// Configuration of the app, an object of at most 64 KiB; its `iframeUrl` must be a valid HTTPS URL.
    definition: Option<Json<serde_json::Value>>,
    /// Whether everyone may see the space; otherwise the owner, invited users and participants may.
    #[graphql(default_with = "Some(true)")]
    is_public: Option<bool>,
}

/// Input of `updateSpace`. An omitted field stays unchanged; null is refused where it has no meaning.
#[derive(InputObject)]
pub(super) struct UpdateSpaceInput {
    /// Id of the space.
    space_id: ID,
    /// Display name, 1 to 100 characters.
    name: MaybeUndefined<String>,
    /// Description, at most 5000 characters; null empties it.
    description: MaybeUndefined<String>,
    /// Category slug such as `board_game`; null means `other`.
    category: MaybeUndefined<String>,
    /// Keywords: at most 20 of 1 to 50 characters each; null removes them.
    tags: MaybeUndefined<Vec<String>>,
    /// Replaces the whole configuration of the app; an object of at most 64 KiB; null empties it.
    definition: MaybeUndefined<Json<serde_json::Value>>,
    /// True when everyone may see the space; false restricts it to the owner, invited users and participants.
    is_public: MaybeUndefined<bool>,
}

/// Input of `deleteSpace`.
#[derive(InputObject)]
pub(super) struct DeleteSpaceInput {
    /// Id of the space.
    space_id: ID,
}

/// Input of `inviteToSpace`.
#[derive(InputObject)]
pub(super) struct InviteToSpaceInput {
    /// Id of the space.
    space_id: ID,
    /// Id of the user who may see and join the space from now on.
    user_id: ID,
}

/// Input of `removeFromSpace`.
#[derive(InputObject)]
pub(super) struct RemoveFromSpaceInput {
    /// Id of the space.
    space_id: ID,
    /// Id of the user to remove from all sessions; an invitation is revoked.
    user_id: ID,
}

/// Queries about spaces.
#[derive(Default)]
pub(super) struct SpaceQuery;

#[Object]
impl SpaceQuery {
    /// Lists public spaces, newest first. Pages by cursor or by page number.
    #[expect(clippy::too_many_arguments, reason = "the arguments of a connection and its filters")]
    async fn spaces(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Part of the name, ignoring case.")] search: Option<String>,
        #[graphql(desc = "Returns only items with exactly this category.")] category: Option<String>,
        #[graphql(desc = "Returns the first n items (default 20, maximum 50).")] first: Option<i32>,
        #[graphql(desc = "Returns the items after this cursor.")] after: Option<String>,
        #[graphql(desc = "Returns the last n items (maximum 50).")] last: Option<i32>,
        #[graphql(desc = "Returns the items before this cursor.")] before: Option<String>,
        #[graphql(desc = "Page number, from 1.")] page: Option<i32>,
        #[graphql(desc = "Items per page (default 20, maximum 50).")] limit: Option<i32>,
    ) -> Result<Connection<Space>> {
        let window = Page { first, after, last, before, page, limit }.window(Space::NAME)?;
        let browse = Browse { search, category, window, owners: wants_owner(ctx), total: wants_total(ctx) };
        Ok(Space::connection(spaces::list_public(ctx.app()?, browse).await?))
    }

    /// Finds a space that the viewer may see: public, owned, or with an invitation or an active participation
    /// of the viewer. Returns null otherwise.
    async fn space(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Id of the space.")] id: ID,
    ) -> Result<Option<EagerObject<Space>>> {
        let (app, actor, id) = (ctx.app()?, ctx.viewer()?.find_user(), uuid("id", &id)?);
        // Only signed-in viewers may read the sessions.
        if actor.is_none() || !selected(ctx, &["allSessions"]) {
            let found = spaces::find_visible(app, actor, id).await?;
            return Ok(found.map(|row| EagerObject(Space::new(row))));
        }
        let with_state = ctx.look_ahead().field("allSessions").field("state").exists();
        let found = spaces::find_with_sessions(app, actor, id, with_state).await?;
        Ok(found.map(|((row, owner), sessions)| {
            let sessions = Some(sessions.into_iter().map(SpaceSession).collect());
            EagerObject(Space { row, owner, sessions })
        }))
    }
}

/// Mutations of spaces.
#[derive(Default)]
pub(super) struct SpaceMutation;

#[Object]
impl SpaceMutation {
    /// Creates a space. Requires sign-in.
    async fn create_space(&self, ctx: &Context<'_>, input: CreateSpaceInput) -> Result<CreateSpacePayload> {
        let user = ctx.user()?;
        let new = NewSpace {
            name: input.name,
            description: input.description,
            category: input.category,
            tags: input.tags,
            definition: input.definition.map(|definition| definition.0),
            is_public: input.is_public,
        };
        let row = spaces::create(ctx.app()?, user, new).await?;
        Ok(CreateSpacePayload { space: Space::new((row, Some(user.clone().into()))) })
    }

    /// Changes a space. Owner only.
    async fn update_space(&self, ctx: &Context<'_>, input: UpdateSpaceInput) -> Result<UpdateSpacePayload> {
        let user = ctx.user()?;
        let change = SpaceChange {
            name: kept("name", input.name)?,
            description: emptied(input.description),
            category: change(input.category),
            tags: emptied(input.tags),
            definition: change(input.definition.map_value(|definition| definition.0)),
            is_public: kept("isPublic", input.is_public)?,
        };
        let row = spaces::update(ctx.app()?, user, uuid("spaceId", &input.space_id)?, change).await?;
        Ok(UpdateSpacePayload { space: Space::new((row, Some(user.clone().into()))) })
    }

    /// Deletes a space and its sessions. Owner only.
    async fn delete_space(&self, ctx: &Context<'_>, input: DeleteSpaceInput) -> Result<DeleteSpacePayload> {
        let id = uuid("spaceId", &input.space_id)?;
        spaces::delete(ctx.app()?, ctx.user()?, id).await?;
        Ok(DeleteSpacePayload { deleted_id: id.into() })
    }

    /// Allows a user to see and join a private space. Owner only.
    async fn invite_to_space(
        &self,
        ctx: &Context<'_>,
        input: InviteToSpaceInput,
    ) -> Result<InviteToSpacePayload> {
        let user = ctx.user()?;
        let row = spaces::invite(ctx.app()?, user, uuid("spaceId", &input.space_id)?, &input.user_id).await?;
        Ok(InviteToSpacePayload { space: Space::new((row, Some(user.clone().into()))) })
    }

    /// Removes a user from all sessions of a space, revokes their invitation and ends their subscriptions.
    /// The user may still see and join a public space. Owner only.
    async fn remove_from_space(
        &self,
        ctx: &Context<'_>,
        input: RemoveFromSpaceInput,
    ) -> Result<RemoveFromSpacePayload> {
        let user = ctx.user()?;
        let id = uuid("spaceId", &input.space_id)?;
        let row = spaces::remove_from_space(ctx.app()?, user, id, &input.user_id).await?;
        Ok(RemoveFromSpacePayload { space: Space::new((row, Some(user.clone().into()))) })
    }
}

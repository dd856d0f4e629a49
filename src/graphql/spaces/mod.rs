//! Spaces: shared apps.

pub(super) mod sessions;

use async_graphql::{Context, ID, InputObject, Json, Object};
use entity::space;
use serde_json::Value;

use crate::{
    domain::{
        self, Cursor, Page, Result, Slice,
        spaces::{self, Browse, NewSpace, SpaceChange, SpaceRow},
    },
    graphql::{
        DateTime,
        context::{Asked, uuid},
        paging::{Connection, Node, wants_total},
        spaces::sessions::SpaceSession,
        users::User,
    },
};

/// A shared app that people and agents take part in.
pub(super) struct Space {
    row: space::Model,
    owner: Option<domain::User>,
}

impl Space {
    pub(super) fn new((row, owner): SpaceRow) -> Self {
        Self { row, owner }
    }

    pub(super) fn connection(slice: Slice<SpaceRow>) -> Connection<Self> {
        let Slice { rows, window, more_after, more_before, total } = slice;
        let rows = rows.into_iter().map(Self::new).collect();
        Connection(Slice { rows, window, more_after, more_before, total })
    }
}

impl Node for Space {
    const NAME: &'static str = "Space";

    fn cursor(&self) -> Cursor {
        Cursor { rank: None, at: self.row.created_at, id: self.row.id }
    }
}

/// Whether more of the owners than their ids was selected in a connection.
pub(super) fn wants_owner(ctx: &Context<'_>) -> bool {
    let look = ctx.look_ahead();
    let more = |node: async_graphql::Lookahead<'_>| {
        let owner = node.field("owner");
        owner.field("name").exists() || owner.field("image").exists()
    };
    more(look.field("nodes")) || more(look.field("edges").field("node"))
}

/// A shared app that people and agents take part in.
#[Object]
impl Space {
    /// Unique id of the object (UUID).
    async fn id(&self) -> ID {
        self.row.id.into()
    }

    /// The account that created the space and manages it.
    async fn owner(&self) -> User {
        User::maybe(self.row.owner_id.clone(), self.owner.clone())
    }

    /// Display name, 1 to 100 characters.
    async fn name(&self) -> &str {
        &self.row.name
    }

    /// Description of the space; empty when none is set.
    async fn description(&self) -> &str {
        &self.row.description
    }

    /// A slug such as `board_game`.
    async fn category(&self) -> &str {
        &self.row.category
    }

    /// Keywords of the space.
    async fn tags(&self) -> &[String] {
        &self.row.tags.0
    }

    /// The app's own configuration; its `iframeUrl` is where the app runs.
    async fn definition(&self) -> Json<Value> {
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

    /// Its sessions, newest first, by cursor or by page number.
    #[expect(clippy::too_many_arguments, reason = "the arguments of a connection")]
    async fn sessions(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Returns the first n items (default 20, maximum 50).")] first: Option<i32>,
        #[graphql(desc = "Returns the items after this cursor.")] after: Option<String>,
        #[graphql(desc = "Returns the last n items (maximum 50).")] last: Option<i32>,
        #[graphql(desc = "Returns the items before this cursor.")] before: Option<String>,
        #[graphql(desc = "The page's number, from 1.")] page: Option<i32>,
        #[graphql(desc = "Items per page (default 20, maximum 50).")] limit: Option<i32>,
    ) -> Result<Connection<SpaceSession>> {
        ctx.user()?;
        let window = Page { first, after, last, before, page, limit }.window()?;
        let slice =
            spaces::list_recent_sessions(ctx.app()?, self.row.id, Some(window), wants_total(ctx)).await?;
        Ok(SpaceSession::connection(slice))
    }

    /// All its sessions, newest first (the newest thousand).
    #[graphql(visible = false)]
    async fn all_sessions(&self, ctx: &Context<'_>) -> Result<Vec<SpaceSession>> {
        ctx.user()?;
        let slice = spaces::list_recent_sessions(ctx.app()?, self.row.id, None, false).await?;
        Ok(slice.rows.into_iter().map(SpaceSession).collect())
    }
}

/// Input of `createSpace`.
#[derive(InputObject)]
pub(super) struct CreateSpaceInput {
    /// Display name, 1 to 100 characters.
    name: String,
    /// Description of the space, at most 5000 characters (default empty).
    description: Option<String>,
    /// Category slug such as `board_game` (default `other`).
    category: Option<String>,
    /// At most 20 words of 1 to 50 characters.
    tags: Option<Vec<String>>,
    /// The app's own configuration, an object of at most 64 KiB; its `iframeUrl` must be a valid HTTPS URL.
    definition: Option<Json<Value>>,
    /// Whether everyone may see the space (default true).
    is_public: Option<bool>,
}

/// Input of `updateSpace`. An omitted field stays unchanged.
#[derive(InputObject)]
pub(super) struct UpdateSpaceInput {
    /// Id of the space.
    id: ID,
    /// Display name, 1 to 100 characters.
    name: Option<String>,
    /// Description, at most 5000 characters.
    description: Option<String>,
    /// A slug such as `board_game`.
    category: Option<String>,
    /// At most 20 words of 1 to 50 characters.
    tags: Option<Vec<String>>,
    /// The whole configuration, an object of at most 64 KiB.
    definition: Option<Json<Value>>,
    /// True when everyone may see the space; false restricts it to the owner, invited users and participants.
    is_public: Option<bool>,
}

/// An invitation to a private space.
#[derive(InputObject)]
pub(super) struct InviteToSpaceInput {
    /// Id of the space.
    space_id: ID,
    /// Id of the user who may see and join the space from now on.
    user_id: ID,
}

/// Somebody to be removed from a space.
#[derive(InputObject)]
pub(super) struct RemoveFromSpaceInput {
    /// Id of the space.
    space_id: ID,
    /// Who takes part in none of its sessions from now on, and is not invited any more.
    user_id: ID,
}

/// Queries about spaces.
#[derive(Default)]
pub(super) struct SpaceQuery;

#[Object]
impl SpaceQuery {
    /// Public spaces, newest first, by cursor or by page number.
    #[expect(clippy::too_many_arguments, reason = "the arguments of a connection and its filters")]
    async fn spaces(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Part of the name, in any case.")] search: Option<String>,
        #[graphql(desc = "Exactly this category.")] category: Option<String>,
        #[graphql(desc = "Returns the first n items (default 20, maximum 50).")] first: Option<i32>,
        #[graphql(desc = "Returns the items after this cursor.")] after: Option<String>,
        #[graphql(desc = "Returns the last n items (maximum 50).")] last: Option<i32>,
        #[graphql(desc = "Returns the items before this cursor.")] before: Option<String>,
        #[graphql(desc = "The page's number, from 1.")] page: Option<i32>,
        #[graphql(desc = "Items per page (default 20, maximum 50).")] limit: Option<i32>,
    ) -> Result<Connection<Space>> {
        let window = Page { first, after, last, before, page, limit }.window()?;
        let browse = Browse { search, category, window, owners: wants_owner(ctx), total: wants_total(ctx) };
        Ok(Space::connection(spaces::list_public(ctx.app()?, browse).await?))
    }

    /// A space that the viewer may see: public, their own, or one that they are invited to or take part in; null for others.
    /// Who has left all sessions of a private space, or was removed, sees it no more.
    async fn space(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Id of the space.")] id: ID,
    ) -> Result<Option<Space>> {
        let actor = ctx.viewer()?.find_user();
        Ok(spaces::find_visible(ctx.app()?, actor, uuid("id", &id)?).await?.map(Space::new))
    }
}

/// What can be done with spaces.
#[derive(Default)]
pub(super) struct SpaceMutation;

#[Object]
impl SpaceMutation {
    /// Creates a space. Requires sign-in.
    async fn create_space(&self, ctx: &Context<'_>, input: CreateSpaceInput) -> Result<Space> {
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
        Ok(Space::new((row, Some(user.clone()))))
    }

    /// Changes a space. Its owner only.
    async fn update_space(&self, ctx: &Context<'_>, input: UpdateSpaceInput) -> Result<Space> {
        let user = ctx.user()?;
        let change = SpaceChange {
            name: input.name,
            description: input.description,
            category: input.category,
            tags: input.tags,
            definition: input.definition.map(|definition| definition.0),
            is_public: input.is_public,
        };
        let row = spaces::update(ctx.app()?, user, uuid("id", &input.id)?, change).await?;
        Ok(Space::new((row, Some(user.clone()))))
    }

    /// Deletes a space and its sessions. Its owner only.
    async fn delete_space(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Id of the space.")] id: ID,
    ) -> Result<bool> {
        spaces::delete(ctx.app()?, ctx.user()?, uuid("id", &id)?).await?;
        Ok(true)
    }

    /// Allows a user to see and join a private space. Owner only.
    async fn invite_to_space(&self, ctx: &Context<'_>, input: InviteToSpaceInput) -> Result<Space> {
        let user = ctx.user()?;
        let row = spaces::invite(ctx.app()?, user, uuid("spaceId", &input.space_id)?, &input.user_id).await?;
        Ok(Space::new((row, Some(user.clone()))))
    }
    /// Ends somebody's part in all sessions of a space and takes their invitation back; what they listen to there ends. A
    /// public space they may still see and join. Its owner only.
    async fn remove_from_space(&self, ctx: &Context<'_>, input: RemoveFromSpaceInput) -> Result<Space> {
        let user = ctx.user()?;
        let id = uuid("spaceId", &input.space_id)?;
        let row = spaces::remove_from_space(ctx.app()?, user, id, &input.user_id).await?;
        Ok(Space::new((row, Some(user.clone()))))
    }
}

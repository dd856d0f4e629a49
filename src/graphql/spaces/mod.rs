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
    /// UUID.
    async fn id(&self) -> ID {
        self.row.id.into()
    }

    /// Who made it.
    async fn owner(&self) -> User {
        User::maybe(self.row.owner_id.clone(), self.owner.clone())
    }

    /// What it is called, 1 to 100 characters.
    async fn name(&self) -> &str {
        &self.row.name
    }

    /// What it is; empty when nothing was said.
    async fn description(&self) -> &str {
        &self.row.description
    }

    /// A slug such as `board_game`.
    async fn category(&self) -> &str {
        &self.row.category
    }

    /// Words to find it by.
    async fn tags(&self) -> &[String] {
        &self.row.tags.0
    }

    /// The app's own configuration; its `iframeUrl` is where the app runs.
    async fn definition(&self) -> Json<Value> {
        Json(self.row.definition.clone())
    }

    /// Whether everybody may see it.
    async fn is_public(&self) -> bool {
        self.row.is_public
    }

    /// When it was made.
    async fn created_at(&self) -> DateTime {
        self.row.created_at.into()
    }

    /// When it last changed.
    async fn updated_at(&self) -> DateTime {
        self.row.updated_at.into()
    }

    /// Its sessions, newest first, by cursor or by page number.
    #[expect(clippy::too_many_arguments, reason = "the arguments of a connection")]
    async fn sessions(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The first so many, 20 unless told, 50 at most.")] first: Option<i32>,
        #[graphql(desc = "Behind this cursor.")] after: Option<String>,
        #[graphql(desc = "The last so many.")] last: Option<i32>,
        #[graphql(desc = "Ahead of this cursor.")] before: Option<String>,
        #[graphql(desc = "The page's number, from 1.")] page: Option<i32>,
        #[graphql(desc = "Rows a page, 20 unless told, 50 at most.")] limit: Option<i32>,
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

/// A space to be made.
#[derive(InputObject)]
pub(super) struct CreateSpaceInput {
    /// What it is called, 1 to 100 characters.
    name: String,
    /// What it is, at most 5000 characters; empty unless given.
    description: Option<String>,
    /// A slug such as `board_game`; `other` unless given.
    category: Option<String>,
    /// At most 20 words of 1 to 50 characters.
    tags: Option<Vec<String>>,
    /// The app's own configuration, an object of at most 64 KiB; its `iframeUrl` must be a valid HTTPS URL.
    definition: Option<Json<Value>>,
    /// Whether everybody may see it; true unless given.
    is_public: Option<bool>,
}

/// What of a space changes; absent leaves a part as it is.
#[derive(InputObject)]
pub(super) struct UpdateSpaceInput {
    /// The space.
    id: ID,
    /// What it is called, 1 to 100 characters.
    name: Option<String>,
    /// What it is, at most 5000 characters.
    description: Option<String>,
    /// A slug such as `board_game`.
    category: Option<String>,
    /// At most 20 words of 1 to 50 characters.
    tags: Option<Vec<String>>,
    /// The whole configuration, an object of at most 64 KiB.
    definition: Option<Json<Value>>,
    /// Whether everybody may see it.
    is_public: Option<bool>,
}

/// An invitation to a private space.
#[derive(InputObject)]
pub(super) struct InviteToSpaceInput {
    /// The space.
    space_id: ID,
    /// Who may see and join it from now on.
    user_id: ID,
}

/// Somebody to be removed from a space.
#[derive(InputObject)]
pub(super) struct RemoveFromSpaceInput {
    /// The space.
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
        #[graphql(desc = "The first so many, 20 unless told, 50 at most.")] first: Option<i32>,
        #[graphql(desc = "Behind this cursor.")] after: Option<String>,
        #[graphql(desc = "The last so many.")] last: Option<i32>,
        #[graphql(desc = "Ahead of this cursor.")] before: Option<String>,
        #[graphql(desc = "The page's number, from 1.")] page: Option<i32>,
        #[graphql(desc = "Rows a page, 20 unless told, 50 at most.")] limit: Option<i32>,
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
        #[graphql(desc = "The space.")] id: ID,
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
    /// Makes a space.
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
    async fn delete_space(&self, ctx: &Context<'_>, #[graphql(desc = "The space.")] id: ID) -> Result<bool> {
        spaces::delete(ctx.app()?, ctx.user()?, uuid("id", &id)?).await?;
        Ok(true)
    }

    /// Lets somebody see and join a private space. Its owner only.
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

//! Blocks: people with whom the viewer wants nothing to do.

use async_graphql::{Context, ID, InputObject, Object};
use entity::block;

use super::{
    DateTime,
    context::Asked,
    paging::{Connection, Node, wants_total},
};
use crate::domain::{Cursor, Page, Result, Slice, blocks};

/// Somebody whom the viewer blocked. Nobody else knows.
pub(super) struct BlockedUser(block::Model);

impl Node for BlockedUser {
    const NAME: &'static str = "BlockedUser";

    fn cursor(&self) -> Cursor {
        Cursor { rank: None, at: self.0.created_at, id: self.0.id }
    }
}

/// Somebody whom the viewer blocked. Nobody else knows.
#[Object]
impl BlockedUser {
    /// Their user id.
    async fn user_id(&self) -> ID {
        ID(self.0.blocked_id.clone())
    }

    /// What the viewer calls them here. The name of their account is not told: it may not be the one that the viewer
    /// knows them by.
    async fn label(&self) -> Option<&str> {
        self.0.label.as_deref()
    }

    /// Since when.
    async fn created_at(&self) -> DateTime {
        self.0.created_at.into()
    }
}

/// Somebody to be blocked.
#[derive(InputObject)]
pub(super) struct BlockUserInput {
    /// Who.
    user_id: ID,
    /// What to call them in the list of the blocked, such as the name that was seen; at most 100 characters.
    label: Option<String>,
}

/// Somebody to be blocked no longer.
#[derive(InputObject)]
pub(super) struct UnblockUserInput {
    /// Who.
    user_id: ID,
}

/// Queries about blocks.
#[derive(Default)]
pub(super) struct BlockQuery;

#[Object]
impl BlockQuery {
    /// Whom the viewer blocked, last blocked first.
    async fn blocked_users(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The first so many, 20 unless told, 50 at most.")] first: Option<i32>,
        #[graphql(desc = "Behind this cursor.")] after: Option<String>,
        #[graphql(desc = "The last so many.")] last: Option<i32>,
        #[graphql(desc = "Ahead of this cursor.")] before: Option<String>,
    ) -> Result<Connection<BlockedUser>> {
        let window = Page { first, after, last, before, ..Page::default() }.window()?;
        let slice = blocks::list(ctx.app()?, ctx.user()?, window, wants_total(ctx)).await?;
        let Slice { rows, window, more_after, more_before, total } = slice;
        let rows = rows.into_iter().map(BlockedUser).collect();
        Ok(Connection(Slice { rows, window, more_after, more_before, total }))
    }
}

/// What can be done about people with whom the viewer wants nothing to do.
#[derive(Default)]
pub(super) struct BlockMutation;

#[Object]
impl BlockMutation {
    /// Blocks somebody: what they say is marked for the viewer (`Message.isFromBlocked`), and they cannot invite the
    /// viewer any more. They are not told. Again only changes the label.
    async fn block_user(&self, ctx: &Context<'_>, input: BlockUserInput) -> Result<BlockedUser> {
        let row = blocks::block(ctx.app()?, ctx.user()?, &input.user_id, input.label).await?;
        Ok(BlockedUser(row))
    }

    /// Blocks somebody no longer; gives their user id.
    async fn unblock_user(&self, ctx: &Context<'_>, input: UnblockUserInput) -> Result<ID> {
        blocks::unblock(ctx.app()?, ctx.user()?, &input.user_id).await?;
        Ok(input.user_id)
    }
}

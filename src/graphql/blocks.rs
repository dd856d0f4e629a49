//! Blocks: people with whom the viewer wants nothing to do.

use async_graphql::{Context, ID, InputObject, Object};
use entity::block;

use super::{
    DateTime,
    context::Asked,
    paging::{Connection, Node, wants_total},
};
use crate::domain::{Cursor, Page, Result, Slice, blocks};

/// A user whom the viewer blocked. Visible to the viewer only.
pub(super) struct BlockedUser(block::Model);

impl Node for BlockedUser {
    const NAME: &'static str = "BlockedUser";

    fn cursor(&self) -> Cursor {
        Cursor { rank: None, at: self.0.created_at, id: self.0.id }
    }
}

/// A user whom the viewer blocked. Visible to the viewer only.
#[Object]
impl BlockedUser {
    /// Id of the blocked user.
    async fn user_id(&self) -> ID {
        ID(self.0.blocked_id.clone())
    }

    /// The viewer's private label for the blocked user. The account's name is not revealed because the viewer may know
    /// the user under a display name.
    async fn label(&self) -> Option<&str> {
        self.0.label.as_deref()
    }

    /// Time when it took effect.
    async fn created_at(&self) -> DateTime {
        self.0.created_at.into()
    }
}

/// Input of `blockUser`.
#[derive(InputObject)]
pub(super) struct BlockUserInput {
    /// The user concerned.
    user_id: ID,
    /// Private label for the blocked user in the viewer's list, for example the name seen; at most 100 characters.
    label: Option<String>,
}

/// Input of `unblockUser`.
#[derive(InputObject)]
pub(super) struct UnblockUserInput {
    /// The user concerned.
    user_id: ID,
}

/// Queries about blocks.
#[derive(Default)]
pub(super) struct BlockQuery;

#[Object]
impl BlockQuery {
    /// Lists the users whom the viewer blocked, newest block first.
    async fn blocked_users(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Returns the first n items (default 20, maximum 50).")] first: Option<i32>,
        #[graphql(desc = "Returns the items after this cursor.")] after: Option<String>,
        #[graphql(desc = "Returns the last n items (maximum 50).")] last: Option<i32>,
        #[graphql(desc = "Returns the items before this cursor.")] before: Option<String>,
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
    /// Blocks a user: their messages are marked (`Message.isFromBlocked`) and they cannot invite the viewer. The user
    /// is not notified. A second call changes the label only.
    async fn block_user(&self, ctx: &Context<'_>, input: BlockUserInput) -> Result<BlockedUser> {
        let row = blocks::block(ctx.app()?, ctx.user()?, &input.user_id, input.label).await?;
        Ok(BlockedUser(row))
    }

    /// Unblocks a user and returns the user's id.
    async fn unblock_user(&self, ctx: &Context<'_>, input: UnblockUserInput) -> Result<ID> {
        blocks::unblock(ctx.app()?, ctx.user()?, &input.user_id).await?;
        Ok(input.user_id)
    }
}

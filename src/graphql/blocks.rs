//! Users that the viewer blocked.

use async_graphql::{Context, ID, InputObject, Object};
use entity::block;

use super::{
    DateTime,
    context::ContextExt,
    paging::{Connection, Node, wants_total},
    payloads::{BlockUserPayload, UnblockUserPayload},
};
use crate::{
    domain::{Cursor, Page, blocks},
    error::Result,
};

/// A user blocked by the viewer. Visible to the viewer only.
pub(super) struct BlockedUser(pub(super) block::Model);

impl Node for BlockedUser {
    const NAME: &'static str = "BlockedUser";

    fn cursor(&self) -> Cursor {
        Cursor { rank: None, at: self.0.created_at, id: self.0.id }
    }
}

/// A user blocked by the viewer. Visible to the viewer only.
#[Object]
impl BlockedUser {
    /// Unique id of the object (UUID).
    pub(super) async fn id(&self) -> ID {
        self.0.id.into()
    }

    /// Id of the blocked user.
    async fn user_id(&self) -> ID {
        ID(self.0.blocked_id.clone())
    }

    /// The viewer's private label for the blocked user. The account's name is not revealed because the viewer may know
    /// the user under a display name.
    async fn label(&self) -> Option<&str> {
        self.0.label.as_deref()
    }

    /// Time of the block.
    async fn created_at(&self) -> DateTime {
        self.0.created_at.into()
    }
}

/// Input of `blockUser`.
#[derive(InputObject)]
pub(super) struct BlockUserInput {
    /// Id of the user to block.
    user_id: ID,
    /// Private label for the blocked user in the viewer's list, for example the name that the viewer knows; at most 100
    /// characters.
    label: Option<String>,
}

/// Input of `unblockUser`.
#[derive(InputObject)]
pub(super) struct UnblockUserInput {
    /// Id of the blocked user.
    user_id: ID,
}

/// Queries about blocks.
#[derive(Default)]
pub(super) struct BlockQuery;

#[Object]
impl BlockQuery {
    /// Lists the users blocked by the viewer, newest block first.
    async fn blocked_users(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Returns the first n items (default 20, maximum 50).")] first: Option<i32>,
        #[graphql(desc = "Returns the items after this cursor.")] after: Option<String>,
        #[graphql(desc = "Returns the last n items (maximum 50).")] last: Option<i32>,
        #[graphql(desc = "Returns the items before this cursor.")] before: Option<String>,
    ) -> Result<Connection<BlockedUser>> {
        let window = Page { first, after, last, before, ..Page::default() }.window(BlockedUser::NAME)?;
        let slice = blocks::list(ctx.app()?, ctx.user()?, window, wants_total(ctx)).await?;
        Ok(Connection(slice.map(BlockedUser)))
    }
}

/// Mutations of the viewer's list of blocked users.
#[derive(Default)]
pub(super) struct BlockMutation;

#[Object]
impl BlockMutation {
    /// Blocks a user: their messages are marked (`Message.isFromBlocked`) and they cannot invite the viewer. The user
    /// is not notified. A second call changes the label only.
    async fn block_user(&self, ctx: &Context<'_>, input: BlockUserInput) -> Result<BlockUserPayload> {
        let row = blocks::block(ctx.app()?, ctx.user()?, &input.user_id, input.label).await?;
        Ok(BlockUserPayload { blocked_user: BlockedUser(row) })
    }

    /// Ends the viewer's block of a user, whose messages are no longer marked.
    async fn unblock_user(&self, ctx: &Context<'_>, input: UnblockUserInput) -> Result<UnblockUserPayload> {
        let id = blocks::unblock(ctx.app()?, ctx.user()?, &input.user_id).await?;
        Ok(UnblockUserPayload { deleted_id: id.into(), user_id: input.user_id })
    }
}

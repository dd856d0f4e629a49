//! The root of mutations. Each field has its own part of the request's idempotency key.

use async_graphql::{
    ContainerType, Context, ContextSelectionSet, MergedObject, ObjectType, OutputType, Positioned,
    ServerResult, Value, parser::types::Field,
};

use super::{
    accounts, admin, agents, blocks, communities, connections,
    context::ContextExt,
    conversations, lounges, reports,
    root::{Root, typed_like},
    size, spaces, support, verification, wallet,
};
use crate::{domain::IdempotencyKey, error::Result};

/// Merges the parts, each in a box.
macro_rules! mutation_fields {
    ($($part:ty,)+) => {
        /// Operations that change data.
        #[derive(MergedObject, Default)]
        #[graphql(name = "Mutation")]
        pub struct MutationFields($(Boxed<$part>,)+);
    };
}

mutation_fields! {
    accounts::AccountMutation,
    spaces::SpaceMutation,
    spaces::sessions::SpaceSessionMutation,
    conversations::changes::ConversationMutation,
    conversations::voice_messages::VoiceMessageMutation,
    agents::changes::AgentMutation,
    agents::replies::AgentReplyMutation,
    communities::changes::CommunityMutation,
    communities::memberships::MembershipMutation,
    lounges::changes::LoungeMutation,
    lounges::voices::LoungeVoiceMutation,
    communities::moderation::ModerationMutation,
    wallet::WalletMutation,
    verification::VerificationMutation,
    reports::ReportMutation,
    admin::AdminMutation,
    connections::ConnectionMutation,
    blocks::BlockMutation,
    support::changes::SupportMutation,
    support::desk::SupportDeskMutation,
    support::official::OfficialMutation,
}

/// A part whose future is boxed. The merged object nests the futures of its parts, so each level would
/// otherwise reserve the size of the largest one on the stack.
#[derive(Default)]
pub struct Boxed<T>(T);

impl<T: ObjectType> ContainerType for Boxed<T> {
    async fn resolve_field(&self, ctx: &Context<'_>) -> ServerResult<Option<Value>> {
        Box::pin(self.0.resolve_field(ctx)).await
    }
}

impl<T: ObjectType> OutputType for Boxed<T> {
    typed_like!(T);

    async fn resolve(&self, ctx: &ContextSelectionSet<'_>, field: &Positioned<Field>) -> ServerResult<Value> {
        self.0.resolve(ctx, field).await
    }
}

impl<T: ObjectType> ObjectType for Boxed<T> {}

/// The root of all mutations.
pub type Mutation = Root<KeyedMutation>;

/// All mutations, each with its part of the idempotency key.
#[derive(Default)]
pub struct KeyedMutation(MutationFields);

impl ContainerType for KeyedMutation {
    async fn resolve_field(&self, ctx: &Context<'_>) -> ServerResult<Option<Value>> {
        let name = ctx.item.node.response_key().node.as_str();
        count(ctx).map_err(|error| {
            ctx.set_error_path(async_graphql::Error::from(error).into_server_error(ctx.item.pos))
        })?;
        // The future of all mutations is large: it is boxed to keep it off the stack.
        IdempotencyKey::scope_field(name, Box::pin(self.0.resolve_field(ctx))).await
    }
}

/// Counts the bytes of a change for the caller's account, before anything is written; every transport passes here. A
/// sign-up has no account yet.
fn count(ctx: &Context<'_>) -> Result<()> {
    match ctx.viewer()?.find_user() {
        Some(user) => ctx.app()?.write_limiter.count(&user.id, size::of_arguments(ctx)),
        None => Ok(()),
    }
}

impl OutputType for KeyedMutation {
    typed_like!(MutationFields);

    async fn resolve(&self, ctx: &ContextSelectionSet<'_>, field: &Positioned<Field>) -> ServerResult<Value> {
        self.0.resolve(ctx, field).await
    }
}

impl ObjectType for KeyedMutation {}

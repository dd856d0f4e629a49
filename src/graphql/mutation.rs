//! The root of what can be done: each field is a part of its own of a request that may be sent again.

use std::borrow::Cow;

use async_graphql::{
    ContainerType, Context, ContextSelectionSet, MergedObject, ObjectType, OutputType, Positioned,
    ServerResult, Value, parser::types::Field, registry::Registry,
};

use super::{
    accounts, admin, agents, blocks, communities, conversations, lounges, reports, spaces, support,
    verification, wallet,
};
use crate::domain::Retry;

/// Puts the parts together, each in a box.
macro_rules! verbs {
    ($($part:ty,)+) => {
        /// Operations that change data.
        #[derive(MergedObject, Default)]
        #[graphql(name = "Mutation")]
        pub struct Verbs($(Boxed<$part>,)+);
    };
}

verbs! {
    accounts::AccountMutation,
    spaces::SpaceMutation,
    spaces::sessions::SpaceSessionMutation,
    conversations::ConversationMutation,
    conversations::voice_messages::VoiceMessageMutation,
    agents::AgentMutation,
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
    blocks::BlockMutation,
    support::changes::SupportMutation,
    support::desk::SupportDeskMutation,
    support::official::OfficialMutation,
}

/// A part whose work is kept in a box: the merged object asks part after part, one within the other, and would else keep
/// the largest work of them all in each step, on a stack that is not that large.
#[derive(Default)]
pub struct Boxed<T>(T);

impl<T: ObjectType> ContainerType for Boxed<T> {
    async fn resolve_field(&self, ctx: &Context<'_>) -> ServerResult<Option<Value>> {
        Box::pin(self.0.resolve_field(ctx)).await
    }
}

impl<T: ObjectType> OutputType for Boxed<T> {
    fn type_name() -> Cow<'static, str> {
        T::type_name()
    }

    fn create_type_info(registry: &mut Registry) -> String {
        T::create_type_info(registry)
    }

    async fn resolve(&self, ctx: &ContextSelectionSet<'_>, field: &Positioned<Field>) -> ServerResult<Value> {
        self.0.resolve(ctx, field).await
    }
}

impl<T: ObjectType> ObjectType for Boxed<T> {}

/// What can be done, field by field.
#[derive(Default)]
pub struct Mutation(Verbs);

impl ContainerType for Mutation {
    async fn resolve_field(&self, ctx: &Context<'_>) -> ServerResult<Option<Value>> {
        let name = ctx.item.node.response_key().node.as_str();
        // All verbs are parts of one future, which is large: it is kept apart, not on the stack.
        Retry::part(name, Box::pin(self.0.resolve_field(ctx))).await
    }
}

impl OutputType for Mutation {
    fn type_name() -> Cow<'static, str> {
        Verbs::type_name()
    }

    fn create_type_info(registry: &mut Registry) -> String {
        Verbs::create_type_info(registry)
    }

    async fn resolve(&self, ctx: &ContextSelectionSet<'_>, field: &Positioned<Field>) -> ServerResult<Value> {
        self.0.resolve(ctx, field).await
    }
}

impl ObjectType for Mutation {}

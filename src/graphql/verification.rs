//! Verification requests of official accounts and the administrators' decisions.

use std::collections::HashMap;

use async_graphql::{Context, Enum, ID, InputObject, Object};
use entity::{
    community,
    verification_request::{self, Status},
};
use uuid::Uuid;

use super::{
    DateTime,
    communities::kinds::Community,
    context::{ContextExt, uuid},
    dataloader::Loader,
    deferred_input::DeferredInput,
    paging::{Connection, Node, wants_total},
    payloads::{RequestVerificationPayload, ReviewVerificationPayload},
    users::User,
};
use crate::{
    app::App,
    domain::{
        Cursor, Page,
        verification::{self, Documents, Verdict},
    },
    error::{Error, Result},
};

/// States of a verification request.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "Status")]
pub(super) enum VerificationStatus {
    /// The request waits for an administrator.
    Pending,
    /// An administrator confirmed the identity of the community.
    Approved,
    /// An administrator did not confirm the identity of the community.
    Rejected,
}

/// Decisions on a verification request.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "Verdict")]
pub(super) enum VerificationVerdict {
    /// Confirms the identity of the community.
    Approved,
    /// Rejects the request.
    Rejected,
}

/// A request to verify an official account. Visible to administrators and the creator.
pub(super) struct VerificationRequest(pub(super) verification_request::Model);

impl Node for VerificationRequest {
    const NAME: &'static str = "VerificationRequest";

    fn cursor(&self) -> Cursor {
        Cursor { rank: Some(self.0.status_rank.into()), at: self.0.created_at, id: self.0.id }
    }
}

/// A request to verify an official account. Visible to administrators and the creator.
#[Object]
impl VerificationRequest {
    /// Unique id of the object (UUID).
    pub(in crate::graphql) async fn id(&self) -> ID {
        self.0.id.into()
    }

    /// The official account to verify.
    async fn community(&self, ctx: &Context<'_>) -> Result<Community> {
        Community::find(ctx, self.0.community_id).await?.ok_or(Error::NotFound("Community"))
    }

    /// The user who sent the request.
    async fn requester(&self) -> User {
        User::maybe(self.0.requester_id.clone(), None)
    }

    /// Name of the business; null when not given.
    async fn business_name(&self) -> Option<&str> {
        self.0.business_name.as_deref()
    }

    /// Number of the business in a public register; null when not given.
    async fn business_registration(&self) -> Option<&str> {
        self.0.business_registration.as_deref()
    }

    /// URL of documents that prove the identity; null when not given.
    async fn documents_url(&self) -> Option<&str> {
        self.0.documents_url.as_deref()
    }

    /// Whether the request is pending, approved or rejected.
    async fn status(&self) -> VerificationStatus {
        self.0.status.into()
    }

    /// The administrator who decided; null while the request is pending.
    async fn reviewer(&self) -> Option<User> {
        self.0.reviewer_id.clone().map(|id| User::maybe(id, None))
    }

    /// Explanation for the requester; null when none was given.
    async fn reviewer_notes(&self) -> Option<&str> {
        self.0.reviewer_notes.as_deref()
    }

    /// Time when the request was sent.
    async fn created_at(&self) -> DateTime {
        self.0.created_at.into()
    }

    /// Time of the decision; null while the request is pending.
    async fn reviewed_at(&self) -> Option<DateTime> {
        self.0.reviewed_at.map(DateTime)
    }
}

/// The fields of an official account about its verification.
pub(super) struct OfficialVerification {
    community_id: Uuid,
    creator_id: String,
}

impl OfficialVerification {
    pub(super) fn of(community: &community::Model) -> Self {
        Self { community_id: community.id, creator_id: community.creator_id.clone() }
    }
}

/// The fields of an official account about its verification.
#[Object]
impl OfficialVerification {
    /// The newest verification request, for its sender while they are the creator and for administrators;
    /// null when there is none, and for other viewers.
    async fn verification(&self, ctx: &Context<'_>) -> Result<Option<VerificationRequest>> {
        let Some(viewer) = ctx.viewer()?.find_user() else { return Ok(None) };
        if !viewer.is_admin && viewer.id != self.creator_id {
            return Ok(None);
        }
        let last = ctx.load::<Verifications>(self.community_id).await?;
        // A former creator's request is visible only to its sender.
        let last = last.filter(|request| viewer.is_admin || request.requester_id == viewer.id);
        Ok(last.map(VerificationRequest))
    }
}

/// Loads the newest verification request by community.
pub(super) struct Verifications;

impl Loader for Verifications {
    type Key = Uuid;
    type Value = verification_request::Model;

    async fn load(app: &App, ids: &[Uuid]) -> Result<HashMap<Uuid, verification_request::Model>> {
        let rows = verification::list_last(app, ids).await?;
        // Oldest first, so that the newest one remains in the map.
        Ok(rows.into_iter().map(|request| (request.community_id, request)).collect())
    }
}

/// Input of `requestVerification`.
#[derive(InputObject)]
pub(super) struct RequestVerificationInput {
    /// Id of the official account.
    community_id: ID,
    /// Name of the business, at most 200 characters.
    business_name: Option<String>,
    /// Number of the business in a public register, at most 100 characters.
    business_registration: Option<String>,
    /// URL of documents that prove the identity, for review by an administrator.
    documents_url: Option<String>,
}

/// Input of `reviewVerification`.
#[derive(InputObject)]
pub(super) struct ReviewVerificationInput {
    /// Id of the verification request.
    verification_request_id: ID,
    /// The decision on the request.
    status: DeferredInput<VerificationVerdict>,
    /// Explanation for the requester; at most 2000 characters.
    reviewer_notes: Option<String>,
}

/// Queries about verification.
#[derive(Default)]
pub(super) struct VerificationQuery;

#[Object]
impl VerificationQuery {
    /// Lists verification requests: pending ones first, then the newest. Pages by cursor or by page number.
    /// Administrators only.
    #[expect(clippy::too_many_arguments, reason = "the arguments of a connection and its filter")]
    async fn verification_requests(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Returns only items with this status.")] status: Option<VerificationStatus>,
        #[graphql(desc = "Returns the first n items (default 20, maximum 50).")] first: Option<i32>,
        #[graphql(desc = "Returns the items after this cursor.")] after: Option<String>,
        #[graphql(desc = "Returns the last n items (maximum 50).")] last: Option<i32>,
        #[graphql(desc = "Returns the items before this cursor.")] before: Option<String>,
        #[graphql(desc = "Page number, from 1.")] page: Option<i32>,
        #[graphql(desc = "Items per page (default 20, maximum 50).")] limit: Option<i32>,
    ) -> Result<Connection<VerificationRequest>> {
        let window =
            Page { first, after, last, before, page, limit }.ranked_window(VerificationRequest::NAME)?;
        let (app, status) = (ctx.app()?, status.map(Into::into));
        let slice = verification::list(app, ctx.user()?, status, window, wants_total(ctx)).await?;
        Ok(Connection(slice.map(VerificationRequest)))
    }

    /// Lists verification requests: pending ones first, then the newest (at most 1000). Administrators only.
    #[graphql(deprecation = "For REST: use `verificationRequests`.")]
    async fn all_verification_requests(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Returns only items with this status.")] status: Option<VerificationStatus>,
    ) -> Result<Vec<VerificationRequest>> {
        let rows = verification::list_all(ctx.app()?, ctx.user()?, status.map(Into::into)).await?;
        Ok(rows.into_iter().map(VerificationRequest).collect())
    }
}

/// Mutations of verification requests.
#[derive(Default)]
pub(super) struct VerificationMutation;

#[Object]
impl VerificationMutation {
    /// Requests verification of an official account, which can have one pending request. Creator only.
    async fn request_verification(
        &self,
        ctx: &Context<'_>,
        input: RequestVerificationInput,
    ) -> Result<RequestVerificationPayload> {
        let documents = Documents {
            business_name: input.business_name,
            business_registration: input.business_registration,
            documents_url: input.documents_url,
        };
        let id = uuid("communityId", &input.community_id)?;
        let row = verification::request(ctx.app()?, ctx.user()?, id, documents).await?;
        Ok(RequestVerificationPayload { verification_request: VerificationRequest(row) })
    }

    /// Decides on a pending verification request; approval verifies the community. Administrators only.
    async fn review_verification(
        &self,
        ctx: &Context<'_>,
        input: ReviewVerificationInput,
    ) -> Result<ReviewVerificationPayload> {
        let verdict = input.status.map(Into::into);
        let id = uuid("verificationRequestId", &input.verification_request_id)?;
        let row = verification::review(ctx.app()?, ctx.user()?, id, verdict, input.reviewer_notes).await?;
        Ok(ReviewVerificationPayload { verification_request: VerificationRequest(row) })
    }
}

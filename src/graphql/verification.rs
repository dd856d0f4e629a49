//! Verification: businesses ask for it, administrators judge.

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
    context::{Asked, uuid},
    dataloader::Loader,
    late::Late,
    paging::{Connection, Node, wants_total},
    users::User,
};
use crate::{
    app::App,
    domain::{
        Cursor, Error, Page, Result, Slice,
        verification::{self, Papers, Verdict},
    },
};

/// Where a request to be verified stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "Status")]
pub(super) enum VerificationStatus {
    /// It waits for an administrator.
    Pending,
    /// The community is who it says.
    Approved,
    /// It was not shown that it is.
    Rejected,
}

/// What an administrator finds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "Verdict")]
pub(super) enum VerificationVerdict {
    /// The community is who it says.
    Approved,
    /// It was not shown that it is.
    Rejected,
}

/// A business asks to be verified. For administrators and who runs it.
pub(super) struct VerificationRequest(verification_request::Model);

impl Node for VerificationRequest {
    const NAME: &'static str = "VerificationRequest";

    fn cursor(&self) -> Cursor {
        Cursor { rank: Some(self.0.status_rank.into()), at: self.0.created_at, id: self.0.id }
    }
}

/// A business asks to be verified. For administrators and who runs it.
#[Object]
impl VerificationRequest {
    /// UUID.
    async fn id(&self) -> ID {
        self.0.id.into()
    }

    /// The official account.
    async fn community(&self, ctx: &Context<'_>) -> Result<Community> {
        Community::find(ctx, self.0.community_id).await?.ok_or(Error::NotFound("Community"))
    }

    /// Who asked.
    async fn requester(&self) -> User {
        User::maybe(self.0.requester_id.clone(), None)
    }

    /// What the business is called.
    async fn business_name(&self) -> Option<&str> {
        self.0.business_name.as_deref()
    }

    /// Its number in a register.
    async fn business_registration(&self) -> Option<&str> {
        self.0.business_registration.as_deref()
    }

    /// Where its documents are.
    async fn documents_url(&self) -> Option<&str> {
        self.0.documents_url.as_deref()
    }

    /// Where it stands.
    async fn status(&self) -> VerificationStatus {
        self.0.status.into()
    }

    /// The administrator that judged it.
    async fn reviewer(&self) -> Option<User> {
        self.0.reviewer_id.clone().map(|id| User::maybe(id, None))
    }

    /// What they noted, for who asked.
    async fn reviewer_notes(&self) -> Option<&str> {
        self.0.reviewer_notes.as_deref()
    }

    /// When it was sent.
    async fn created_at(&self) -> DateTime {
        self.0.created_at.into()
    }

    /// When it was judged.
    async fn reviewed_at(&self) -> Option<DateTime> {
        self.0.reviewed_at.map(DateTime)
    }
}

/// What an official account has of verification.
pub(super) struct OfficialVerification {
    community_id: Uuid,
    creator_id: String,
}

impl OfficialVerification {
    pub(super) fn of(community: &community::Model) -> Self {
        Self { community_id: community.id, creator_id: community.creator_id.clone() }
    }
}

/// What an official account has of verification.
#[Object]
impl OfficialVerification {
    /// Its last request to be verified, for its creator, where they sent it, and administrators; null where there is none,
    /// and to others.
    async fn verification(&self, ctx: &Context<'_>) -> Result<Option<VerificationRequest>> {
        let Some(viewer) = ctx.viewer()?.find_user() else { return Ok(None) };
        if !viewer.is_admin && viewer.id != self.creator_id {
            return Ok(None);
        }
        let last = ctx.load::<Verifications>(self.community_id).await?;
        // What somebody sent who ran it before is theirs.
        let last = last.filter(|request| viewer.is_admin || request.requester_id == viewer.id);
        Ok(last.map(VerificationRequest))
    }
}

/// Loads the last request to be verified, by community.
pub(super) struct Verifications;

impl Loader for Verifications {
    type Key = Uuid;
    type Value = verification_request::Model;

    async fn load(app: &App, ids: &[Uuid]) -> Result<HashMap<Uuid, verification_request::Model>> {
        let rows = verification::list_last(app, ids).await?;
        // Oldest first: the last one stays.
        Ok(rows.into_iter().map(|request| (request.community_id, request)).collect())
    }
}

/// What a business says of itself to be verified.
#[derive(InputObject)]
pub(super) struct RequestVerificationInput {
    /// The official account.
    community_id: ID,
    /// What the business is called, at most 200 characters.
    business_name: Option<String>,
    /// Its number in a register, at most 100 characters.
    business_registration: Option<String>,
    /// URL of its documents, for an administrator to look at.
    documents_url: Option<String>,
}

/// What an administrator finds of a request.
#[derive(InputObject)]
pub(super) struct ReviewVerificationInput {
    /// The request.
    id: ID,
    /// What it comes to.
    status: Late<VerificationVerdict>,
    /// Why, for who asked; at most 2000 characters.
    reviewer_notes: Option<String>,
}

/// Queries about verification.
#[derive(Default)]
pub(super) struct VerificationQuery;

#[Object]
impl VerificationQuery {
    /// Businesses that ask to be verified: those that wait first, then the newest; by cursor or by page number.
    /// Administrators only.
    #[expect(clippy::too_many_arguments, reason = "the arguments of a connection and its filter")]
    async fn verification_requests(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Only those that stand so.")] status: Option<VerificationStatus>,
        #[graphql(desc = "The first so many, 20 unless told, 50 at most.")] first: Option<i32>,
        #[graphql(desc = "Behind this cursor.")] after: Option<String>,
        #[graphql(desc = "The last so many.")] last: Option<i32>,
        #[graphql(desc = "Ahead of this cursor.")] before: Option<String>,
        #[graphql(desc = "The page's number, from 1.")] page: Option<i32>,
        #[graphql(desc = "Rows a page, 20 unless told, 50 at most.")] limit: Option<i32>,
    ) -> Result<Connection<VerificationRequest>> {
        let window = Page { first, after, last, before, page, limit }.ranked_window()?;
        let (app, status) = (ctx.app()?, status.map(Into::into));
        let slice = verification::list(app, ctx.user()?, status, window, wants_total(ctx)).await?;
        let Slice { rows, window, more_after, more_before, total } = slice;
        let rows = rows.into_iter().map(VerificationRequest).collect();
        Ok(Connection(Slice { rows, window, more_after, more_before, total }))
    }

    /// All businesses that ever asked to be verified: those that wait first, then the newest (the first thousand).
    /// Administrators only.
    async fn all_verification_requests(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Only those that stand so.")] status: Option<VerificationStatus>,
    ) -> Result<Vec<VerificationRequest>> {
        let rows = verification::list_all(ctx.app()?, ctx.user()?, status.map(Into::into)).await?;
        Ok(rows.into_iter().map(VerificationRequest).collect())
    }
}

/// What can be done about verification.
#[derive(Default)]
pub(super) struct VerificationMutation;

#[Object]
impl VerificationMutation {
    /// Asks the platform to verify an official account. Its creator only; one request waits at a time.
    async fn request_verification(
        &self,
        ctx: &Context<'_>,
        input: RequestVerificationInput,
    ) -> Result<VerificationRequest> {
        let papers = Papers {
            business_name: input.business_name,
            business_registration: input.business_registration,
            documents_url: input.documents_url,
        };
        let id = uuid("communityId", &input.community_id)?;
        verification::request(ctx.app()?, ctx.user()?, id, papers).await.map(VerificationRequest)
    }

    /// Judges a request to be verified, once; approving verifies the community at the same moment. Administrators only.
    async fn review_verification(
        &self,
        ctx: &Context<'_>,
        input: ReviewVerificationInput,
    ) -> Result<VerificationRequest> {
        let verdict = input.status.map(Into::into);
        let id = uuid("id", &input.id)?;
        let row = verification::review(ctx.app()?, ctx.user()?, id, verdict, input.reviewer_notes).await;
        row.map(VerificationRequest)
    }
}

//! Results of the mutations of verification, reports and administration.

use async_graphql::SimpleObject;

use super::payloads;
use crate::graphql::{
    admin::Account, communities::kinds::Community, reports::Report, verification::VerificationRequest,
};

payloads! {
    RequestVerificationPayload of "requestVerification" {
        /// The new request.
        verification_request: VerificationRequest,
    }
    ReviewVerificationPayload of "reviewVerification" {
        /// The request with its decision.
        verification_request: VerificationRequest,
    }
    CreateReportPayload of "createReport" {
        /// The new report.
        report: Report,
    }
    CloseReportPayload of "closeReport" {
        /// The closed report.
        report: Report,
    }
    BanUserPayload of "banUser" {
        /// The banned account.
        account: Account,
    }
    UnbanUserPayload of "unbanUser" {
        /// The reinstated account.
        account: Account,
    }
    SuspendCommunityPayload of "suspendCommunity" {
        /// The suspended community.
        community: Community,
    }
    ReinstateCommunityPayload of "reinstateCommunity" {
        /// The reinstated community.
        community: Community,
    }
}

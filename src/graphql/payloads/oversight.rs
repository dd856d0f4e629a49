//! Results of the mutations of verification, reports and administration.

use async_graphql::{ID, SimpleObject};

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
    EndConnectionPayload of "endConnection" {
        /// Id of the connection.
        deleted_id: ID,
        /// True when the connection's server has confirmed the end; false when it did not answer in time, so that the
        /// connection may still be open.
        is_confirmed: bool,
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

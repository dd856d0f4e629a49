//! Content negotiation: media type and status of a response.

use axum::http::{HeaderMap, HeaderValue, StatusCode, header};

use super::Outcome;
use crate::transport::{media, sse};

/// Media types of a response.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Media {
    /// `application/json`: the status is 200 for every well-formed request.
    Json,
    /// `application/graphql-response+json`: the status depends on the result.
    GraphQl,
    /// `text/event-stream`: a stream of responses; a refusal before its start is JSON.
    Events,
}

impl Media {
    /// Returns the type that `Accept` prefers, JSON without `Accept`; `None` if it allows none.
    pub(super) fn negotiate(headers: &HeaderMap) -> Option<Self> {
        let mut best: Option<(f32, Self)> = None;
        let mut any = false;
        for value in headers.get_all(header::ACCEPT) {
            for range in value.to_str().unwrap_or_default().split(',') {
                any = true;
                let mut parts = range.split(';').map(str::trim);
                let media = match parts.next().unwrap_or_default().to_ascii_lowercase().as_str() {
                    "application/graphql-response+json" => Self::GraphQl,
                    sse::MEDIA => Self::Events,
                    "application/json" | "application/*" | "*/*" => Self::Json,
                    _ => continue,
                };
                let weight = parts.find_map(|part| part.strip_prefix("q=")?.parse().ok()).unwrap_or(1.0);
                if weight > 0.0 && best.is_none_or(|(heaviest, _)| weight > heaviest) {
                    best = Some((weight, media));
                }
            }
        }
        if any { best.map(|(_, media)| media) } else { Some(Self::Json) }
    }

    pub(super) fn content_type(self) -> HeaderValue {
        HeaderValue::from_static(match self {
            Self::Json | Self::Events => "application/json; charset=utf-8",
            Self::GraphQl => "application/graphql-response+json; charset=utf-8",
        })
    }

    /// Returns the status of a response: 400 if the operation did not run and the media type distinguishes it
    /// from a proxy's 400.
    pub(super) fn status(self, outcome: &Outcome) -> StatusCode {
        match (self, outcome) {
            (Self::GraphQl, Outcome::Failed(failure)) => {
                StatusCode::from_u16(failure.code.status()).unwrap_or(StatusCode::BAD_REQUEST)
            }
            _ => StatusCode::OK,
        }
    }
}

/// Returns whether `Accept` allows an event stream, even beside other types.
pub(super) fn allows_events(headers: &HeaderMap) -> bool {
    let mut ranges = headers.get_all(header::ACCEPT).iter().flat_map(|value| {
        value.to_str().unwrap_or_default().split(',').filter_map(|range| range.split(';').next())
    });
    let allows = |range: &str| {
        let range = range.trim();
        range == "*/*" || range == "text/*" || range.eq_ignore_ascii_case(sse::MEDIA)
    };
    !headers.contains_key(header::ACCEPT) || ranges.any(allows)
}

/// Returns whether the client prefers an HTML page.
pub(super) fn is_browser(headers: &HeaderMap) -> bool {
    headers
        .get(header::ACCEPT)
        .and_then(|value| value.to_str().ok())
        .is_some_and(|accept| accept.split(',').any(|range| range.trim().starts_with("text/html")))
}

/// Returns whether the body is JSON in UTF-8, not compressed.
pub(super) fn is_json(headers: &HeaderMap) -> bool {
    let Some(value) = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()) else {
        return false;
    };
    let essence = value.split(';').next().unwrap_or_default().trim();
    essence.eq_ignore_ascii_case("application/json") && media::is_utf8(value) && !media::is_encoded(headers)
}

//! Which media type an answer gets, and the status that goes with it.

use axum::http::{HeaderMap, HeaderValue, StatusCode, header};

use super::Outcome;
use crate::sse;

/// The media type of an answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Media {
    /// `application/json`: any well-formed request is answered with 200.
    Json,
    /// `application/graphql-response+json`: the status tells what became of the request.
    GraphQl,
    /// `text/event-stream`: a stream of answers; what is refused before it begins is JSON all the same.
    Events,
}

impl Media {
    /// The type that `Accept` prefers; none when it allows neither. Without `Accept` it is JSON.
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

    /// The status of an answer: 400 for what did not run, where the client can tell it from a proxy's 400.
    pub(super) fn status(self, outcome: &Outcome) -> StatusCode {
        match (self, outcome) {
            (Self::GraphQl, Outcome::Failed(failure)) => {
                StatusCode::from_u16(failure.code.status()).unwrap_or(StatusCode::BAD_REQUEST)
            }
            _ => StatusCode::OK,
        }
    }
}

/// Whether `Accept` allows a stream of events, if only as one of many.
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

/// Whether a page is wanted rather than an answer.
pub(super) fn is_browser(headers: &HeaderMap) -> bool {
    headers
        .get(header::ACCEPT)
        .and_then(|value| value.to_str().ok())
        .is_some_and(|accept| accept.split(',').any(|range| range.trim().starts_with("text/html")))
}

/// Whether the body is JSON in UTF-8.
pub(super) fn is_json(headers: &HeaderMap) -> bool {
    let Some(value) = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()) else {
        return false;
    };
    let mut parts = value.split(';').map(str::trim);
    let json = parts.next().is_some_and(|essence| essence.eq_ignore_ascii_case("application/json"));
    json && parts.all(|part| {
        part.split_once('=').is_none_or(|(name, value)| {
            !name.trim().eq_ignore_ascii_case("charset")
                || value.trim_matches('"').eq_ignore_ascii_case("utf-8")
        })
    })
}

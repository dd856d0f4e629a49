//! Facts about the API that the OpenAPI document names.

use super::{examples::Examples, response_headers::ResponseHeader};

/// General information about the service.
pub struct ApiInfo {
    /// Name of the service.
    pub title: String,
    /// Version of the service.
    pub version: String,
    /// Description of the service in a few sentences.
    pub description: String,
    /// Base URL, to which paths are appended.
    pub server_url: String,
    /// URL at which the operators can be reached.
    pub contact: String,
    /// Licence of the software, as an SPDX expression.
    pub license: String,
    /// Maximum bytes of an answer: a route whose answers can be larger declares that they are refused.
    pub response_bytes: usize,
    /// Descriptions of the documents' tags, by tag.
    pub tags: Vec<(String, String)>,
    /// Headers that the server adds to the answers of all operations.
    pub headers: Vec<ResponseHeader>,
    /// Examples of the operations.
    pub examples: Examples,
}

//! Forms with files (`multipart/form-data`) for GraphQL and REST, read within limits from a bounded body.

use axum::http::{HeaderMap, header::CONTENT_TYPE};
use bytes::Bytes;
use futures_util::stream;
use multer::{Constraints, Error, Multipart, SizeLimit};

use super::{Refusal, excerpt};
use crate::error::Code;

/// Maximum number of parts without a file.
const TEXTS: usize = 32;
/// Maximum bytes of a part's name.
const LONGEST_NAME: usize = 256;

/// Limits of a form.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// Maximum number of files.
    pub files: usize,
    /// Maximum bytes of a file.
    pub file_bytes: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self { files: 4, file_bytes: 8 * 1024 * 1024 }
    }
}

/// A part of a form.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Part {
    /// Name of the part.
    pub name: String,
    /// Content of the part.
    pub content: Content,
}

/// Content of a part.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Content {
    /// Text.
    Text(String),
    /// A file. Its file name and content type are not kept.
    File(Bytes),
}

/// Returns whether a request has a form as its body.
pub fn is_form(headers: &HeaderMap) -> bool {
    kind(headers)
        .split(';')
        .next()
        .is_some_and(|kind| kind.trim().eq_ignore_ascii_case("multipart/form-data"))
}

/// Reads the form of a request.
///
/// # Errors
/// Returns [`Code::PayloadTooLarge`] beyond a limit, [`Code::Invalid`] if the body is not a form.
pub async fn read(headers: &HeaderMap, body: Bytes, limits: Limits) -> Result<Vec<Part>, Refusal> {
    let boundary = multer::parse_boundary(kind(headers)).map_err(refused)?;
    let size = SizeLimit::new().per_field(limits.file_bytes as u64);
    let whole = stream::iter([Ok::<_, Error>(body)]);
    let mut form = Multipart::with_constraints(whole, boundary, Constraints::new().size_limit(size));
    let (mut parts, mut files) = (Vec::new(), 0);
    while let Some(field) = form.next_field().await.map_err(refused)? {
        let name = field.name().unwrap_or_default().to_owned();
        let is_file = field.file_name().is_some();
        files += usize::from(is_file);
        if files > limits.files || parts.len() >= limits.files + TEXTS {
            let message = format!("The form has more than {} files, or too many parts", limits.files);
            return Err(Refusal::new(Code::PayloadTooLarge, message));
        }
        if name.len() > LONGEST_NAME {
            let message = format!("A part of the form has a name of more than {LONGEST_NAME} bytes");
            return Err(Refusal::new(Code::Invalid, message));
        }
        if name.is_empty() || name.contains('\0') {
            return Err(Refusal::new(Code::Invalid, "A part of the form has no name"));
        }
        let content = field.bytes().await.map_err(refused)?;
        let content = if is_file { Content::File(content) } else { Content::Text(text(&name, &content)?) };
        parts.push(Part { name, content });
    }
    Ok(parts)
}

fn text(name: &str, content: &[u8]) -> Result<String, Refusal> {
    String::from_utf8(content.to_vec()).map_err(|_| {
        let name = excerpt(name);
        let message = format!("Invalid value for {name:?}: is not UTF-8");
        Refusal::about(Code::Invalid, name, message)
    })
}

fn kind(headers: &HeaderMap) -> &str {
    headers.get(CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).unwrap_or_default()
}

fn refused(error: Error) -> Refusal {
    match error {
        Error::FieldSizeExceeded { limit, .. } | Error::StreamSizeExceeded { limit } => {
            Refusal::new(Code::PayloadTooLarge, format!("A file is larger than {limit} bytes"))
        }
        Error::NoBoundary => Refusal::new(Code::Invalid, "The form's content type has no boundary"),
        Error::IncompleteFieldData { .. } | Error::IncompleteHeaders | Error::IncompleteStream => {
            Refusal::new(Code::Invalid, "The form ended before it was complete")
        }
        _ => Refusal::new(Code::Invalid, "The body is not a form"),
    }
}

#[cfg(test)]
mod tests {
    use axum::http::HeaderValue;

    use super::*;

    const SMALL: Limits = Limits { files: 2, file_bytes: 10 };

    async fn parts(kind: &'static str, body: &str) -> Result<Vec<Part>, (Code, String)> {
        let mut headers = HeaderMap::new();
        headers.insert(CONTENT_TYPE, HeaderValue::from_static(kind));
        let body = body.replace('\n', "\r\n");
        read(&headers, Bytes::from(body), SMALL).await.map_err(|refusal| (refusal.code, refusal.message))
    }

    async fn form(parts_: &[(&str, &str)]) -> Result<Vec<Part>, (Code, String)> {
        let parts_ = parts_
            .iter()
            .map(|(head, content)| format!("--x\nContent-Disposition: form-data; {head}\n\n{content}\n"));
        parts("multipart/form-data; boundary=x", &format!("{}--x--\n", parts_.collect::<String>())).await
    }

    #[tokio::test]
    async fn texts_and_files_are_told_apart() {
        let read = form(&[("name=\"a\"", "words"), ("name=\"b\"; filename=\"../../x\"", "0123456789")]).await;
        let part = |name: &str, content| Part { name: name.to_owned(), content };
        let text = Content::Text("words".to_owned());
        let file = Content::File(Bytes::from_static(b"0123456789"));
        assert_eq!(read, Ok(vec![part("a", text), part("b", file)]));
        assert_eq!(form(&[]).await, Ok(Vec::new()));
    }

    #[tokio::test]
    async fn a_form_beyond_its_limits_is_refused() {
        let file = |content: &'static str| ("name=\"f\"; filename=\"f\"", content);
        for parts in [
            vec![file("01234567890")],
            vec![("name=\"t\"", "01234567890")],
            vec![file("1"), file("2"), file("3")],
            vec![("name=\"t\"", "t"); 40],
        ] {
            assert_eq!(form(&parts).await.unwrap_err().0, Code::PayloadTooLarge, "{parts:?}");
        }
    }

    #[tokio::test]
    async fn an_invalid_form_is_refused() {
        const FORM: &str = "multipart/form-data; boundary=x";
        for (kind, body) in [
            ("multipart/form-data", "--x--\n"),
            ("multipart/form-data; boundary=", "--x--\n"),
            (FORM, ""),
            (FORM, "words"),
            (FORM, "{}"),
            (FORM, "--x\n"),
            (FORM, "--x\nContent-Disposition: form-data; name=\"a\"\n\nwords"),
            (FORM, "--x\nContent-Disposition: form-data; name=\"a\"\n\nwords\n--x"),
            (FORM, "--x\nContent-Disposition: form-data\n\nwords\n--x--\n"),
            (FORM, "--x\n\nwords\n--x--\n"),
        ] {
            assert_eq!(parts(kind, body).await.unwrap_err().0, Code::Invalid, "{kind} {body}");
        }
    }
}

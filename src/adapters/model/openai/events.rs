//! Splits bytes into lines and lines into payloads of server-sent events. A line is decoded when it is
//! complete, so that characters may be split between packets.

/// Maximum bytes of a line.
const LONGEST_LINE: usize = 1024 * 1024;

/// Splits a stream of bytes into the relevant lines.
#[derive(Default)]
pub(super) struct Events {
    rest: Vec<u8>,
    /// Bytes of `rest` without a line end, which are not searched again.
    searched: usize,
    begun: bool,
    /// Whether the last line ended with a carriage return, so that a following line feed belongs to it.
    returned: bool,
}

/// A line exceeds the limit.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct TooLong;

/// A relevant line of the stream.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Line {
    /// The text after `data:`.
    Data(Vec<u8>),
    /// The text after `error:`, as llama.cpp reports errors.
    Fault(Vec<u8>),
    /// `event: error`: the next data is an error.
    FaultNext,
    /// A line that is not a field of an event: part of a body that is not an event stream.
    Bare(Vec<u8>),
    /// The blank line that ends an event.
    End,
}

impl Events {
    /// Adds bytes; returns the complete lines.
    pub(super) fn push(&mut self, bytes: &[u8]) -> Result<Vec<Line>, TooLong> {
        self.rest.extend_from_slice(bytes);
        let (mut lines, mut from) = (Vec::new(), 0);
        while let Some(at) = self.rest[self.searched..].iter().position(|byte| matches!(byte, b'\n' | b'\r'))
        {
            let end = self.searched + at;
            let is_rest_of_end = self.returned && end == from && self.rest[end] == b'\n';
            if !is_rest_of_end {
                lines.extend(line(&self.rest[from..end], !self.begun));
                self.begun = true;
            }
            self.returned = self.rest[end] == b'\r';
            from = end + 1;
            self.searched = from;
        }
        if from < self.rest.len() {
            self.returned = false;
        }
        self.rest.drain(..from);
        self.searched = self.rest.len();
        if self.rest.len() > LONGEST_LINE { Err(TooLong) } else { Ok(lines) }
    }

    /// Returns the last line if no line end follows it.
    pub(super) fn finish(&mut self) -> Option<Line> {
        self.searched = 0;
        let rest = std::mem::take(&mut self.rest);
        if rest.is_empty() { None } else { line(&rest, !self.begun) }
    }
}

/// Parses one line. Comments and other fields are ignored, as is a byte order mark on the first line.
fn line(bytes: &[u8], first: bool) -> Option<Line> {
    let bytes = if first { bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes) } else { bytes };
    if bytes.is_empty() {
        return Some(Line::End);
    }
    let field = |name: &[u8]| {
        let value = bytes.strip_prefix(name)?;
        Some(value.strip_prefix(b" ").unwrap_or(value).to_vec())
    };
    if let Some(data) = field(b"data:") {
        return Some(Line::Data(data));
    }
    // Some servers write spaces around the name.
    let spaced = bytes.trim_ascii_start().strip_prefix(b"data").map(<[u8]>::trim_ascii_start);
    if let Some(data) = spaced.and_then(|rest| rest.strip_prefix(b":")) {
        return Some(Line::Data(data.trim_ascii_start().to_vec()));
    }
    if let Some(fault) = field(b"error:") {
        return Some(Line::Fault(fault));
    }
    if let Some(event) = field(b"event:") {
        return event.trim_ascii().eq_ignore_ascii_case(b"error").then_some(Line::FaultNext);
    }
    let is_other = bytes.starts_with(b":") || field(b"id:").is_some() || field(b"retry:").is_some();
    (!is_other).then(|| Line::Bare(bytes.to_vec()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn data(text: &str) -> Line {
        Line::Data(text.as_bytes().to_vec())
    }

    #[test]
    fn any_cut_of_the_bytes_gives_the_same_lines() {
        let wanted = [
            data("äö"),
            Line::End,
            Line::FaultNext,
            data("{\"東\":1}"),
            Line::End,
            data(" two"),
            Line::Bare(b"{}".to_vec()),
            data("[DONE]"),
        ];
        let text = "\u{feff}data: äö\n\n: comment\nevent: error\nid: 7\nretry: 9\ndata:{\"東\":1}\n\ndata:  two\n{}\ndata: [DONE]";
        for end in ["\n", "\r\n", "\r"] {
            let text = text.replace('\n', end).into_bytes();
            for size in 1..=text.len() {
                let mut events = Events::default();
                let mut lines = Vec::new();
                for bytes in text.chunks(size) {
                    lines.extend(events.push(bytes).unwrap());
                }
                lines.extend(events.finish());
                assert_eq!(lines, wanted, "{end:?} {size}");
            }
        }
    }

    #[test]
    fn spaces_around_the_name_are_ignored() {
        for text in ["data : x\n", " data: x\n", "\tdata:x\n"] {
            assert_eq!(Events::default().push(text.as_bytes()).unwrap(), [data("x")], "{text:?}");
        }
    }

    #[test]
    fn a_line_without_end_is_refused() {
        let mut events = Events::default();
        let part = vec![b'x'; 64 * 1024];
        let refused = (0..17).map(|_| events.push(&part)).find(Result::is_err);
        assert_eq!(refused, Some(Err(TooLong)));
    }
}

//! Bytes to lines, lines to the payloads of server-sent events. Nothing is read as text before its line is whole, so
//! that a character split between packets survives.

/// A line longer than this is no answer of a model.
const LONGEST_LINE: usize = 1024 * 1024;

/// Cuts a stream of bytes into the payloads of its `data:` lines.
#[derive(Default)]
pub(super) struct Events {
    rest: Vec<u8>,
    /// How much of `rest` has no line end, so that it is not searched twice.
    searched: usize,
    begun: bool,
}

/// A line above the limit.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct TooLong;

/// A line of the stream, as far as it matters.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Line {
    /// What follows `data:`.
    Data(Vec<u8>),
    /// The blank line that ends an event.
    End,
}

impl Events {
    /// Takes the next bytes; gives the lines that are whole now.
    pub(super) fn push(&mut self, bytes: &[u8]) -> Result<Vec<Line>, TooLong> {
        self.rest.extend_from_slice(bytes);
        let (mut lines, mut from) = (Vec::new(), 0);
        while let Some(at) = self.rest[self.searched..].iter().position(|byte| *byte == b'\n') {
            let end = self.searched + at;
            lines.extend(line(&self.rest[from..end], !self.begun));
            self.begun = true;
            from = end + 1;
            self.searched = from;
        }
        self.rest.drain(..from);
        self.searched = self.rest.len();
        if self.rest.len() > LONGEST_LINE { Err(TooLong) } else { Ok(lines) }
    }

    /// The last line, where no line end followed it.
    pub(super) fn finish(&mut self) -> Option<Line> {
        self.searched = 0;
        let rest = std::mem::take(&mut self.rest);
        if rest.is_empty() { None } else { line(&rest, !self.begun) }
    }
}

/// Reads one line; comments and other fields do not matter. A mark of byte order may come first.
fn line(bytes: &[u8], first: bool) -> Option<Line> {
    let bytes = if first { bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes) } else { bytes };
    let bytes = bytes.strip_suffix(b"\r").unwrap_or(bytes);
    if bytes.is_empty() {
        return Some(Line::End);
    }
    let data = bytes.strip_prefix(b"data:")?;
    Some(Line::Data(data.strip_prefix(b" ").unwrap_or(data).to_vec()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn data(text: &str) -> Line {
        Line::Data(text.as_bytes().to_vec())
    }

    #[test]
    fn any_cut_of_the_bytes_gives_the_same_lines() {
        let text = "\u{feff}data: äö\r\n\r\n: comment\nevent: x\ndata:{\"東\":1}\n\ndata:  two\ndata: [DONE]"
            .as_bytes();
        let wanted = [data("äö"), Line::End, data("{\"東\":1}"), Line::End, data(" two"), data("[DONE]")];
        for size in 1..=text.len() {
            let mut events = Events::default();
            let mut lines = Vec::new();
            for bytes in text.chunks(size) {
                lines.extend(events.push(bytes).unwrap());
            }
            lines.extend(events.finish());
            assert_eq!(lines, wanted, "{size}");
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

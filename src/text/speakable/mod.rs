//! Turns Markdown that arrives in pieces into sentences to read aloud.
//!
//! Emphasis, headings, list and quote marks, code blocks, rules, emoji and HTML tags are left out. The cells
//! of a table are read one after the other, links as their text, addresses as their host. The result depends
//! only on the text, not on its pieces: undecided text is held back, up to a limit.

mod entities;
mod inline;

use super::sentences::Sentences;

/// Maximum bytes of a mark, link or line that are held back.
const HELD: usize = 4096;
/// Maximum nesting of links.
const MAX_DEPTH: usize = 8;

/// Splits Markdown that arrives in pieces into sentences to read aloud.
#[derive(Clone, Debug, Default)]
pub struct Speakable {
    text: String,
    reader: Reader,
    sentences: Sentences,
}

/// Returns all sentences of a complete text, as they are read aloud.
pub fn speakable(text: &str) -> Vec<String> {
    let mut speakable = Speakable::default();
    let mut sentences = speakable.push(text);
    sentences.extend(speakable.finish());
    sentences
}

impl Speakable {
    /// Adds the next piece; returns the complete sentences.
    pub fn push(&mut self, piece: &str) -> Vec<String> {
        self.text.push_str(piece);
        let out = self.read(false);
        self.sentences.push(&out)
    }

    /// Ends the text; returns the remaining sentences.
    pub fn finish(&mut self) -> Vec<String> {
        let out = self.read(true);
        let mut sentences = self.sentences.push(&out);
        sentences.extend(self.sentences.finish());
        self.reader = Reader::default();
        sentences
    }

    fn read(&mut self, is_last: bool) -> String {
        let mut out = String::new();
        let mut at = 0;
        while at < self.text.len() {
            let Some(length) = self.reader.step(&self.text[at..], is_last, &mut out) else { break };
            at += length.max(1);
        }
        self.text.drain(..at);
        out
    }
}

/// The state of reading a text.
#[derive(Clone, Debug)]
struct Reader {
    /// Whether the position is at the beginning of a line, after its marks.
    is_line: bool,
    /// Whether the line has only marks of a quote so far.
    is_quote: bool,
    /// Character and length of the open code fence.
    fence: Option<(char, usize)>,
    /// The last character read, and the last one spoken.
    last: Option<char>,
    out: Option<char>,
    /// Whether a space precedes the next spoken text, and whether text was left out there.
    has_gap: bool,
    has_cut: bool,
    /// Number of links and cells around the text.
    depth: usize,
}

impl Default for Reader {
    fn default() -> Self {
        Self {
            is_line: true,
            is_quote: false,
            fence: None,
            last: None,
            out: None,
            has_gap: false,
            has_cut: false,
            depth: 0,
        }
    }
}

impl Reader {
    /// Reads one mark or character. Returns its number of bytes, or `None` if more text is needed.
    fn step(&mut self, text: &str, is_last: bool, out: &mut String) -> Option<usize> {
        let length = if self.fence.is_some() || self.is_line {
            match self.line(text, is_last, out) {
                Line::More => return None,
                Line::Read(length) => return Some(length),
                Line::Text => {
                    let length = self.inline(text, is_last, out, true)?;
                    self.is_line &= text[..length].ends_with(['\n', '\r']);
                    length
                }
            }
        } else {
            self.inline(text, is_last, out, false)?
        };
        self.last = text[..length].chars().next_back();
        Some(length)
    }

    fn say(&mut self, c: char, out: &mut String) {
        if is_silent(c) {
            self.has_cut = true;
            return;
        }
        if c != '\n' && c.is_whitespace() {
            self.has_gap = self.out.is_some_and(|c| c != '\n');
            return;
        }
        let joins = c == '\n' || (self.has_cut && matches!(c, '.' | ',' | ';' | ':' | '!' | '?'));
        if std::mem::take(&mut self.has_gap) && !joins {
            out.push(' ');
        }
        (self.has_cut, self.is_quote) = (false, false);
        self.out = Some(c);
        out.push(c);
    }

    fn say_all(&mut self, text: &str, out: &mut String) {
        text.chars().for_each(|c| self.say(c, out));
    }

    fn end_line(&mut self, out: &mut String) {
        (self.is_line, self.is_quote) = (true, false);
        self.last = Some('\n');
        if self.out.is_some_and(|c| c != '\n') {
            self.say('\n', out);
        }
    }

    /// Reads the marks at the beginning of a line, or a line that is a mark as a whole.
    fn line(&mut self, text: &str, is_last: bool, out: &mut String) -> Line {
        let end = text.find('\n');
        let is_whole = end.is_some() || is_last || text.len() >= HELD;
        let line = &text[..end.unwrap_or(text.len())];
        let length = end.map_or(text.len(), |end| end + 1);
        if let Some((sign, count)) = self.fence {
            if !is_whole {
                return Line::More;
            }
            let rest = line.trim();
            if end.is_some() || is_last {
                let closes =
                    !rest.is_empty() && rest.chars().all(|c| c == sign) && rest.chars().count() >= count;
                if closes {
                    self.fence = None;
                }
            }
            self.is_line = true;
            return Line::Read(length);
        }
        let body = line.trim_start_matches([' ', '\t', '\u{a0}', '\u{3000}']);
        let indent = line.len() - body.len();
        let Some(first) = body.chars().next() else {
            return match end {
                Some(_) => {
                    self.end_line(out);
                    Line::Read(length)
                }
                None if is_whole => Line::Read(length),
                None => Line::More,
            };
        };
        let run = body.len() - body.trim_start_matches(first).len();
        let next = body[run..].chars().next();
        match first {
            '`' | '~' if run >= 3 => {
                if !is_whole {
                    return Line::More;
                }
                if first == '`' && body[run..].contains('`') {
                    return Line::Text;
                }
                self.fence = Some((first, run));
                self.end_line(out);
                Line::Read(length)
            }
            '`' | '~' if next.is_none() && !is_whole => Line::More,
            '|' => {
                if !is_whole {
                    return Line::More;
                }
                self.row(body, out);
                self.end_line(out);
                Line::Read(length)
            }
            '#' if next.is_none() && !is_whole => Line::More,
            '#' if run <= 6 && next.is_none_or(char::is_whitespace) => {
                self.is_line = false;
                Line::Read(indent + run)
            }
            '>' => {
                self.is_quote = true;
                Line::Read(indent + 1)
            }
            '-' | '*' | '+' | '_' | '=' | ':' | '•' | '◦' | '▪' | '‣' | '–' | '—' | '·' => {
                // A line of these characters only is a rule, or separates the header of a table.
                let is_rule = body
                    .chars()
                    .all(|c| matches!(c, '-' | '*' | '+' | '_' | '=' | ':' | '|' | ' ' | '\t' | '\r'));
                if is_rule && !is_whole {
                    return Line::More;
                }
                if is_rule && body.trim_end() != ":" {
                    self.end_line(out);
                    return Line::Read(length);
                }
                let is_item = !matches!(first, '_' | '=' | ':') && run == first.len_utf8();
                match next {
                    None if !is_whole => Line::More,
                    Some(next) if is_item && (next == ' ' || next == '\t') => {
                        self.item(body, indent, run, is_whole)
                    }
                    _ => Line::Text,
                }
            }
            _ => Line::Text,
        }
    }

    /// Reads a list item, possibly with a checkbox.
    fn item(&mut self, body: &str, indent: usize, run: usize, is_whole: bool) -> Line {
        let rest = body[run..].trim_start();
        let skipped = indent + body.len() - rest.len();
        for tick in ["[ ]", "[x]", "[X]"] {
            if rest.starts_with(tick) {
                return Line::Read(skipped + tick.len());
            }
            if !is_whole && tick.starts_with(rest) {
                return Line::More;
            }
        }
        Line::Read(skipped)
    }

    /// Reads the cells of a table row.
    fn row(&mut self, row: &str, out: &mut String) {
        if row.chars().all(|c| matches!(c, '|' | '-' | ':' | '=' | '+' | ' ' | '\t' | '\r')) {
            return;
        }
        let row = row.replace("\\|", "\u{ff5c}");
        let mut is_first = true;
        for cell in row.split('|').map(str::trim).filter(|cell| !cell.is_empty()) {
            let words = plain(&cell.replace('\u{ff5c}', "|"), self.depth + 1);
            if words.trim().is_empty() {
                continue;
            }
            if !std::mem::take(&mut is_first) {
                self.say_all(", ", out);
            }
            self.say_all(words.trim(), out);
        }
    }
}

/// The beginning of a line.
enum Line {
    /// More text is needed.
    More,
    /// Number of bytes of marks.
    Read(usize),
    /// Text.
    Text,
}

/// Returns the text of a nested piece of Markdown. At a depth that no author writes it is returned as it is, because
/// reading it recurses.
fn plain(text: &str, depth: usize) -> String {
    if depth > MAX_DEPTH {
        return text.to_owned();
    }
    let mut out = String::new();
    let mut reader = Reader { is_line: false, depth, ..Reader::default() };
    let mut at = 0;
    while at < text.len() {
        at += reader.step(&text[at..], true, &mut out).unwrap_or(1).max(1);
    }
    out
}

/// Returns whether a character is not spoken: emoji and invisible characters.
fn is_silent(c: char) -> bool {
    matches!(
        c,
        '\u{200b}'..='\u{200f}'
            | '\u{202a}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}'
            | '\u{20e3}'
            | '\u{2190}'..='\u{21ff}'
            | '\u{2300}'..='\u{23ff}'
            | '\u{2500}'..='\u{27bf}'
            | '\u{2900}'..='\u{297f}'
            | '\u{2b00}'..='\u{2bff}'
            | '\u{fe00}'..='\u{fe0f}'
            | '\u{feff}'
            | '\u{1f000}'..='\u{1faff}'
            | '\u{e0000}'..='\u{e0fff}'
    )
}

#[cfg(test)]
mod tests;

//! Ranges of a message in which mentions do not count: code, quotes, links and addresses.

use std::ops::Range;

/// Maximum length of a link destination, in bytes; longer ones do not count as links.
const MAX_DESTINATION_BYTES: usize = 2000;

/// Returns the ranges in which mentions do not count, sorted and disjoint.
pub(super) fn unmentionable_ranges(text: &str) -> Vec<Range<usize>> {
    let mut blocks =
        Blocks { text, hidden: Vec::new(), fence: None, paragraph: None, is_apart: true, in_list: false };
    let mut at = 0;
    for line in lines(text) {
        blocks.line(at..at + line.len());
        at += line.len();
    }
    blocks.end();
    let mut found = blocks.hidden;
    found.sort_unstable_by_key(|range| range.start);
    let mut hidden: Vec<Range<usize>> = Vec::with_capacity(found.len());
    for range in found {
        match hidden.last_mut() {
            Some(last) if range.start <= last.end => last.end = last.end.max(range.end),
            _ => hidden.push(range),
        }
    }
    hidden
}

/// Splits a text into lines with their line endings, of any kind.
fn lines(text: &str) -> impl Iterator<Item = &str> {
    let mut rest = text;
    std::iter::from_fn(move || {
        if rest.is_empty() {
            return None;
        }
        let end = rest
            .find(['\n', '\r'])
            .map_or(rest.len(), |at| at + if rest[at..].starts_with("\r\n") { 2 } else { 1 });
        let (line, after) = rest.split_at(end);
        rest = after;
        Some(line)
    })
}

struct Blocks<'a> {
    text: &'a str,
    hidden: Vec<Range<usize>>,
    /// Character and length of the open code fence.
    fence: Option<(char, usize)>,
    /// Range of the current paragraph, which the next line may continue.
    paragraph: Option<Range<usize>>,
    /// Whether the next line follows a blank line or starts the text.
    is_apart: bool,
    in_list: bool,
}

impl Blocks<'_> {
    fn line(&mut self, range: Range<usize>) {
        let line = self.text[range.clone()].trim_end();
        if let Some((sign, length)) = self.fence {
            let rest = line.trim_start();
            let closing = rest.trim_start_matches(sign);
            if closing.is_empty() && rest.chars().count() >= length {
                self.fence = None;
            }
            self.hidden.push(range);
            return;
        }
        let indent: usize = line
            .chars()
            .map_while(|c| match c {
                ' ' => Some(1),
                '\t' => Some(4),
                _ => None,
            })
            .sum();
        let body = line.trim_start_matches([' ', '\t']);
        let (body, is_item) = item(body);
        if body.is_empty() {
            self.end();
            self.is_apart = true;
            return;
        }
        if is_quote(body) {
            self.end();
            self.hidden.push(range);
            self.is_apart = false;
            return;
        }
        if let Some(fence) = fence(body) {
            self.end();
            self.hidden.push(range);
            self.fence = Some(fence);
            self.is_apart = false;
            return;
        }
        if indent >= 4 && self.is_apart && !is_item && !self.in_list {
            self.hidden.push(range);
            return;
        }
        self.in_list = is_item || (self.in_list && (indent > 0 || !self.is_apart));
        self.is_apart = false;
        let begin = self.paragraph.take().map_or(range.start, |paragraph| paragraph.start);
        self.paragraph = Some(begin..range.end);
    }

    /// Ends the current paragraph.
    fn end(&mut self) {
        if let Some(range) = self.paragraph.take() {
            let found = spans(&self.text[range.clone()]);
            self.hidden
                .extend(found.into_iter().map(|span| span.start + range.start..span.end + range.start));
        }
    }
}

/// Strips list item markers from the start of a line; also returns whether there were any.
fn item(line: &str) -> (&str, bool) {
    let (mut rest, mut is_item) = (line, false);
    loop {
        let digits = rest.trim_start_matches(|c: char| c.is_ascii_digit());
        let behind = if digits.len() < rest.len() {
            digits.strip_prefix(['.', ')'])
        } else {
            rest.strip_prefix(['-', '*', '+'])
        };
        let Some(behind) = behind.filter(|behind| behind.starts_with([' ', '\t'])) else {
            return (rest, is_item);
        };
        (rest, is_item) = (behind.trim_start(), true);
    }
}

/// Returns whether a line is a quote. A first word such as `>:(` or `>_<` is an emoticon.
fn is_quote(line: &str) -> bool {
    line.strip_prefix('>').is_some_and(|rest| {
        let word = rest.split(char::is_whitespace).next().unwrap_or_default();
        let has_eyes = word.starts_with(['_', ':', ';', '.', '=', '<', 'o', 'O', '^', '-']);
        let is_face =
            word.chars().all(|c| c.is_ascii_punctuation() || matches!(c, 'o' | 'O' | 'D' | 'P' | 'p' | '3'));
        !(has_eyes && is_face && (2..=4).contains(&word.len()))
    })
}

/// Returns character and length of the code fence that a line opens.
fn fence(line: &str) -> Option<(char, usize)> {
    let sign = line.chars().next().filter(|c| matches!(c, '`' | '~'))?;
    let rest = line.trim_start_matches(sign);
    let length = line.len() - rest.len();
    (length >= 3 && (sign == '~' || !rest.contains('`'))).then_some((sign, length))
}

/// Returns the code, links and addresses of a paragraph.
fn spans(text: &str) -> Vec<Range<usize>> {
    let mut found = code(text);
    let mut codes = found.clone().into_iter().peekable();
    let mut open = Vec::new();
    let mut escaped = false;
    for (at, c) in text.char_indices() {
        while codes.next_if(|code| code.end <= at).is_some() {}
        if std::mem::take(&mut escaped) || codes.peek().is_some_and(|code| code.contains(&at)) {
            continue;
        }
        match c {
            '\\' => escaped = true,
            '[' => open.push(at),
            ']' => {
                if let Some(begin) = open.pop()
                    && let Some(length) = target(&text[at + 1..]).or_else(|| definition(text, begin, at + 1))
                {
                    found.push(begin..at + 1 + length);
                }
            }
            _ => {}
        }
    }
    found.extend(addresses(text));
    found.extend(markup(text));
    found
}

/// Returns the code spans of a paragraph.
fn code(text: &str) -> Vec<Range<usize>> {
    let (mut found, mut at) = (Vec::new(), 0);
    while at < text.len() {
        let rest = &text[at..];
        let Some(c) = rest.chars().next() else { break };
        if c == '\\' {
            at += 1 + rest[1..].chars().next().filter(|c| *c == '`' || *c == '\\').map_or(0, char::len_utf8);
            continue;
        }
        if c != '`' {
            at += c.len_utf8();
            continue;
        }
        let length = run(rest);
        match closing(&rest[length..], length) {
            Some(end) => {
                found.push(at..at + length + end);
                at += length + end;
            }
            None => at += length,
        }
    }
    found
}

/// Returns the number of leading backticks.
fn run(text: &str) -> usize {
    text.len() - text.trim_start_matches('`').len()
}

/// Returns the end of the next run of exactly `length` backticks.
fn closing(text: &str, length: usize) -> Option<usize> {
    let mut at = 0;
    while let Some(found) = text[at..].find('`') {
        let begin = at + found;
        let this = run(&text[begin..]);
        if this == length {
            return Some(begin + this);
        }
        at = begin + this;
    }
    None
}

/// Returns the length of the link destination that follows a link text; `None` if it is not a link.
fn target(text: &str) -> Option<usize> {
    if let Some(label) = text.strip_prefix('[') {
        let end = label.find(']')?;
        return (end > 0 && !label[..end].contains(['@', '[', '\n'])).then_some(end + 2);
    }
    let inner = text.strip_prefix('(')?;
    let (mut depth, mut escaped) = (0_usize, false);
    for (at, c) in inner[..inner.floor_char_boundary(MAX_DESTINATION_BYTES)].char_indices() {
        match c {
            _ if std::mem::take(&mut escaped) => {}
            '\\' => escaped = true,
            '(' => depth += 1,
            ')' if depth > 0 => depth -= 1,
            ')' => return is_destination(&inner[..at]).then_some(at + 2),
            _ => {}
        }
    }
    None
}

/// Returns the length of the rest of a link definition, such as `[label]: https://example.com`; `None` if the label at
/// `begin`, which ends before `end`, is not one.
fn definition(text: &str, begin: usize, end: usize) -> Option<usize> {
    let rest = text[end..].strip_prefix(':')?.lines().next().unwrap_or_default();
    let line = text[..begin].rsplit('\n').next().unwrap_or_default();
    let is_first = line.trim().is_empty();
    (is_first && !rest.trim().is_empty() && is_destination(rest)).then_some(1 + rest.len())
}

/// Returns the HTML comments and tags of a paragraph, with the content of code and links.
fn markup(text: &str) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    // Of the same length, so that positions agree.
    let lower = text.to_ascii_lowercase();
    let mut from = 0;
    while let Some(at) = text[from..].find('<') {
        let begin = from + at;
        let rest = &text[begin..];
        let end = if rest.starts_with("<!--") {
            rest.find("-->").map_or(text.len(), |at| begin + at + 3)
        } else if let Some((name, length)) = tag(rest) {
            let inner = begin + length;
            let close = format!("</{name}>");
            match name.as_str() {
                "a" | "code" | "pre" => {
                    lower[inner..].find(&close).map_or(inner, |at| inner + at + close.len())
                }
                _ => inner,
            }
        } else {
            from = begin + 1;
            continue;
        };
        found.push(begin..end);
        from = end;
    }
    found
}

/// Returns the name of the HTML tag at the beginning of a text, in lower case, and the tag's length.
fn tag(text: &str) -> Option<(String, usize)> {
    let inner = text.strip_prefix('<')?;
    let inner = inner.strip_prefix('/').unwrap_or(inner);
    let end = inner.find(|c: char| !c.is_ascii_alphanumeric())?;
    let name = &inner[..end];
    let is_name = name.starts_with(|c: char| c.is_ascii_alphabetic());
    if !is_name || !inner[end..].starts_with(|c: char| c.is_whitespace() || matches!(c, '/' | '>')) {
        return None;
    }
    let begin = text.len() - inner.len() + end;
    let mut quote = None;
    for (at, c) in text[begin..text.floor_char_boundary(begin + MAX_DESTINATION_BYTES)].char_indices() {
        match (quote, c) {
            (None, '"' | '\'') => quote = Some(c),
            (Some(open), c) if c == open => quote = None,
            (None, '>') => return Some((name.to_ascii_lowercase(), begin + at + 1)),
            _ => {}
        }
    }
    None
}

/// Returns whether a text is a valid link destination: an address, optionally with a quoted title.
fn is_destination(text: &str) -> bool {
    let text = text.trim();
    let behind = match text.strip_prefix('<') {
        Some(rest) => rest.split_once('>').map_or("", |(_, behind)| behind),
        None => text.split_once(char::is_whitespace).map_or("", |(_, behind)| behind),
    };
    let title = behind.trim_start();
    title.is_empty() || title.starts_with(['"', '\'', '('])
}

/// Returns the addresses with a scheme or a leading `www.`.
fn addresses(text: &str) -> Vec<Range<usize>> {
    let mut found: Vec<Range<usize>> = Vec::new();
    let signs = text.match_indices("://").chain(text.match_indices("www."));
    for (at, sign) in signs {
        let word = |c: char| c.is_ascii_alphanumeric() || matches!(c, '+' | '.' | '-');
        let begin = text[..at].trim_end_matches(word).len();
        if (sign == "www." && begin < at) || (sign == "://" && begin == at) {
            continue;
        }
        let ends = |c: char| c.is_whitespace() || is_wide_stop(c) || matches!(c, '<' | '>' | '"' | '`');
        let end = text[at + sign.len()..].find(ends).map_or(text.len(), |end| at + sign.len() + end);
        found.push(begin..end);
    }
    found
}

/// Returns whether this is punctuation of scripts that put no space after it.
pub(super) fn is_wide_stop(c: char) -> bool {
    matches!(c, '\u{3000}'..='\u{3002}' | '\u{3008}'..='\u{3011}' | '！' | '（' | '）' | '，' | '：' | '；' | '？')
}

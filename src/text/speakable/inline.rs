//! Markdown within a line: emphasis, code, links, addresses, tags and character references.

use terms::is_unspaced;

use super::{HELD, Reader, entities::named, plain};

/// Maximum bytes of the text of a link.
const LINK: usize = 1500;

impl Reader {
    /// Reads Markdown within a line.
    pub(crate) fn inline(
        &mut self,
        text: &str,
        is_last: bool,
        out: &mut String,
        is_first: bool,
    ) -> Option<usize> {
        let first = text.chars().next()?;
        let is_full = is_last || text.len() >= HELD;
        let next = text[first.len_utf8()..].chars().next();
        if next.is_none() && !is_full && matches!(first, '\\' | '!' | '<' | '&' | '\r') {
            return None;
        }
        match first {
            '\n' => self.end_line(out),
            '\r' if next == Some('\n') => {}
            '\r' => self.end_line(out),
            '\\' => {
                if let Some(c) = next.filter(char::is_ascii_punctuation) {
                    self.say(c, out);
                    return Some(2);
                }
            }
            '!' if next == Some('[') => {}
            '[' => return self.link(text, is_full, out, is_first),
            '<' => return self.tag(text, is_full, out),
            '`' => return self.code(text, is_full, out),
            '*' | '_' | '~' => return self.emphasis(text, first, is_full, out),
            '&' => return self.entity(text, is_full, out),
            '|' => {
                self.has_gap = false;
                self.say_all(", ", out);
            }
            '#' if self.last.is_some_and(char::is_whitespace) => {
                // A heading may have closing marks.
                let rest = text.trim_start_matches('#');
                let behind = rest.trim_start_matches([' ', '\t', '\r']);
                if behind.is_empty() && !is_full {
                    return None;
                }
                if behind.is_empty() || behind.starts_with('\n') {
                    return Some(text.len() - rest.len());
                }
                self.say(first, out);
            }
            c if c.is_ascii_alphanumeric() && !self.last.is_some_and(|c| c.is_ascii_alphanumeric()) => {
                return self.word(text, is_full, out);
            }
            c => self.say(c, out),
        }
        Some(first.len_utf8())
    }

    /// Reads a word, or an address, of which only the host is spoken.
    fn word(&mut self, text: &str, is_full: bool, out: &mut String) -> Option<usize> {
        let is_host = text.get(..4).is_some_and(|begin| begin.eq_ignore_ascii_case("www."));
        let is_letter =
            |c: char| c.is_ascii_alphanumeric() || (is_host && c.is_alphanumeric() && !is_unspaced(c));
        let joins = |c: char| is_letter(c) || matches!(c, '.' | '-' | '+');
        let length = text.find(|c| !joins(c)).unwrap_or(text.len());
        let (word, rest) = text.split_at(length);
        let is_open = !is_full && length < 256;
        if is_open && (rest.is_empty() || (rest.len() < 3 && "://".starts_with(rest))) {
            return None;
        }
        let begin = if rest.starts_with("://") {
            length + 3
        } else if word.eq_ignore_ascii_case("mailto") && rest.starts_with(':') {
            return Some(length + 1);
        } else if (is_host && is_domain(word)) || (rest.starts_with('/') && is_domain(word)) {
            0
        } else {
            // A point at the end may end the sentence.
            let one = word.find(|c: char| !c.is_ascii_alphanumeric()).unwrap_or(length);
            self.say_all(&word[..one], out);
            return Some(one);
        };
        let mut before = None;
        let end = text.char_indices().find(|(_, c)| ends_address(*c, before.replace(*c))).map(|(at, _)| at);
        if end.is_none() && !is_full {
            return None;
        }
        let end = end.unwrap_or(text.len());
        let address = text[..end].trim_end_matches(['.', ',', ';', ':', '!', '?', '\'', '*', '_', '~']);
        let is_closed = |address: &str| address.matches('(').count() >= address.matches(')').count();
        let address = address.strip_suffix(')').filter(|_| !is_closed(address)).unwrap_or(address);
        let host = address[begin.min(address.len())..].split(['/', '?', '#']).next().unwrap_or_default();
        let host = host.rsplit('@').next().unwrap_or_default();
        let is_www = host.get(..4).is_some_and(|begin| begin.eq_ignore_ascii_case("www."));
        self.say_all(if is_www { &host[4..] } else { host }, out);
        Some(address.len().max(1))
    }

    /// Reads a link as its text and an image as its alternative text. Footnote references are left out.
    fn link(&mut self, text: &str, is_full: bool, out: &mut String, is_first: bool) -> Option<usize> {
        let is_open = !is_full && text.len() < LINK && !text.contains("\n\n");
        let Some(close) = closing(text, '[', ']') else { return if is_open { None } else { Some(1) } };
        let (inner, rest) = (&text[1..close], &text[close + 1..]);
        if rest.is_empty() && is_open {
            return None;
        }
        let target = match rest.chars().next() {
            Some('(') => match closing(rest, '(', ')') {
                Some(end) => Some(end + 1),
                None if is_open => return None,
                None => None,
            },
            Some('[') => match closing(rest, '[', ']') {
                Some(end) => Some(end + 1),
                None if is_open => return None,
                None => None,
            },
            // The target of a reference link.
            Some(':') if is_first && !inner.is_empty() => match rest.find('\n') {
                Some(end) => return Some(close + 1 + end),
                None if is_full => return Some(text.len()),
                None if is_open => return None,
                None => None,
            },
            _ => None,
        };
        let is_alert = self.is_quote && inner.strip_prefix('!').is_some_and(is_word);
        let is_note = inner.starts_with('^') || is_alert || is_citation(inner);
        if is_note && (target.is_none() || rest.starts_with('[')) {
            self.has_cut = true;
        } else {
            self.say_all(&plain(inner, self.depth + 1), out);
        }
        Some(close + 1 + target.unwrap_or_default())
    }

    /// Reads an HTML tag, a comment, or an address in angle brackets.
    fn tag(&mut self, text: &str, is_full: bool, out: &mut String) -> Option<usize> {
        let inner = &text[1..];
        if !inner.starts_with(|c: char| c.is_ascii_alphabetic() || matches!(c, '/' | '!' | '?')) {
            self.say('<', out);
            return Some(1);
        }
        let is_comment = inner.starts_with("!--");
        let limit = if is_comment { HELD } else { LINK };
        let near = &text[..text.floor_char_boundary(limit)];
        let end =
            if is_comment { near.find("-->").map(|at| at + 3) } else { near.find('>').map(|at| at + 1) };
        let Some(end) = end else {
            if !is_full && text.len() < limit {
                return None;
            }
            self.say('<', out);
            return Some(1);
        };
        let inner = &text[1..end - 1];
        let name = inner.trim_start_matches('/').to_ascii_lowercase();
        for hidden in ["script", "style"] {
            let is_hidden = inner.len() >= hidden.len()
                && name
                    .strip_prefix(hidden)
                    .is_some_and(|rest| !rest.starts_with(|c: char| c.is_ascii_alphanumeric()));
            if is_hidden && !inner.starts_with('/') && !inner.ends_with('/') {
                return hidden_until(text, end, hidden, is_full);
            }
        }
        if inner.contains("://") && !inner.contains(char::is_whitespace) {
            self.say_all(&plain(inner, self.depth + 1), out);
        } else if inner.contains('@') && !inner.contains(char::is_whitespace) {
            self.say_all(inner.strip_prefix("mailto:").unwrap_or(inner), out);
        } else if ["br", "p", "li", "tr", "div", "h1", "h2", "h3"].iter().any(|block| {
            name.strip_prefix(block)
                .is_some_and(|rest| !rest.starts_with(|c: char| c.is_ascii_alphanumeric()))
        }) {
            self.end_line(out);
            return Some(end);
        }
        Some(end)
    }

    /// Reads the content of inline code.
    fn code(&mut self, text: &str, is_full: bool, out: &mut String) -> Option<usize> {
        let run = text.len() - text.trim_start_matches('`').len();
        let is_open = !is_full && text.len() < LINK && !text.contains("\n\n");
        let mut at = run;
        while let Some(found) = text[at..].find('`') {
            let begin = at + found;
            let this = text[begin..].len() - text[begin..].trim_start_matches('`').len();
            if begin + this == text.len() && is_open {
                return None;
            }
            if this == run {
                self.say_all(text[run..begin].trim(), out);
                return Some(begin + this);
            }
            at = begin + this;
        }
        if is_open { None } else { Some(run) }
    }

    /// Leaves out marks of emphasis. A mark that is alone or within a word is text.
    fn emphasis(&mut self, text: &str, sign: char, is_full: bool, out: &mut String) -> Option<usize> {
        let rest = text.trim_start_matches(sign);
        let run = text.len() - rest.len();
        if rest.is_empty() && !is_full {
            return None;
        }
        let before = self.last.is_none_or(char::is_whitespace);
        let behind = rest.chars().next().is_none_or(char::is_whitespace);
        let is_inside =
            self.last.is_some_and(char::is_alphanumeric) && rest.starts_with(char::is_alphanumeric);
        match sign {
            '*' if run <= 2 && is_product(self.last, run, rest.chars().next()) => {
                self.say_all(&text[..run], out);
            }
            '_' if is_inside => self.say(' ', out),
            '~' if run == 1 => self.say(sign, out),
            '*' if run == 1 && before && behind => self.say(sign, out),
            _ => {}
        }
        Some(run)
    }

    /// Reads a character reference by name or number.
    fn entity(&mut self, text: &str, is_full: bool, out: &mut String) -> Option<usize> {
        let name = |c: char| c.is_ascii_alphanumeric() || c == '#';
        let length = text[1..].find(|c| !name(c)).unwrap_or(text.len() - 1);
        if length + 1 == text.len() && !is_full && length < 12 {
            return None;
        }
        let inner = &text[1..=length];
        let number = |digits: &str| match digits.strip_prefix(['x', 'X']) {
            Some(hex) => u32::from_str_radix(hex, 16).ok(),
            None => digits.parse().ok(),
        };
        let c = match inner.strip_prefix('#') {
            Some(digits) => number(digits).and_then(char::from_u32).filter(|c| !c.is_control()),
            None => named(inner),
        };
        match c {
            Some(c) if text[1 + length..].starts_with(';') => {
                self.say(c, out);
                Some(length + 2)
            }
            _ => {
                self.say('&', out);
                Some(1)
            }
        }
    }
}

/// Returns the length of an element whose content is not read, with its end tag.
fn hidden_until(text: &str, begin: usize, name: &str, is_full: bool) -> Option<usize> {
    let found = text[begin..].match_indices("</").map(|(at, _)| begin + at).find(|at| {
        let tag = text.get(at + 2..at + 2 + name.len());
        tag.is_some_and(|tag| tag.eq_ignore_ascii_case(name))
    });
    match found.and_then(|at| text[at..].find('>').map(|end| at + end + 1)) {
        None if !is_full => None,
        end => Some(end.unwrap_or(text.len())),
    }
}

/// Returns whether stars between these characters multiply numbers.
fn is_product(before: Option<char>, run: usize, behind: Option<char>) -> bool {
    let (Some(before), Some(behind)) = (before, behind) else { return false };
    let is_number = |c: char| c.is_ascii_digit();
    let is_left = before.is_ascii_alphanumeric() || before == ')';
    let is_right = behind.is_ascii_alphanumeric() || behind == '(';
    match run {
        1 => {
            is_left && is_right && (is_number(before) || is_number(behind) || before == ')' || behind == '(')
        }
        _ => is_number(before) && is_number(behind),
    }
}

/// Returns whether brackets with this content refer to a source: `[1]`, `[1,2]` or `[1-3]`. A zero or a space
/// belongs to an interval or a list.
fn is_citation(inner: &str) -> bool {
    !inner.is_empty()
        && inner.chars().all(|c| c.is_ascii_digit() || matches!(c, ',' | '-'))
        && inner.split([',', '-']).all(|number| !number.is_empty() && !number.starts_with('0'))
}

fn is_word(text: &str) -> bool {
    !text.is_empty() && text.chars().all(|c| c.is_ascii_alphabetic())
}

/// Returns whether an address ends before this character. A letter of a script without spaces belongs to the
/// sentence if it follows a Latin letter or digit.
fn ends_address(c: char, before: Option<char>) -> bool {
    c.is_whitespace()
        || matches!(c, '<' | '>' | '"' | '`' | '|' | '\u{3000}'..='\u{3003}' | '\u{3008}'..='\u{3020}')
        || matches!(c, '！' | '（' | '）' | '，' | '：' | '；' | '？' | '\u{3041}'..='\u{309f}')
        || (is_unspaced(c) && before.is_some_and(|before| before.is_ascii_alphanumeric()))
}

/// Returns the position of the closing bracket, ignoring nested and escaped brackets.
fn closing(text: &str, open: char, close: char) -> Option<usize> {
    let (mut depth, mut is_escaped) = (0_usize, false);
    for (at, c) in text.char_indices() {
        match c {
            _ if at > LINK => return None,
            _ if std::mem::take(&mut is_escaped) => {}
            '\\' => is_escaped = true,
            c if c == open => depth += 1,
            c if c == close => {
                depth -= 1;
                if depth == 0 {
                    return Some(at);
                }
            }
            _ => {}
        }
    }
    None
}

fn is_domain(text: &str) -> bool {
    let Some((rest, last)) = text.rsplit_once('.') else { return false };
    !rest.is_empty()
        && rest.split('.').all(|label| !label.is_empty())
        && last.len() >= 2
        && last.chars().all(char::is_alphabetic)
}

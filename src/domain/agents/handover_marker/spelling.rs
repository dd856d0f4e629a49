//! Recognises the spellings of the handover marker at one position.
//!
//! Two brackets make a marker anywhere. Any weaker spelling also occurs in ordinary answers, as a placeholder,
//! link or emphasised word, so that it counts only where the answer consists of it or ends with it.

use super::place::TextPosition;
use crate::domain::agents::mentions::is_ignorable;

/// Maximum length of a spelling with the signs before it, in characters.
const MAX_CHARACTERS: usize = 64;
/// Maximum bytes of an HTML tag before the marker.
const MAX_TAG: usize = 12;

/// Result of matching text against the marker.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Match {
    /// Plain text.
    Nothing,
    /// A prefix of the marker, or plain text: more input is needed.
    Beginning,
    /// The marker, truncated at the end of the text.
    Rest,
    /// The marker.
    Word,
}

/// The letters of the marker.
pub(super) struct Spelling {
    /// In upper case, without brackets.
    letters: Vec<char>,
}

/// The signs directly before the letters.
#[derive(Clone, Copy, Default)]
struct Signs {
    /// Number of square brackets, which belong to the marker itself.
    squares: usize,
    /// Number of other brackets.
    others: usize,
    is_emphasised: bool,
    /// Whether the letters are in upper case.
    is_upper: bool,
}

impl Spelling {
    pub(super) fn new(word: &str) -> Self {
        let letters = word.chars().filter(char::is_ascii_alphabetic).map(|c| c.to_ascii_uppercase());
        Self { letters: letters.collect() }
    }

    /// Matches the start of `text`, at this place. `is_last`: nothing follows `text`.
    pub(super) fn find(&self, text: &str, place: TextPosition, is_last: bool) -> Match {
        if !text.chars().next().is_some_and(|c| may_begin(c, place)) {
            return Match::Nothing;
        }
        let cut = text.char_indices().nth(MAX_CHARACTERS).map(|(at, _)| at);
        let near = &text[..cut.unwrap_or(text.len())];
        match self.read(near, place, is_last && cut.is_none()) {
            Match::Beginning if cut.is_some() => Match::Nothing,
            found => found,
        }
    }

    fn read(&self, text: &str, place: TextPosition, is_last: bool) -> Match {
        let unfinished = if is_last { Match::Nothing } else { Match::Beginning };
        let mut signs = Signs::default();
        let mut rest = text;
        // The signs before the letters.
        loop {
            let Some(first) = rest.chars().next() else { return unfinished };
            match self.block(rest, place, rest.len() == text.len(), is_last) {
                Block::Begun => return unfinished,
                Block::Whole(length) => {
                    (signs, rest) = (Signs::default(), &rest[length..]);
                    continue;
                }
                Block::None => {}
            }
            if first.is_alphanumeric() && bracket(first) == 0 {
                break;
            }
            if !signs.read(first, place) {
                return Match::Nothing;
            }
            rest = &rest[first.len_utf8()..];
        }
        // The letters.
        signs.is_upper = true;
        let mut left = self.letters.iter();
        let mut next = left.next();
        while let Some(letter) = next {
            let Some(c) = rest.chars().next() else {
                return match signs.opened() >= 2 && is_last && left.len() + 1 < self.letters.len() {
                    true => Match::Rest,
                    false => unfinished,
                };
            };
            rest = &rest[c.len_utf8()..];
            let is_between = left.len() + 1 < self.letters.len();
            match narrow(c) {
                c if c.eq_ignore_ascii_case(letter) => {
                    signs.is_upper &= c.is_ascii_uppercase();
                    next = left.next();
                }
                c if is_ignorable(c) || c == '\\' => {}
                // Letters with spaces.
                ' ' | '.' | '-' if is_between && signs.opened() >= 2 => {}
                _ => return Match::Nothing,
            }
        }
        if signs.squares >= 2 || (signs.opened() >= 2 && signs.is_upper) {
            behind_strong(rest, signs, is_last)
        } else if place.in_fence && !place.is_first {
            Match::Nothing
        } else {
            behind_weak(rest, signs, place, is_last)
        }
    }

    /// Matches an HTML tag, the head of a code fence, or the number of a list item.
    fn block(&self, text: &str, place: TextPosition, is_begin: bool, is_last: bool) -> Block {
        let found = |length: usize, end: &[char]| match text[length..].chars().next() {
            Some(c) if end.contains(&c) => Block::Whole(length + c.len_utf8()),
            None if !is_last => Block::Begun,
            _ => Block::None,
        };
        let run = |from: usize, fits: fn(&char) -> bool| {
            from + text[from..].chars().take_while(|c| c.is_ascii() && fits(c)).count()
        };
        if let Some(rest) = text.strip_prefix('<') {
            let begin = 1 + usize::from(rest.starts_with('/'));
            let end = run(begin, char::is_ascii_alphanumeric);
            let is_marker =
                text[begin..end].chars().map(|c| c.to_ascii_uppercase()).eq(self.letters.iter().copied());
            let is_tag = end > begin && end < MAX_TAG && !is_marker;
            return if is_tag { found(end, &['>']) } else { Block::None };
        }
        let is_line = is_begin && place.is_line && !place.in_fence;
        if is_line && text.starts_with("```") {
            return found(run(3, char::is_ascii_alphanumeric), &['\n']);
        }
        if is_line && text.starts_with(|c: char| c.is_ascii_digit()) {
            return found(run(0, char::is_ascii_digit), &['.', ')']);
        }
        Block::None
    }
}

/// An element of Markdown or HTML before the marker.
enum Block {
    None,
    /// A prefix of one.
    Begun,
    /// Its length in bytes.
    Whole(usize),
}

impl Signs {
    fn opened(self) -> usize {
        self.squares + self.others
    }

    /// Reads a sign before the letters; returns `false` if the marker cannot follow it.
    fn read(&mut self, sign: char, place: TextPosition) -> bool {
        let brackets = bracket(sign);
        if brackets > 0 {
            let is_square = brackets == 2 || narrow(sign) == '[';
            *(if is_square { &mut self.squares } else { &mut self.others }) += brackets;
            return true;
        }
        match narrow(sign) {
            c if is_ignorable(c) || c == '\\' => true,
            '*' | '_' | '`' | '~' => {
                self.is_emphasised = true;
                true
            }
            ' ' | '\t' if self.opened() > 0 => true,
            '\n' | '\r' if self.opened() >= 2 => true,
            '\n' if !place.is_first => false,
            c if place.is_first || place.is_line || is_wrapping(c) => {
                let is_emphasised = self.is_emphasised && is_wrapping(c);
                *self = Self { is_emphasised, ..Self::default() };
                true
            }
            _ => false,
        }
    }
}

/// Matches text after letters that are not in two brackets.
fn behind_weak(text: &str, signs: Signs, place: TextPosition, is_last: bool) -> Match {
    let is_wrapped = signs.opened() > 0 || signs.is_emphasised;
    if !place.is_apart() || !(is_wrapped || place.is_first || place.is_line) {
        return Match::Nothing;
    }
    let is_own = place.is_first && signs.is_upper;
    let (mut is_closed, mut is_dashed, mut is_part, mut before) = (false, false, false, None);
    for c in text.chars().map(narrow).filter(|c| !is_ignorable(*c)) {
        match c {
            ']' if signs.squares > 0 && !is_closed => is_closed = true,
            // A list of placeholders, a link, or a speaker's label.
            '[' => return Match::Nothing,
            '(' | ':' if before.is_some_and(|c| matches!(c, ']' | '*' | '_' | '`' | '~' | '\\')) => {
                return Match::Nothing;
            }
            c if c.is_alphanumeric() => {
                let is_marker = before.is_some() && is_own && (is_closed || is_dashed);
                return if is_marker { Match::Word } else { Match::Nothing };
            }
            '\n' if is_own && !signs.is_emphasised => return Match::Word,
            '\n' if place.is_line && signs.is_upper && is_closed => return Match::Word,
            '-' | '–' | '—' => is_dashed |= before == Some(' ') && !signs.is_emphasised,
            ',' | ';' | '、' => is_part = true,
            c => is_part |= is_wrapping(c),
        }
        before = Some(c);
    }
    let is_whole = place.is_first
        || (place.is_line && (signs.is_upper || is_closed))
        || (!is_part && signs.is_upper && (is_closed || (signs.is_emphasised && place.is_sentence)));
    match is_last {
        false => Match::Beginning,
        true if is_whole => Match::Word,
        true => Match::Nothing,
    }
}

/// Matches text after letters in two brackets.
fn behind_strong(text: &str, signs: Signs, is_last: bool) -> Match {
    let (mut is_apart, is_square) = (false, signs.squares > 0);
    for c in text.chars().map(narrow).filter(|c| !is_ignorable(*c)) {
        match c {
            c if c.is_whitespace() && c != '\n' => is_apart = true,
            '*' | '_' | '`' | '~' | '\\' => {}
            // Further words, such as a reason, belong to a marker in upper case.
            c if c.is_alphanumeric() && !(is_apart && is_square && signs.is_upper) => return Match::Nothing,
            c if c == ']' || is_square => return Match::Word,
            _ => return Match::Nothing,
        }
    }
    match is_last {
        false => Match::Beginning,
        true if is_square => Match::Word,
        true => Match::Nothing,
    }
}

/// Returns whether the marker or a sign around it can start with this character.
fn may_begin(c: char, place: TextPosition) -> bool {
    if c.is_whitespace() {
        return false;
    }
    let is_quote = matches!(narrow(c), '"' | '\'' | '“' | '”' | '„' | '‘' | '’' | '«' | '»');
    let is_begin = place.is_first || place.is_line;
    is_begin
        || bracket(c) > 0
        || matches!(narrow(c), '*' | '_' | '`' | '~' | '\\' | '(')
        || (is_quote && place.before.is_none_or(char::is_whitespace))
}

/// Returns whether this is a sign that opens a part of a line.
fn is_wrapping(c: char) -> bool {
    matches!(c, '(' | '"' | '\'' | '“' | '”' | '„' | '‘' | '’' | '«' | '»')
}

/// Returns the number of brackets that an opening bracket counts as.
fn bracket(c: char) -> usize {
    match narrow(c) {
        '⟦' | '〚' => 2,
        '[' | '{' | '<' | '《' | '〈' | '「' | '『' => 1,
        _ => 0,
    }
}

/// Maps full-width letters and brackets to ASCII.
fn narrow(c: char) -> char {
    match c {
        '【' | '〔' => '[',
        '】' | '〕' | '⟧' | '〛' | '》' | '〉' | '」' | '』' | '}' | '>' | '｝' | '＞' => ']',
        '\u{ff01}'..='\u{ff5e}' => char::from_u32(u32::from(c) - 0xfee0).unwrap_or(c),
        c => c,
    }
}

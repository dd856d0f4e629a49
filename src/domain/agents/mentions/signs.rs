//! Finds the at-signs that can start a mention: not in code or quotes, not escaped, linked or part of an
//! address.

use std::ops::Range;

use unicode_normalization::char::is_combining_mark;

use super::hidden::{is_wide_stop, unmentionable_ranges};
use terms::is_unspaced;

/// Maximum distance to look back from an at-sign, in bytes.
const NEAR: usize = 500;

/// Returns the positions after each at-sign that can start a mention, in order.
pub(super) fn signs(text: &str) -> Vec<usize> {
    if !text.contains(is_sign) {
        return Vec::new();
    }
    let hidden = unmentionable_ranges(text);
    let signs = text.char_indices().filter(|(_, c)| is_sign(*c));
    let free = signs.filter(|(at, _)| !covers(&hidden, *at) && may_begin(&text[..*at]));
    free.map(|(at, sign)| at + sign.len_utf8()).collect()
}

/// Returns whether this is an at-sign: ASCII, full-width or small form.
pub(super) fn is_sign(c: char) -> bool {
    matches!(c, '@' | '＠' | '﹫')
}

/// Returns whether a matched name ends at a word boundary. `text` follows the name, `head` ends with its
/// at-sign, `last` is the last character of the name.
pub(super) fn ends(head: &str, text: &str, last: Option<char>) -> bool {
    let text = text.trim_start_matches(is_ignorable);
    // A backslash before punctuation is a Markdown escape.
    let escaped = text.strip_prefix('\\').filter(|rest| rest.starts_with(|c: char| c.is_ascii_punctuation()));
    let text = escaped.unwrap_or(text);
    let Some(first) = text.chars().next() else { return true };
    let behind = text[first.len_utf8()..].trim_start_matches(is_ignorable);
    let next = behind.chars().next();
    let joins = |c: Option<char>| c.is_some_and(char::is_alphanumeric);
    match narrow(first) {
        // An apostrophe that counts as a letter, superscript figures, and a digit that is the base of a keycap.
        '\u{2bc}' | '²' | '³' | '¹' | '\u{2070}'..='\u{209c}' => true,
        c if c.is_ascii_digit() && next == Some('\u{20e3}') => true,
        c if c.is_alphanumeric() => {
            // Scripts without spaces may directly follow a name, and any word may follow punctuation.
            let apart = |c: char| is_unspaced(c) && !c.is_numeric();
            apart(c)
                || last.is_some_and(|last| apart(last) && !c.is_numeric())
                || last.is_some_and(|last| !last.is_alphanumeric() && !is_combining_mark(last))
        }
        '_' => {
            let rest = text.trim_start_matches(['_', '\u{ff3f}']);
            !joins(rest.chars().next()) && escaped.is_none() && is_emphasis_open(head)
        }
        '-' | '\u{2010}' | '\u{2011}' | '/' | '\\' | '+' | '&' | '#' | '%' | '=' | '$' => !joins(next),
        '.' => !next.is_some_and(|c| c.is_alphanumeric() && !is_unspaced(c)),
        ':' => !is_host(behind),
        c if is_sign(c) => !joins(next),
        _ => true,
    }
}

/// Returns the ASCII form of a full-width character, others as they are.
fn narrow(c: char) -> char {
    match c {
        '\u{ff01}'..='\u{ff5e}' => char::from_u32(u32::from(c) - 0xfee0).unwrap_or(c),
        c => c,
    }
}

/// Returns whether this character is invisible, such as joiners and direction marks.
pub(in crate::domain) fn is_ignorable(c: char) -> bool {
    matches!(
        c,
        '\u{ad}'
            | '\u{34f}'
            | '\u{61c}'
            | '\u{115f}'
            | '\u{1160}'
            | '\u{180b}'..='\u{180f}'
            | '\u{200b}'..='\u{200f}'
            | '\u{202a}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}'
            | '\u{3164}'
            | '\u{fe00}'..='\u{fe0f}'
            | '\u{feff}'
            | '\u{ffa0}'
            | '\u{e0000}'..='\u{e0fff}'
    )
}

/// Returns whether one of these sorted, disjoint ranges contains the position.
fn covers(hidden: &[Range<usize>], at: usize) -> bool {
    let behind = hidden.partition_point(|range| range.start <= at);
    behind > 0 && hidden[behind - 1].contains(&at)
}

/// Returns the last [`NEAR`] bytes of a text.
fn near(text: &str) -> &str {
    &text[text.ceil_char_boundary(text.len().saturating_sub(NEAR))..]
}

/// Returns whether a mention can follow this text.
fn may_begin(head: &str) -> bool {
    let unescaped = head.trim_end_matches('\\');
    if (head.len() - unescaped.len()) % 2 == 1 {
        return false;
    }
    if unescaped.len() < head.len() {
        return true;
    }
    let head = head.trim_end_matches(is_ignorable);
    let base = head.trim_end_matches(is_combining_mark);
    let Some(last) = base.chars().next_back() else { return true };
    let before = |run: &str| run.chars().next_back();
    let is_word = |c: Option<char>| c.is_some_and(|c| c.is_alphanumeric() && !is_unspaced(c));
    let may = match narrow(last) {
        _ if is_prefix(base) => true,
        c if c.is_alphanumeric() => is_unspaced(c),
        // Emphasis, unless it joins two words.
        '_' => !is_word(before(base.trim_end_matches('_'))),
        '-' | '\u{2010}' | '\u{2011}' => !is_word(before(&base[..base.len() - last.len_utf8()])),
        '"' | '\'' => before(&base[..base.len() - 1]) != Some('='),
        // The scheme of an address; a colon after another word introduces a mention.
        ':' => !base.to_ascii_lowercase().ends_with("mailto:"),
        '/' | '\\' | '=' | '&' | '#' | '%' | '+' | '$' => false,
        c => !is_sign(c),
    };
    may && !is_address(base)
}

/// Returns whether a text ends with a Hebrew or Arabic prefix, which is written before a name without a space: one or two
/// letters such as `ל` or `و`, and perhaps a hyphen.
fn is_prefix(text: &str) -> bool {
    let letter = |c: char| matches!(c, '\u{5d0}'..='\u{5ea}' | '\u{620}'..='\u{64a}');
    let text = text.strip_suffix(['-', '\u{5be}']).unwrap_or(text);
    let rest = text.trim_end_matches(letter);
    let letters = text[rest.len()..].chars().count();
    (1..=2).contains(&letters) && !rest.ends_with(char::is_alphanumeric)
}

/// Returns whether the last word is an address without a scheme, such as `blog.example/authors,`.
fn is_address(head: &str) -> bool {
    let word = near(head).rsplit(|c: char| c.is_whitespace() || is_wide_stop(c)).next().unwrap_or_default();
    let word = word.trim_start_matches(|c: char| !c.is_alphanumeric());
    let Some(at) = word.find(['/', '?', '#']) else { return false };
    is_domain(&word[..at])
}

/// Returns whether a text starts with a host name, as after the colon of `@name:server.example`.
fn is_host(text: &str) -> bool {
    let end = text.find(|c: char| !c.is_alphanumeric() && !matches!(c, '.' | '-')).unwrap_or(text.len());
    let host = text[..end].trim_end_matches('.');
    host == "localhost" || is_domain(host)
}

fn is_domain(text: &str) -> bool {
    let Some((rest, last)) = text.rsplit_once('.') else { return false };
    let labels = rest.split('.').all(|label| {
        !label.is_empty() && label.chars().all(|c| c.is_alphanumeric() || matches!(c, '-' | '_'))
    });
    labels && last.len() >= 2 && last.chars().all(char::is_alphabetic)
}

/// Returns whether the last line of this text has an underscore that opens emphasis.
fn is_emphasis_open(head: &str) -> bool {
    let line = near(head).rsplit('\n').next().unwrap_or_default();
    line.char_indices().any(|(at, c)| {
        c == '_'
            && !line[..at].ends_with(char::is_alphanumeric)
            && !line[at + 1..].starts_with(char::is_whitespace)
    })
}

//! Which name a text begins with: blind to case, marks and composition; of several, the longest.

use unicode_normalization::UnicodeNormalization;
use unicode_segmentation::UnicodeSegmentation;
use uuid::Uuid;

use super::signs::{ends, is_ignorable};
use crate::domain::text::fold;

/// Names to be looked for.
pub(super) struct Names(Vec<Name>);

struct Name {
    id: Uuid,
    folded: Folded,
    last: Option<char>,
}

/// A text as it is compared.
#[derive(Default)]
struct Folded {
    /// Blind to case.
    exact: String,
    /// Blind to accents and vowel marks too.
    plain: String,
}

impl Names {
    /// These names; of two that are the same, the first is found.
    pub(super) fn new(names: Vec<(Uuid, String)>) -> Self {
        let names = names.into_iter().map(|(id, name)| {
            let mut folded = Folded::default();
            name.trim().graphemes(true).for_each(|cluster| folded.push(cluster));
            Name { id, folded, last: name.trim_end().chars().rfind(|c| !is_ignorable(*c)) }
        });
        let mut names: Vec<Name> = names.filter(|name| !name.folded.plain.is_empty()).collect();
        names.sort_by_key(|name| std::cmp::Reverse(name.folded.plain.len()));
        Self(names)
    }

    /// Whose name is at this place of a text, and where it ends.
    pub(super) fn find(&self, text: &str, at: usize) -> Option<(Uuid, usize)> {
        let longest = self.0.first()?.folded.plain.len();
        let (head, rest) = text.split_at(at);
        // Who puts one of these behind an at-sign wants to call nobody.
        if rest.starts_with(['\u{200b}', '\u{2060}', '\u{feff}']) || rest.starts_with(char::is_whitespace) {
            return None;
        }
        let mut folded = Folded::default();
        let mut found: Option<(usize, bool, Uuid, usize)> = None;
        for (offset, cluster) in rest.grapheme_indices(true) {
            if folded.plain.len() >= longest || cluster.contains(['\n', '\r']) {
                break;
            }
            folded.push(cluster);
            let end = at + offset + cluster.len();
            let same = self.0.iter().filter(|name| name.folded.plain == folded.plain);
            for name in same.filter(|name| ends(head, &text[end..], name.last)) {
                let (length, exact) = (folded.plain.len(), name.folded.exact == folded.exact);
                let better = found.as_ref().is_none_or(|(best, was_exact, ..)| {
                    length > *best || (length == *best && exact && !was_exact)
                });
                if better {
                    found = Some((length, exact, name.id, end));
                }
            }
        }
        found.map(|(_, _, id, end)| (id, end))
    }
}

impl Folded {
    fn push(&mut self, cluster: &str) {
        if cluster.chars().all(char::is_whitespace) {
            if !self.plain.is_empty() && !self.plain.ends_with(' ') {
                self.exact.push(' ');
                self.plain.push(' ');
            }
            return;
        }
        let seen: String = cluster.chars().filter(|c| !is_ignorable(*c)).collect();
        let folded = fold(&seen);
        let plain = folded.nfd().filter(|c| !is_mark(*c)).map(|c| if c == 'ı' { 'i' } else { c });
        self.plain.extend(plain.nfc());
        self.exact.push_str(&folded);
    }
}

/// A mark that people leave out when they type: an accent, or a vowel of Hebrew or Arabic.
fn is_mark(c: char) -> bool {
    matches!(
        c,
        '\u{300}'..='\u{36f}'
            | '\u{483}'..='\u{487}'
            | '\u{591}'..='\u{5bd}'
            | '\u{5bf}'
            | '\u{5c1}'
            | '\u{5c2}'
            | '\u{5c4}'
            | '\u{5c5}'
            | '\u{5c7}'
            | '\u{610}'..='\u{61a}'
            | '\u{640}'
            | '\u{64b}'..='\u{65f}'
            | '\u{670}'
            | '\u{6d6}'..='\u{6dc}'
            | '\u{6df}'..='\u{6e8}'
            | '\u{6ea}'..='\u{6ed}'
            | '\u{1dc0}'..='\u{1dff}'
    )
}

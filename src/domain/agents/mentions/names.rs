//! Matches agent names at a position, folded as in searches; the longest name wins.

use unicode_segmentation::UnicodeSegmentation;
use uuid::Uuid;

use super::signs::{ends, is_ignorable};
use crate::text::fields::{fold, search_fold};

/// Names to match.
pub(super) struct Names(Vec<Name>);

struct Name {
    id: Uuid,
    folded: Folded,
    last: Option<char>,
}

/// A text in its compared form.
#[derive(Default)]
struct Folded {
    /// Ignores case.
    exact: String,
    /// Folded as in searches: also ignores accents and vowel marks.
    plain: String,
}

impl Names {
    /// Accepts names; of equal ones, the first matches.
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

    /// Returns the agent whose name starts at this position, and the end of the name.
    pub(super) fn find(&self, text: &str, at: usize) -> Option<(Uuid, usize)> {
        let longest = self.0.first()?.folded.plain.len();
        let (head, rest) = text.split_at(at);
        // One of these characters after an at-sign marks a deliberate non-mention.
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
            if !self.0.iter().any(|name| name.folded.plain.starts_with(&folded.plain)) {
                break;
            }
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
        self.plain.push_str(&search_fold(&seen));
        self.exact.push_str(&folded);
    }
}

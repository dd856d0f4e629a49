//! Takes a word out of a text that comes in pieces.

/// Holds back what may be the beginning of the word; where it comes, the text ends before it.
pub(super) struct Sieve {
    word: &'static str,
    held: String,
    is_found: bool,
}

impl Sieve {
    /// Looks for this word, in ASCII.
    pub(super) fn new(word: &'static str) -> Self {
        Self { word, held: String::new(), is_found: false }
    }

    /// What can be said after the next piece, which may be the last.
    pub(super) fn push(&mut self, piece: &str, is_last: bool) -> String {
        if self.is_found {
            return String::new();
        }
        self.held.push_str(piece);
        if let Some(at) = self.held.find(self.word) {
            self.is_found = true;
            self.held.truncate(at);
            return std::mem::take(&mut self.held);
        }
        let begun = (1..self.word.len()).rev().find(|length| self.held.ends_with(&self.word[..*length]));
        let keep = if is_last { 0 } else { begun.unwrap_or_default() };
        let rest = self.held.split_off(self.held.len() - keep);
        std::mem::replace(&mut self.held, rest)
    }

    /// Whether the word came.
    pub(super) fn is_found(&self) -> bool {
        self.is_found
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What is said of these pieces, and whether the word came.
    fn sift(pieces: &[&str]) -> (String, bool) {
        let mut sieve = Sieve::new("[[PERSON]]");
        let mut said = String::new();
        for (place, piece) in pieces.iter().enumerate() {
            said += &sieve.push(piece, place + 1 == pieces.len());
        }
        (said, sieve.is_found())
    }

    #[test]
    fn the_word_is_taken_out_however_it_is_cut() {
        for pieces in [
            &["[[PERSON]]"][..],
            &["[[", "PER", "SON]]"],
            &["[", "[", "P", "E", "R", "S", "O", "N", "]", "]", ""],
            &["[[PERSON]] and more", " of it"],
        ] {
            assert_eq!(sift(pieces), (String::new(), true), "{pieces:?}");
        }
        assert_eq!(sift(&["I do not know. [[PER", "SON]]"]), ("I do not know. ".to_owned(), true));
        assert_eq!(sift(&["é[", "[[PERSON]]"]), ("é[".to_owned(), true));
    }

    #[test]
    fn everything_else_is_said() {
        for pieces in [&["[[PER", "MIT]]"][..], &["a[", "b"], &["[[PERSON"], &["é", "ü"], &[""]] {
            assert_eq!(sift(pieces), (pieces.concat(), false), "{pieces:?}");
        }
    }
}

//! Takes the word for a person out of a text that comes in pieces, however the model writes it: in any case, with one
//! bracket or two, with backslashes or emphasis around or inside it.

use super::mentions::is_ignorable;

/// What is written like the word is never longer than this, in characters.
const LONGEST: usize = 64;

/// Holds back what may be the beginning of the word; where it comes, the text ends before it.
pub(super) struct Sieve {
    /// The letters of the word, in upper case, without its brackets.
    letters: Vec<char>,
    held: String,
    /// The last character that was given out.
    before: Option<char>,
    /// Whether anything but space was given out.
    has_spoken: bool,
    is_found: bool,
}

/// What a text that may be the word turns out to be.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Seen {
    /// Text.
    Nothing,
    /// The beginning of the word, or text: more must come.
    Beginning,
    /// The word, cut off at the end of the text.
    Rest,
    /// The word.
    Word,
}

impl Sieve {
    /// Looks for this word, written in brackets, in ASCII.
    pub(super) fn new(word: &str) -> Self {
        let letters = word.chars().filter(char::is_ascii_alphabetic).map(|c| c.to_ascii_uppercase());
        Self {
            letters: letters.collect(),
            held: String::new(),
            before: None,
            has_spoken: false,
            is_found: false,
        }
    }

    /// What can be said after the next piece, which may be the last.
    pub(super) fn push(&mut self, piece: &str, is_last: bool) -> String {
        if self.is_found {
            return String::new();
        }
        self.held.push_str(piece);
        let mut end = self.held.len();
        let (mut before, mut has_spoken) = (self.before, self.has_spoken);
        for (at, c) in self.held.char_indices() {
            if may_open(c) || (!has_spoken && !c.is_whitespace()) {
                match self.look(&self.held[at..], before, !has_spoken, is_last) {
                    Seen::Nothing => {}
                    Seen::Beginning => {
                        end = at;
                        break;
                    }
                    seen => {
                        self.is_found = seen == Seen::Word;
                        self.held.truncate(at);
                        return std::mem::take(&mut self.held);
                    }
                }
            }
            before = Some(c);
            has_spoken |= !c.is_whitespace();
        }
        (self.before, self.has_spoken) = (before, has_spoken);
        let rest = self.held.split_off(end);
        std::mem::replace(&mut self.held, rest)
    }

    /// Whether the word came.
    pub(super) fn is_found(&self) -> bool {
        self.is_found
    }

    /// What this text begins with. `is_first`: nothing was said before it.
    fn look(&self, text: &str, before: Option<char>, is_first: bool, is_last: bool) -> Seen {
        let is_apart = !before.is_some_and(char::is_alphanumeric);
        let (mut opened, mut emphasised, mut letters, mut is_upper) = (0, false, 0, true);
        let mut is_alone = is_first;
        for (count, c) in text.chars().map(narrow).enumerate() {
            if count == LONGEST {
                return Seen::Nothing;
            }
            let is_whole = letters == self.letters.len();
            match c {
                _ if is_ignorable(c) || c == '\\' => {}
                '[' if letters == 0 => opened += 1,
                ']' if is_whole && opened > 0 => return Seen::Word,
                '*' | '_' | '`' | '~' => {
                    if is_whole && emphasised && is_upper && is_apart && !is_alone {
                        return Seen::Word;
                    }
                    emphasised |= letters == 0;
                }
                ' ' | '\t' if opened > 0 && (letters == 0 || is_whole) => {}
                c if is_whole => {
                    if opened >= 2 && !c.is_alphanumeric() {
                        return Seen::Word;
                    }
                    // Nothing but the word, without its brackets: that is it too.
                    is_alone &= c.is_whitespace() || matches!(c, '.' | '!' | '。');
                    if !is_alone || opened > 0 {
                        return Seen::Nothing;
                    }
                }
                c if self.letters.get(letters) == Some(&c.to_ascii_uppercase()) => {
                    if letters == 0 && opened == 0 && !emphasised && !is_alone {
                        return Seen::Nothing;
                    }
                    is_upper &= c.is_ascii_uppercase();
                    letters += 1;
                }
                _ => return Seen::Nothing,
            }
        }
        match (is_last, letters == self.letters.len()) {
            (false, _) => Seen::Beginning,
            (true, true) if opened >= 2 || (is_alone && opened == 0) => Seen::Word,
            (true, false) if opened >= 2 && letters > 0 => Seen::Rest,
            (true, _) => Seen::Nothing,
        }
    }
}

/// Whether the word may begin with this, beside its letters.
fn may_open(c: char) -> bool {
    matches!(narrow(c), '[' | '*' | '_' | '`' | '~' | '\\')
}

/// Full-width letters and brackets as the usual ones.
fn narrow(c: char) -> char {
    match c {
        '【' | '〔' => '[',
        '】' | '〕' => ']',
        '\u{ff01}'..='\u{ff5e}' => char::from_u32(u32::from(c) - 0xfee0).unwrap_or(c),
        c => c,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What is said of these pieces, and whether the word came.
    fn sift<T: AsRef<str>>(pieces: &[T]) -> (String, bool) {
        let mut sieve = Sieve::new("[[PERSON]]");
        let mut said = String::new();
        for (place, piece) in pieces.iter().enumerate() {
            said += &sieve.push(piece.as_ref(), place + 1 == pieces.len());
        }
        (said, sieve.is_found())
    }

    /// The same text in pieces of every size, and cut in two at every place.
    #[track_caller]
    fn check(text: &str, said: &str, is_found: bool) {
        let chars: Vec<char> = text.chars().collect();
        let wanted = (said.to_owned(), is_found);
        for size in 1..=chars.len().max(1) {
            let pieces: Vec<String> = chars.chunks(size).map(|part| part.iter().collect()).collect();
            assert_eq!(sift(&pieces), wanted, "{text:?} in pieces of {size}");
            let (one, two) = chars.split_at(size.min(chars.len()));
            let cut: [String; 2] = [one.iter().collect(), two.iter().collect()];
            assert_eq!(sift(&cut), wanted, "{cut:?}");
        }
    }

    #[test]
    fn the_word_is_taken_out_however_it_is_written_and_cut() {
        for text in [
            "[[PERSON]]",
            "[[person]]",
            "[[Person]]",
            "[Person]",
            "\\[\\[PERSON\\]\\]",
            "\\[person\\]",
            "**[[PERSON]]**",
            "**PERSON**",
            "*person*",
            "`[[PERSON]]`",
            "_[[Person]]_",
            "[[**PERSON**]]",
            "[[ PERSON ]]",
            "［［PERSON］］",
            "【ＰＥＲＳＯＮ】",
            "[[PER\u{200b}SON]]",
            "PERSON",
            "Person.",
            "\n person\n",
            "[[PERSON",
            "[[PERSON]",
            "[[PERSON\n",
            "[[PERSON]] and more of it",
        ] {
            let said: String = text.chars().take_while(|c| c.is_whitespace()).collect();
            check(text, &said, true);
        }
        check("I do not know. [[PERSON]]", "I do not know. ", true);
        check("I do not know.\n\n**[[Person]]**", "I do not know.\n\n", true);
        check("I do not know. **PERSON**", "I do not know. ", true);
        check("é[[[PERSON]]", "é", true);
        check("Well [1] \\[\\[person\\]\\]", "Well [1] ", true);
        // The rest of one that was cut off is not said either.
        check("Well, [[PERS", "Well, ", false);
    }

    #[test]
    fn everything_else_is_said() {
        for text in [
            "[[PERMIT]]",
            "a[b",
            "é",
            "",
            "Ask a person.",
            "Ask a **person** at the desk.",
            "Personally, I would.",
            "Person of the year: Alice",
            "PERSON A and PERSON B",
            "a [personal] note",
            "[1] and [2]",
            "2 * 3 * 4",
            "FIRST_PERSON_VIEW",
            "```\nlet person = 1;\n```",
            "* person\n* place",
            "[",
            "[[",
            "**",
            "\\",
        ] {
            check(text, text, false);
        }
        let long = "*".repeat(1000);
        assert_eq!(sift(&[long.as_str()]), (long.clone(), false));
    }
}

//! Removes the handover marker from streamed text. The model may write it in any case, with other brackets,
//! with backslashes or emphasis around or inside it, and in quotes, lists, tags or code fences.

mod place;
mod spelling;

use self::{
    place::TextPosition,
    spelling::{Match, Spelling},
};

/// Holds back text that may start the marker; ends the text before the marker and the punctuation around it.
pub(super) struct HandoverMarker {
    spelling: Spelling,
    held: String,
    /// The position after the text that was returned.
    place: TextPosition,
    is_found: bool,
}

impl HandoverMarker {
    /// Searches for this ASCII marker, written in brackets.
    pub(super) fn new(word: &str) -> Self {
        Self {
            spelling: Spelling::new(word),
            held: String::new(),
            place: TextPosition::default(),
            is_found: false,
        }
    }

    /// Accepts the next piece and returns the text that is safe to publish. `is_last` flushes.
    pub(super) fn push(&mut self, piece: &str, is_last: bool) -> String {
        if self.is_found {
            return String::new();
        }
        self.held.push_str(piece);
        let mut end = self.held.len();
        let mut place = self.place;
        for (at, c) in self.held.char_indices() {
            match self.spelling.find(&self.held[at..], place, is_last) {
                Match::Nothing => {}
                Match::Beginning => {
                    end = at;
                    break;
                }
                seen => {
                    self.is_found = seen == Match::Word;
                    self.held.truncate(at);
                    return std::mem::take(&mut self.held);
                }
            }
            place.pass(c);
        }
        self.place = place;
        let rest = self.held.split_off(end);
        std::mem::replace(&mut self.held, rest)
    }

    /// Returns whether the marker was found.
    pub(super) fn is_found(&self) -> bool {
        self.is_found
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Returns the text that passes for these pieces, and whether the marker was found.
    fn filter_pieces<T: AsRef<str>>(pieces: &[T]) -> (String, bool) {
        let mut marker_filter = HandoverMarker::new("[[PERSON]]");
        let mut said = String::new();
        for (place, piece) in pieces.iter().enumerate() {
            said += &marker_filter.push(piece.as_ref(), place + 1 == pieces.len());
        }
        (said, marker_filter.is_found())
    }

    /// Checks the text in chunks of every size, and split in two at every position.
    #[track_caller]
    fn check(text: &str, said: &str, is_found: bool) {
        let chars: Vec<char> = text.chars().collect();
        let wanted = (said.to_owned(), is_found);
        for size in 1..=chars.len().max(1) {
            let pieces: Vec<String> = chars.chunks(size).map(|part| part.iter().collect()).collect();
            assert_eq!(filter_pieces(&pieces), wanted, "{text:?} in pieces of {size}");
            let (one, two) = chars.split_at(size.min(chars.len()));
            let cut: [String; 2] = [one.iter().collect(), two.iter().collect()];
            assert_eq!(filter_pieces(&cut), wanted, "{cut:?}");
        }
    }

    #[test]
    fn the_marker_is_removed_in_every_spelling_and_split() {
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
            "[[PERSON NEEDED]]",
            "[[PERSON: a refund]]",
            "[[\nPERSON\n]]",
            "[[P E R S O N]]",
            "{{PERSON}}",
            "{{ PERSON }}",
            "<<PERSON>>",
            "⟦PERSON⟧",
            "〚Person〛",
            "《PERSON》",
            "\"PERSON\"",
            "“Person.”",
            "PERSON - please take over",
            "PERSON\nThe customer wants a refund.",
            "[PERSON] A colleague will help.",
        ] {
            let said: String = text.chars().take_while(|c| c.is_whitespace()).collect();
            check(text, &said, true);
        }
        check("I do not know. [[PERSON]]", "I do not know. ", true);
        check("I do not know.\n\n**[[Person]]**", "I do not know.\n\n", true);
        check("I do not know. **PERSON**", "I do not know. ", true);
        check("é[[[PERSON]]", "é", true);
        check("Sorry, I do not know.\nPERSON", "Sorry, I do not know.\n", true);
        check("Sorry, I do not know.\n\n[Person]\n", "Sorry, I do not know.\n\n", true);
        check("I do not know. [PERSON]", "I do not know. ", true);
        check("Well [1] \\[\\[person\\]\\]", "Well [1] ", true);
        // The start of a truncated marker is removed too.
        check("Well, [[PERS", "Well, ", false);
    }

    /// The signs around the marker belong to it.
    #[test]
    fn wrapping_is_taken_out() {
        for text in [
            "\"[[PERSON]]\"",
            "> [[PERSON]]",
            "- [[PERSON]]",
            "- [ ] [[PERSON]]",
            "1. [[PERSON]]",
            "# [[PERSON]]",
            "```\n[[PERSON]]\n```",
            "```text\n[[PERSON]]\n```",
            "<b>[[PERSON]]</b>",
            "<p><strong>[[PERSON]]",
            "([[PERSON]])",
            "「[[PERSON]]」",
            "|[[PERSON]]|",
            "| [[PERSON]] |",
            "… [[PERSON]]",
            "('**[[PERSON]]**')",
            "🙂 [[PERSON]]",
        ] {
            check(text, "", true);
            check(&format!("I do not know.\n{text}"), "I do not know.\n", true);
        }
        for text in
            ["([[PERSON]])", "\"[[PERSON]]\"", "<b>[[PERSON]]</b>", "**\"[[PERSON]]\"**", "“[[PERSON]]”"]
        {
            check(&format!("I do not know. {text}"), "I do not know. ", true);
        }
        // Closing signs belong to the text before them.
        check("He said \"yes\" [[PERSON]]", "He said \"yes\" ", true);
        check("```\nx = 1\n```\n[[PERSON]]", "```\nx = 1\n```\n", true);
        check("One.\n```\nx = 1\n```\n\n> [[PERSON]]", "One.\n```\nx = 1\n```\n\n", true);
        check("1. One.\n2. [[PERSON]]", "1. One.\n", true);
    }

    #[test]
    fn other_text_is_returned() {
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
            "PERSON: Hello\nAGENT: Hi",
            "Person - a human being",
            "See [Person](https://en.wikipedia.org/wiki/Person) for more.",
            "[Person](https://en.wikipedia.org/wiki/Person)",
            "[PERSON](x) and [PERSON][1]",
            "[person]: https://example.com",
            "[PERSON]: Hello",
            "[PERSON] [PLACE] [DATE]",
            "Use users[person] in your code.",
            "Use users[PERSON]",
            "Write \"Dear [person],\" first.",
            "Write \"Dear [PERSON],\" first, then the rest.",
            "Begin with \"Dear [PERSON],\"",
            "Ask a **PERSON** at the desk.",
            "Ask a **PERSON**.",
            "Write `{{person}}` into the template.",
            "{[person]: 1} is an object",
            "cout << PERSON;",
            "Add <person> and <PERSON> to the file.",
            "Like this:\n```\nDear\nPERSON\n```",
            "The list:\n[person]\n[place]",
            "[[Person of the year]]",
            "[[PERSONAL]]",
            "1. Call us.\n2. Person to person.",
            "\"Yes\" and (no) and 「x」 and <b>y</b>",
            "<p>Person</p> <p>Place</p>",
            "> Personal data",
            "10 people",
            "1.5 [x] persons",
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
        assert_eq!(filter_pieces(&[long.as_str()]), (long.clone(), false));
    }
}

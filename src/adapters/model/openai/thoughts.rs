//! Takes a model's thoughts out of its answer, which some servers send in tags within the text.

/// The tags that thoughts are put in, as they begin and end.
const TAGS: [(&str, &str); 7] = [
    ("<think>", "</think>"),
    ("<thinking>", "</thinking>"),
    ("<thought>", "</thought>"),
    ("<thoughts>", "</thoughts>"),
    ("<reasoning>", "</reasoning>"),
    ("[think]", "[/think]"),
    ("◁think▷", "◁/think▷"),
];

/// A tag longer than this is none, in bytes.
const LONGEST: usize = 32;

/// Cuts thoughts out of a text that comes in pieces. A tag inside code is text.
#[derive(Default)]
pub(super) struct Thoughts {
    /// What may be the beginning of a tag.
    held: String,
    /// The tag that ends the thought that goes on.
    until: Option<&'static str>,
    /// Whether a thought came and no word of the answer since: the space between belongs to neither.
    is_blank: bool,
    has_spoken: bool,
    line: Line,
}

/// What of a line decides whether it is code.
#[derive(Default)]
struct Line {
    /// How many backticks it has so far, and whether nothing else.
    ticks: usize,
    has_other: bool,
    in_fence: bool,
}

impl Line {
    fn push(&mut self, c: char) {
        match c {
            '\n' => (self.ticks, self.has_other) = (0, false),
            '`' => {
                self.ticks += 1;
                if self.ticks == 3 && !self.has_other {
                    self.in_fence = !self.in_fence;
                }
            }
            c if c.is_whitespace() => {}
            _ => self.has_other = true,
        }
    }

    fn is_code(&self) -> bool {
        self.in_fence || self.ticks % 2 == 1
    }
}

/// What a text begins with.
enum Tag {
    None,
    /// Perhaps one: more must come.
    Begun,
    Opens(usize, &'static str),
    Closes(usize),
}

impl Thoughts {
    /// What of the next piece belongs to the answer.
    pub(super) fn push(&mut self, piece: &str) -> String {
        self.held.push_str(piece);
        let text = std::mem::take(&mut self.held);
        let mut said = String::with_capacity(text.len());
        let mut at = 0;
        while let Some(c) = text[at..].chars().next() {
            if let Some(until) = self.until {
                match tag(&text[at..]) {
                    Tag::Closes(length) if is_tag(&text[at..at + length], until) => {
                        (self.until, self.is_blank) = (None, true);
                        at += length;
                    }
                    Tag::Begun => break,
                    _ => at += c.len_utf8(),
                }
                continue;
            }
            let found = if self.line.is_code() { Tag::None } else { tag(&text[at..]) };
            match found {
                Tag::Begun => break,
                Tag::Opens(length, until) => {
                    self.until = Some(until);
                    at += length;
                }
                Tag::Closes(length) => {
                    self.is_blank = true;
                    at += length;
                }
                Tag::None => {
                    self.line.push(c);
                    at += c.len_utf8();
                    if c.is_whitespace() && self.is_blank && !self.has_spoken {
                        continue;
                    }
                    self.has_spoken |= !c.is_whitespace();
                    said.push(c);
                }
            }
        }
        text[at..].clone_into(&mut self.held);
        said
    }

    /// What is left when nothing more comes. A thought that never ended is none of the answer.
    pub(super) fn finish(&mut self) -> String {
        let rest = std::mem::take(&mut self.held);
        if self.until.is_some() { String::new() } else { rest }
    }
}

fn tag(text: &str) -> Tag {
    let Some(first) = text.chars().next().filter(|c| matches!(c, '<' | '[' | '◁')) else {
        return Tag::None;
    };
    let end = match first {
        '<' => '>',
        '[' => ']',
        _ => '▷',
    };
    let near = &text[..text.floor_char_boundary(LONGEST)];
    let Some(at) = near.find(end) else {
        let is_begun = TAGS.iter().any(|(opens, closes)| begins(opens, text) || begins(closes, text));
        return if is_begun { Tag::Begun } else { Tag::None };
    };
    let length = at + end.len_utf8();
    let this = &text[..length];
    for (opens, closes) in TAGS {
        if is_tag(this, opens) {
            return Tag::Opens(length, closes);
        }
        if is_tag(this, closes) {
            return Tag::Closes(length);
        }
    }
    Tag::None
}

/// Whether this is a tag: in any case, and with space before its end.
fn is_tag(text: &str, tag: &str) -> bool {
    let (Some((name, _)), Some((wanted, _))) = (
        text.char_indices().next_back().map(|(at, _)| text.split_at(at)),
        tag.char_indices().next_back().map(|(at, _)| tag.split_at(at)),
    ) else {
        return false;
    };
    name.trim_end().eq_ignore_ascii_case(wanted)
}

/// Whether a tag begins with this text, or with all of it but the space behind the name.
fn begins(tag: &str, text: &str) -> bool {
    let trimmed = text.trim_end();
    if text.len() > trimmed.len() + 8 {
        return false;
    }
    let fits = tag.get(..trimmed.len()).is_some_and(|begun| begun.eq_ignore_ascii_case(trimmed));
    fits && (trimmed.len() == text.len() || trimmed.chars().count() + 1 == tag.chars().count())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The text comes to this, whatever pieces it comes in.
    #[track_caller]
    fn check(text: &str, wanted: &str) {
        let chars: Vec<char> = text.chars().collect();
        for size in 1..=chars.len().max(1) {
            let mut thoughts = Thoughts::default();
            let pieces = chars.chunks(size).map(|part| part.iter().collect::<String>());
            let mut said: String = pieces.map(|piece| thoughts.push(&piece)).collect();
            said += &thoughts.finish();
            assert_eq!(said, wanted, "{text:?} in pieces of {size}");
        }
    }

    #[test]
    fn thoughts_are_cut_out() {
        for (text, wanted) in [
            ("<think>hm</think>Yes.", "Yes."),
            ("<think>\nhm\n</think>\n\nYes.", "Yes."),
            ("\n<THINK>hm</Think> Yes.", "\nYes."),
            ("<think >a < b</think >Yes.", "Yes."),
            ("<think></think>Yes.", "Yes."),
            ("<think>a</thinking>b</think>Yes.", "Yes."),
            ("<thinking>hm</thinking>Yes.", "Yes."),
            ("[THINK]hm [1] [x][/THINK]Yes.", "Yes."),
            ("◁think▷hm◁/think▷Yes.", "Yes."),
            ("<thought>hm</thought>Yes.", "Yes."),
            ("Well <think>hm</think>yes.", "Well yes."),
            ("One.\n<think>a</think>\nTwo.\n<think>b</think>\nThree.", "One.\n\nTwo.\n\nThree."),
            ("<think>never ended", ""),
            ("Well.<think>never ended </thi", "Well."),
            ("</think>\n\nYes.", "Yes."),
            ("<think>the user wants `code`</think>Yes.", "Yes."),
        ] {
            check(text, wanted);
        }
    }

    #[test]
    fn everything_else_is_said() {
        for text in [
            "a < b and b > c",
            "<b>bold</b>",
            "[1] and [link](x)",
            "The tag `<think>` begins a thought.",
            "```xml\n<think>x</think>\n```\ndone",
            "<thinker>",
            "<",
            "</",
            "<thin",
            "",
            "I <3 you",
            "◁",
        ] {
            check(text, text);
        }
        check("```\n<think>x</think>\n```\n<think>y</think>z", "```\n<think>x</think>\n```\nz");
    }
}

//! Removes a model's reasoning from its answer, which some servers send in tags within the text.

use super::tags::{END, Tag, tag};

/// Removes reasoning from a text that arrives in pieces. A tag inside code is text, and so is a tag within a
/// line that no end tag follows.
#[derive(Default)]
pub(super) struct Thoughts {
    /// A possible beginning of a tag.
    held: String,
    /// The current reasoning.
    thought: Option<Thought>,
    /// End tags of tags that are text.
    mentioned: Vec<&'static str>,
    /// Whether reasoning was removed and no text followed yet; the space in between is dropped.
    is_blank: bool,
    has_spoken: bool,
    /// Whether the text has marks of the harmony format.
    has_channels: bool,
    /// Whether the text ended inside reasoning.
    is_unfinished: bool,
    line: Line,
}

/// Reasoning that is being read.
struct Thought {
    /// The tag that ends it.
    until: &'static str,
    /// Number of open tags. Reasoning may contain reasoning, or merely mention its tag.
    depth: usize,
    /// Text that is reasoning only if an end tag follows: after an end tag while another tag is open, or after a tag
    /// within a line, which it includes.
    doubt: Option<String>,
}

/// The state of a line that decides whether it is code.
#[derive(Default)]
struct Line {
    /// Number of leading spaces.
    indent: usize,
    /// Number of backticks, and of tildes at the beginning.
    ticks: usize,
    tildes: usize,
    /// Whether the line has something else.
    has_other: bool,
    /// The sign of the open fence.
    fence: Option<char>,
    last: Option<char>,
}

impl Line {
    fn push(&mut self, c: char) {
        match c {
            '\n' => *self = Self { fence: self.fence, ..Self::default() },
            '`' => {
                self.ticks += 1;
                if self.ticks == 3 && !self.has_other && self.tildes == 0 {
                    self.toggle(c);
                }
            }
            '~' if !self.has_other && self.ticks == 0 => {
                self.tildes += 1;
                if self.tildes == 3 {
                    self.toggle(c);
                }
            }
            ' ' if self.is_begin() => self.indent += 1,
            '\t' if self.is_begin() => self.indent += 4,
            c if c.is_whitespace() => {}
            _ => self.has_other = true,
        }
        self.last = Some(c);
    }

    /// Opens a fence, or closes the one with this sign.
    fn toggle(&mut self, sign: char) {
        match self.fence {
            None => self.fence = Some(sign),
            Some(open) if open == sign => self.fence = None,
            Some(_) => {}
        }
    }

    fn is_begin(&self) -> bool {
        self.ticks + self.tildes == 0 && !self.has_other
    }

    fn is_code(&self) -> bool {
        self.fence.is_some() || self.ticks % 2 == 1 || self.indent >= 4
    }
}

impl Thoughts {
    /// Returns the part of the next piece that belongs to the answer.
    pub(super) fn push(&mut self, piece: &str) -> String {
        self.held.push_str(piece);
        let text = std::mem::take(&mut self.held);
        let mut said = String::with_capacity(text.len());
        let mut at = 0;
        while let Some(c) = text[at..].chars().next() {
            let found = match &self.thought {
                None if self.line.is_code() && (self.has_spoken || self.line.indent == 0) => Tag::None,
                _ => tag(&text[at..]),
            };
            let length = match found {
                Tag::Begun => break,
                Tag::None => c.len_utf8(),
                Tag::Opens(length, _) | Tag::Closes(length, _) | Tag::Answers(length) => length,
            };
            let read = &text[at..at + length];
            at += length;
            match &mut self.thought {
                Some(thought) => {
                    if thought.is_ended(found, read) {
                        (self.thought, self.is_blank) = (None, true);
                    }
                }
                None => self.read(found, read, &mut said),
            }
        }
        text[at..].clone_into(&mut self.held);
        said
    }

    /// Reads a tag or a character of the answer.
    fn read(&mut self, found: Tag, text: &str, said: &mut String) {
        let is_within = self.has_spoken && !self.line.is_begin();
        match found {
            Tag::Opens(_, until) if !self.mentioned.contains(&until) => {
                self.has_channels |= until == END;
                let doubt = (is_within && until != END).then(|| text.to_owned());
                self.thought = Some(Thought { until, depth: 1, doubt });
            }
            Tag::Answers(_) => (self.has_channels, self.is_blank) = (true, true),
            Tag::Closes(_, END) if !self.has_channels => self.say(text, said),
            // An end tag between words is text.
            Tag::Closes(_, until) if until != END && is_within && self.line.last == Some(' ') => {
                self.say(text, said);
            }
            Tag::Closes(..) => self.is_blank = true,
            _ => self.say(text, said),
        }
    }

    fn say(&mut self, text: &str, said: &mut String) {
        for c in text.chars() {
            self.line.push(c);
            if c.is_whitespace() && self.is_blank && !self.has_spoken {
                continue;
            }
            self.has_spoken |= !c.is_whitespace();
            said.push(c);
        }
    }

    /// Returns the rest at the end of a whole or incomplete answer. Unfinished reasoning is dropped.
    pub(super) fn finish(&mut self, is_whole: bool) -> String {
        let mut said = String::new();
        loop {
            let rest = std::mem::take(&mut self.held);
            let Some(thought) = self.thought.take() else { return said + &rest };
            let Some(doubt) = thought.doubt.filter(|_| is_whole) else {
                self.is_unfinished = true;
                return said;
            };
            // No end tag follows, so that each further tag of this name is text too.
            self.mentioned.push(thought.until);
            self.is_blank = true;
            said += &self.push(&(doubt + &rest));
        }
    }

    /// Returns whether the text ended inside reasoning, before the answer.
    pub(super) fn is_unfinished(&self) -> bool {
        self.is_unfinished
    }
}

impl Thought {
    /// Reads a tag or a character; returns whether it ends the reasoning.
    fn is_ended(&mut self, found: Tag, text: &str) -> bool {
        match found {
            Tag::Closes(_, until) if until == self.until => {
                self.depth -= 1;
                self.doubt = Some(String::new());
                return self.depth == 0;
            }
            Tag::Answers(_) if self.until == END => return true,
            Tag::Opens(_, until) if until == self.until && until != END => self.depth += 1,
            _ => {}
        }
        if let Some(doubt) = &mut self.doubt {
            doubt.push_str(text);
        }
        false
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Checks the result of a text for all ways to split it into pieces.
    #[track_caller]
    fn check(text: &str, wanted: &str) {
        let chars: Vec<char> = text.chars().collect();
        for size in 1..=chars.len().max(1) {
            let mut thoughts = Thoughts::default();
            let pieces = chars.chunks(size).map(|part| part.iter().collect::<String>());
            let mut said: String = pieces.map(|piece| thoughts.push(&piece)).collect();
            said += &thoughts.finish(true);
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
            ("Well.\n<think>never ended </thi", "Well.\n"),
            ("</think>\n\nYes.", "Yes."),
            ("<think>the user wants `code`</think>Yes.", "Yes."),
            ("<think>a <think>b</think> c</think>Yes.", "Yes."),
            ("<think>a <think>b <think>c</think> d</think> e</think>\nYes.", "Yes."),
            ("<think>which <think> does he mean?</think>\nThis one. <b>Yes.</b>", "This one. <b>Yes.</b>"),
            ("<think>a <think> b</think>Yes. <thought>hm</thought>No.", "Yes. No."),
            ("<think foo=\"1\">a</think>Yes.", "Yes."),
            ("<think\ta=1 b='2'>a</think>Yes.", "Yes."),
            ("<seed:think>hm<seed:cot_budget_reflect>x</seed:cot_budget_reflect></seed:think>Yes.", "Yes."),
            ("<|START_THINKING|>hm<|END_THINKING|>Yes.", "Yes."),
            ("<|begin_of_thought|>hm<|end_of_thought|>Yes.", "Yes."),
            (
                "<|channel|>analysis<|message|>hm<|end|><|start|>assistant<|channel|>final<|message|>Yes.<|return|>",
                "Yes.",
            ),
            ("<|channel|>analysis<|message|>hm<|channel|>final <|constrain|>x<|message|>Yes.", "Yes."),
            ("<|channel|>commentary to=f<|message|>{}<|call|><|channel|>final<|message|>Yes.", "Yes."),
            ("<|channel|>final<|message|>Yes.", "Yes."),
            ("Use <thinking> first. Then <think>hm</think>yes.", "Use <thinking> first. Then yes."),
            ("    <think>hm</think>Yes.", "    Yes."),
        ] {
            check(text, wanted);
        }
    }

    #[test]
    fn doubtful_text_of_an_incomplete_answer_is_dropped() {
        let mut thoughts = Thoughts::default();
        assert_eq!(thoughts.push("<think>a <think>b</think> c"), "");
        assert_eq!(thoughts.finish(false), "");
        assert!(thoughts.is_unfinished());
    }

    #[test]
    fn mentions_of_all_tags_are_read_quickly() {
        let text = "<think> <thinking> <thought> <reasoning> ".repeat(10_000);
        let mut thoughts = Thoughts::default();
        let mut said = thoughts.push("Tags: ");
        said += &thoughts.push(&text);
        said += &thoughts.finish(true);
        assert_eq!(said.len(), text.len() + 6);
        assert!(!thoughts.is_unfinished());
    }

    #[test]
    fn other_text_is_returned() {
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
            "<thought experiment> and <think about it>",
            "Use the <thinking> tag in your prompt. It helps.",
            "Wrap it in <reasoning> or <think> and a <reasoning> again, <thi",
            "Slogan: [Think] different. We sell shoes.",
            "[Think](https://think.example) is open from nine.",
            "See [think][1] for more.",
            "The end tag is </think> and it closes.",
            "~~~\n<think>x</think>\n```\n<think>\n~~~\ndone",
            "Like this:\n\n    <think>x</think>\n\ndone",
            "The token <|end|> ends a message, <|start|>assistant begins one.",
            "<|channel|>",
        ] {
            check(text, text);
        }
        check("```\n<think>x</think>\n```\n<think>y</think>z", "```\n<think>x</think>\n```\nz");
    }
}

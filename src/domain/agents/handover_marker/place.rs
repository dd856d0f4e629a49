//! A position in a text that may hold the handover marker.

use crate::domain::agents::mentions::is_ignorable;

/// A position in a text.
#[derive(Clone, Copy, Debug)]
pub(super) struct TextPosition {
    /// The character before it.
    pub(super) before: Option<char>,
    /// Whether no letter or digit precedes it.
    pub(super) is_first: bool,
    /// Whether only white space precedes it in its line.
    pub(super) is_line: bool,
    /// Whether a sentence ends before it.
    pub(super) is_sentence: bool,
    /// Whether it is inside a fenced code block.
    pub(super) in_fence: bool,
    /// Number of backticks at the beginning of the line, if it has nothing else.
    ticks: Option<usize>,
}

impl Default for TextPosition {
    fn default() -> Self {
        Self {
            before: None,
            is_first: true,
            is_line: true,
            is_sentence: true,
            in_fence: false,
            ticks: Some(0),
        }
    }
}

impl TextPosition {
    /// Moves past the next character.
    pub(super) fn pass(&mut self, c: char) {
        self.before = Some(c);
        self.is_first &= !c.is_alphanumeric();
        if c == '\n' {
            (self.is_line, self.is_sentence, self.ticks) = (true, true, Some(0));
            return;
        }
        if c.is_whitespace() || is_ignorable(c) {
            return;
        }
        self.is_line = false;
        self.is_sentence = matches!(c, '.' | '!' | '?' | ':' | '…' | '。' | '！' | '？' | '：');
        self.ticks = self.ticks.filter(|_| c == '`').map(|ticks| ticks + 1);
        self.in_fence ^= self.ticks == Some(3);
    }

    /// Returns whether a word can begin here.
    pub(super) fn is_apart(self) -> bool {
        !self.before.is_some_and(char::is_alphanumeric)
    }
}

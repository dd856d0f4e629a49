//! Recognises the marks around a model's reasoning.

/// Begin and end tags of reasoning. Tags in angle brackets may have attributes.
const TAGS: [(&str, &str); 10] = [
    ("<think>", "</think>"),
    ("<thinking>", "</thinking>"),
    ("<thought>", "</thought>"),
    ("<thoughts>", "</thoughts>"),
    ("<reasoning>", "</reasoning>"),
    ("<seed:think>", "</seed:think>"),
    ("<|start_thinking|>", "<|end_thinking|>"),
    ("<|begin_of_thought|>", "<|end_of_thought|>"),
    ("[THINK]", "[/THINK]"),
    ("◁think▷", "◁/think▷"),
];

/// Marks of the harmony format: `<|start|>assistant<|channel|>analysis<|message|>…<|end|>`.
const START: &str = "<|start|>assistant";
const CHANNEL: &str = "<|channel|>";
const MESSAGE: &str = "<|message|>";
const ENDS: [&str; 3] = [END, "<|return|>", "<|call|>"];
/// The mark that ends a message of the harmony format.
pub(super) const END: &str = "<|end|>";

/// Maximum bytes of a mark.
const MAX_TAG_BYTES: usize = 96;

/// The beginning of a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Tag {
    None,
    /// Possibly a mark: more text is needed.
    Begun,
    /// Begins reasoning: the length of the mark, and the mark that ends the reasoning.
    Opens(usize, &'static str),
    /// Ends reasoning.
    Closes(usize, &'static str),
    /// Begins the answer in the harmony format.
    Answers(usize),
}

/// Returns the mark at the beginning of a text.
pub(super) fn tag(text: &str) -> Tag {
    if !text.starts_with(['<', '[', '◁']) {
        return Tag::None;
    }
    let mut found = channel(text);
    for (opens, closes) in TAGS {
        if found == Tag::None {
            found = named(text, opens, |length| Tag::Opens(length, closes));
        }
        if matches!(found, Tag::None | Tag::Begun) {
            match named(text, closes, |length| Tag::Closes(length, closes)) {
                Tag::None => {}
                closing => found = closing,
            }
        }
    }
    for end in ENDS {
        if found == Tag::None {
            found = named(text, end, |length| Tag::Closes(length, END));
        }
    }
    found
}

/// Matches a tag in any case, with spaces before its end, and with attributes if it opens. A tag in square
/// brackets is in upper case: other cases are links or notes.
fn named(text: &str, tag: &'static str, whole: impl Fn(usize) -> Tag) -> Tag {
    let Some((at, end)) = tag.char_indices().next_back() else { return Tag::None };
    let name = &tag[..at];
    let is_same = |name: &str, text: &str| {
        if tag.starts_with('[') { name == text } else { name.eq_ignore_ascii_case(text) }
    };
    if text.len() <= name.len() {
        let is_begun = name.get(..text.len()).is_some_and(|begun| is_same(begun, text));
        return if is_begun { Tag::Begun } else { Tag::None };
    }
    if !text.get(..at).is_some_and(|begun| is_same(name, begun)) {
        return Tag::None;
    }
    let near = &text[at..text.floor_char_boundary(MAX_TAG_BYTES)];
    let (inner, is_closed) = match near.find(end) {
        Some(close) => (&near[..close], true),
        None => (near, false),
    };
    let is_opener = tag.starts_with('<') && !tag.starts_with("</") && !tag.starts_with("<|");
    let is_spaced = inner.trim().is_empty();
    let may_be_attributes = is_opener && inner.starts_with(char::is_whitespace) && !inner.contains('<');
    match is_closed {
        true if is_spaced || (may_be_attributes && inner.contains('=')) => {
            whole(at + inner.len() + end.len_utf8())
        }
        false if (is_spaced || may_be_attributes) && text.len() < MAX_TAG_BYTES => Tag::Begun,
        _ => Tag::None,
    }
}

/// Matches the head of a message in the harmony format. Only the channel `final` is the answer.
fn channel(text: &str) -> Tag {
    let is_begun = |mark: &str, text: &str| text.len() < mark.len() && mark.starts_with(text);
    let rest = text.strip_prefix(START).unwrap_or(text);
    let Some(head) = rest.strip_prefix(CHANNEL) else {
        let is_begun = is_begun(CHANNEL, rest) || is_begun(START, text);
        return if is_begun { Tag::Begun } else { Tag::None };
    };
    match head.find(MESSAGE) {
        Some(end) if end < MAX_TAG_BYTES && !head[..end].contains('\n') => {
            let length = text.len() - head.len() + end + MESSAGE.len();
            match head[..end].split_whitespace().next() {
                Some("final") => Tag::Answers(length),
                _ => Tag::Opens(length, END),
            }
        }
        None if head.len() < MAX_TAG_BYTES && !head.contains('\n') => Tag::Begun,
        _ => Tag::None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_a_tag() {
        for (text, wanted) in [
            ("<think>a", Tag::Opens(7, "</think>")),
            ("<THINK >", Tag::Opens(8, "</think>")),
            ("<think a=\"b\">c", Tag::Opens(13, "</think>")),
            ("</thinking>", Tag::Closes(11, "</thinking>")),
            ("</think\n>", Tag::Closes(9, "</think>")),
            ("<|START_THINKING|>", Tag::Opens(18, "<|end_thinking|>")),
            ("<|channel|>analysis<|message|>", Tag::Opens(30, END)),
            ("<|start|>assistant<|channel|>final<|message|>", Tag::Answers(45)),
            ("<|return|>", Tag::Closes(10, END)),
            ("<think a", Tag::Begun),
            ("<|start|>assis", Tag::Begun),
            ("<|channel|>commen", Tag::Begun),
            ("<", Tag::Begun),
            ("<think about it>", Tag::None),
            ("<thought experiment>", Tag::None),
            ("[THINK]", Tag::Opens(7, "[/THINK]")),
            ("[Think]", Tag::None),
            ("[THINK a=b]", Tag::None),
            ("</think a=b>", Tag::None),
            ("<|channel|>\n", Tag::None),
            ("<b>", Tag::None),
            ("think>", Tag::None),
        ] {
            assert_eq!(tag(text), wanted, "{text}");
        }
        assert_eq!(tag(&format!("<think {}", "a".repeat(MAX_TAG_BYTES))), Tag::None);
    }
}

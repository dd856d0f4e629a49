//! Splits knowledge into passages: paragraphs under their headings, long paragraphs at their sentences.

use crate::{adapters::model::Knowledge, text::sentences::sentences};

/// Maximum bytes of a paragraph that is not split.
const LONG: usize = 600;
/// Target bytes of the parts, unless a single sentence is longer.
const PART: usize = 400;
/// Maximum characters of a heading.
const HEADING: usize = 80;

/// A part of a knowledge text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Passage {
    /// Index of the knowledge text.
    pub(super) source: usize,
    /// Heading of the passage, or the question that it answers; may be empty.
    pub(super) heading: String,
    /// Unchanged text of the passage.
    pub(super) text: String,
}

/// Returns all passages of a text in their order.
pub(super) fn passages(source: usize, knowledge: &Knowledge) -> Vec<Passage> {
    let text = knowledge.text.replace("\r\n", "\n");
    let mut passages = Vec::new();
    let mut heading = String::new();
    let mut blocks = text.split("\n\n").map(|block| block.trim_matches('\n').trim_end()).peekable();
    while let Some(block) = blocks.next() {
        let mut body = block;
        let (line, rest) = block.split_once('\n').unwrap_or((block, ""));
        if let Some(named) = line.strip_prefix('#') {
            heading = named.trim_start_matches('#').trim().to_owned();
            body = rest;
        } else if rest.is_empty() && blocks.peek().is_some() && is_heading(line) {
            heading = line.trim().to_owned();
            continue;
        }
        if body.trim().is_empty() {
            continue;
        }
        for text in parts(body) {
            passages.push(Passage { source, heading: heading.clone(), text });
        }
    }
    passages
}

/// Returns whether a line is a heading: a short line that is no sentence, or a question before its answer.
fn is_heading(line: &str) -> bool {
    let line = line.trim();
    line.chars().count() <= HEADING
        && !line.ends_with(['.', '!', '。', '！', ';', ','])
        && !line.starts_with(['-', '*', '•'])
}

fn parts(body: &str) -> Vec<String> {
    if body.len() <= LONG {
        return vec![body.trim().to_owned()];
    }
    let mut parts: Vec<String> = Vec::new();
    for sentence in spoken(body) {
        match parts.last_mut() {
            Some(part) if part.len() + sentence.len() <= PART => part.push_str(sentence),
            _ => parts.push(sentence.trim_start().to_owned()),
        }
    }
    parts
}

/// Returns the sentences of a text, each with the preceding space.
pub(super) fn spoken(text: &str) -> impl Iterator<Item = &str> {
    let mut at = 0;
    sentences(text).into_iter().filter_map(move |sentence| {
        let end = at + text[at..].find(&sentence)? + sentence.len();
        let slice = &text[at..end];
        at = end;
        Some(slice)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cut(text: &str) -> Vec<(String, String)> {
        let knowledge = Knowledge { title: String::new(), text: text.to_owned() };
        passages(0, &knowledge).into_iter().map(|passage| (passage.heading, passage.text)).collect()
    }

    fn pair(heading: &str, text: &str) -> (String, String) {
        (heading.to_owned(), text.to_owned())
    }

    #[test]
    fn headings_and_questions_go_with_what_follows() {
        let text = "# Manual\r\n\r\n## Battery\r\nIt lasts long.\r\n\r\nCharging\n\n- one\n- two\n\nIs it loud?\n\nNo.";
        let wanted =
            [pair("Battery", "It lasts long."), pair("Charging", "- one\n- two"), pair("Is it loud?", "No.")];
        assert_eq!(cut(text), wanted);
        assert_eq!(cut("Just a line"), [pair("", "Just a line")]);
        assert_eq!(cut(" \n\n "), []);
    }

    #[test]
    fn long_paragraphs_are_cut_at_sentences() {
        let text = "A sentence of some forty bytes, or so it is. ".repeat(40);
        let parts = cut(&text);
        assert!(
            parts.len() >= 4 && parts.iter().all(|(_, part)| part.len() <= PART && part.ends_with("it is."))
        );
        let all: String = parts.iter().map(|(_, part)| format!("{part} ")).collect();
        assert_eq!(all, text);
    }
}

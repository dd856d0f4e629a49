//! Visibility of characters, and characters that are allowed in names.

use icu_properties::{
    CodePointMapData, CodePointSetData,
    props::{BidiControl, DefaultIgnorableCodePoint, GeneralCategory as Category, Script},
};
use unicode_segmentation::UnicodeSegmentation;

/// Zero-width joiner and non-joiner, which the spelling of some scripts requires.
const JOINERS: [char; 2] = ['\u{200c}', '\u{200d}'];
/// Maximum number of combining marks on one character in names.
const MOST_MARKS: usize = 10;

/// Why a text is not a valid name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Fault {
    /// A line break or another control character.
    Control,
    /// A bidirectional control character.
    Direction,
    /// An invisible character.
    Invisible,
    /// A character without a meaning: private-use, unassigned or no character.
    Unassigned,
    /// More combining marks on one character than any script writes.
    Marks,
}

impl Fault {
    /// Returns the forbidden characters, as a noun phrase for messages.
    pub(crate) fn what(self) -> &'static str {
        match self {
            Self::Control => "line breaks or control characters",
            Self::Direction => "characters that change the direction of text",
            Self::Invisible => "invisible characters",
            Self::Unassigned => "unassigned or private-use characters",
            Self::Marks => "more than 10 marks on one character",
        }
    }
}

/// Returns whether a text has no visible character: it is empty or has only spaces, controls and invisible
/// characters.
pub fn is_blank(text: &str) -> bool {
    !text.chars().any(is_visible)
}

/// Returns whether a character is visible by itself. Combining marks are not.
fn is_visible(character: char) -> bool {
    if character.is_ascii() {
        return character.is_ascii_graphic();
    }
    let unseen = matches!(
        category(character),
        Category::Control
            | Category::Format
            | Category::SpaceSeparator
            | Category::LineSeparator
            | Category::ParagraphSeparator
            | Category::NonspacingMark
            | Category::EnclosingMark
    );
    !unseen && !is_blank_sign(character) && !is_ignorable(character)
}

/// Returns whether this is a sign without ink that Unicode does not call invisible: the blank braille pattern, the null
/// notehead, the Khitan filler, and annotation and Egyptian format characters.
fn is_blank_sign(character: char) -> bool {
    matches!(
        character,
        '\u{2800}' | '\u{1d159}' | '\u{16fe4}' | '\u{fff9}'..='\u{fffb}' | '\u{13430}'..='\u{1343f}'
    )
}

/// Returns whether a character is rendered as nothing, not even a space.
pub(crate) fn is_ignorable(character: char) -> bool {
    CodePointSetData::new::<DefaultIgnorableCodePoint>().contains(character)
}

/// Returns the first fault of a name; `None` if it is valid.
///
/// Joiners and variation selectors are allowed where a script or an emoji requires them.
pub(crate) fn fault(text: &str) -> Option<Fault> {
    if text.is_ascii() {
        return text.chars().any(|character| character.is_ascii_control()).then_some(Fault::Control);
    }
    text.grapheme_indices(true).find_map(|(at, grapheme)| {
        let next = text[at + grapheme.len()..].chars().next();
        fault_of_grapheme(grapheme).or_else(|| {
            // A joiner joins two letters.
            let is_open = grapheme.ends_with(JOINERS) && !next.is_some_and(char::is_alphabetic);
            is_open.then_some(Fault::Invisible)
        })
    })
}

fn fault_of_grapheme(grapheme: &str) -> Option<Fault> {
    let is_selector = |character: &char| matches!(character, '\u{fe0e}' | '\u{fe0f}');
    let is_joiner = |character: &char| JOINERS.contains(character);
    let pairs = || grapheme.chars().zip(grapheme.chars().skip(1));
    if pairs().any(|(one, two)| is_selector(&one) && is_selector(&two) || is_joiner(&one) && is_joiner(&two))
    {
        return Some(Fault::Invisible);
    }
    let bare: String = grapheme.chars().filter(|character| !is_selector(character)).collect();
    if emojis::get(grapheme).is_some() || emojis::get(&bare).is_some() {
        return None;
    }
    if grapheme.chars().filter(|character| is_mark(*character)).count() > MOST_MARKS {
        return Some(Fault::Marks);
    }
    let mut before = None;
    for character in grapheme.chars() {
        let found = fault_of(character, before);
        if found.is_some() {
            return found;
        }
        if !is_mark(character) {
            before = Some(character);
        }
    }
    None
}

fn fault_of(character: char, before: Option<char>) -> Option<Fault> {
    match category(character) {
        Category::Control | Category::LineSeparator | Category::ParagraphSeparator => {
            return Some(Fault::Control);
        }
        Category::PrivateUse => return Some(Fault::Unassigned),
        // Emoji of later versions of Unicode.
        Category::Unassigned if !matches!(character, '\u{1f000}'..='\u{1faff}') => {
            return Some(Fault::Unassigned);
        }
        _ => {}
    }
    if CodePointSetData::new::<BidiControl>().contains(character) {
        return Some(Fault::Direction);
    }
    if !is_ignorable(character) && !is_blank_sign(character) {
        return None;
    }
    let needed = before.is_some_and(|before| is_needed(character, script(before)));
    (!needed).then_some(Fault::Invisible)
}

/// Returns whether the spelling of a script requires this invisible character.
fn is_needed(character: char, script: Script) -> bool {
    match character {
        _ if JOINERS.contains(&character) => joins(script),
        // Variants of ideographs, as in Japanese family names.
        '\u{fe00}'..='\u{fe02}' | '\u{e0100}'..='\u{e01ef}' => script == Script::Han,
        '\u{180b}'..='\u{180d}' | '\u{180f}' => script == Script::Mongolian,
        _ => false,
    }
}

/// Returns whether the spelling of a script uses joiners.
fn joins(script: Script) -> bool {
    [
        Script::Arabic,
        Script::Syriac,
        Script::Mandaic,
        Script::Nko,
        Script::Mongolian,
        Script::Adlam,
        Script::Devanagari,
        Script::Bengali,
        Script::Gurmukhi,
        Script::Gujarati,
        Script::Oriya,
        Script::Tamil,
        Script::Telugu,
        Script::Kannada,
        Script::Malayalam,
        Script::Sinhala,
        Script::Khmer,
        Script::Myanmar,
        Script::Tibetan,
        Script::Balinese,
        Script::Javanese,
    ]
    .contains(&script)
}

fn is_mark(character: char) -> bool {
    matches!(category(character), Category::NonspacingMark | Category::SpacingMark | Category::EnclosingMark)
}

fn category(character: char) -> Category {
    CodePointMapData::<Category>::new().get(character)
}

fn script(character: char) -> Script {
    CodePointMapData::<Script>::new().get(character)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn invisible_text_is_blank() {
        for text in [
            "",
            " \n\t",
            "\u{200b}",
            "\u{3164}",
            "\u{ffa0}",
            "\u{115f}\u{1160}",
            "\u{2800}",
            "\u{fe0f}",
            "\u{e0061}\u{e007f}",
            "\u{e0100}",
            "\u{200d}",
            "\u{2060}\u{feff}",
            "\u{ad}",
            "\u{202e}\u{200f}",
            "\u{a0}\u{3000}",
            "\u{34f}",
            "\u{180e}",
            "\u{0301}",
            "\u{0}",
        ] {
            assert!(is_blank(text), "{text:?}");
        }
        for text in ["a", ".", "漢", "👍", "\u{600}\u{661}", "👩‍👩‍👧", "é", "ก็"] {
            assert!(!is_blank(text), "{text:?}");
        }
    }

    #[test]
    fn names_of_all_languages_have_no_fault() {
        for name in [
            "Ann",
            "José",
            "Zoë O’Neill",
            "王小明",
            "葛\u{e0100}城",
            "می\u{200c}خواهم",
            "ශ්\u{200d}රී",
            "क्\u{200d}ष",
            "שלום",
            "أحمد",
            "👩‍👩‍👧 family",
            "❤️",
            "☹ ok",
            "☎\u{fe0e}",
            "🏴󠁧󠁢󠁥󠁮󠁧󠁿",
            "1️⃣",
            "Ann\u{a0}Lee",
            "Nguyễn",
        ] {
            assert_eq!(fault(name), None, "{name:?}");
        }
    }

    #[test]
    fn misleading_characters_are_a_fault() {
        for (name, expected) in [
            ("a\nb", Fault::Control),
            ("é\u{85}b", Fault::Control),
            ("é\u{2028}b", Fault::Control),
            ("a\u{7}", Fault::Control),
            ("a\u{202e}b", Fault::Direction),
            ("a\u{200f}", Fault::Direction),
            ("a\u{2067}b", Fault::Direction),
            ("a\u{61c}b", Fault::Direction),
            ("ad\u{200b}min", Fault::Invisible),
            ("ad\u{200d}min", Fault::Invisible),
            ("ad\u{ad}min", Fault::Invisible),
            ("a\u{fe0f}b", Fault::Invisible),
            ("a\u{3164}b", Fault::Invisible),
            ("a\u{2800}b", Fault::Invisible),
            ("a\u{e0041}", Fault::Invisible),
            ("\u{200d}a", Fault::Invisible),
            ("\u{feff}é", Fault::Invisible),
            ("می\u{200c}", Fault::Invisible),
            ("می\u{200c} ", Fault::Invisible),
            ("a\u{1d159}", Fault::Invisible),
            ("☎\u{fe0f}\u{fe0f}", Fault::Invisible),
            ("ی\u{200c}\u{200c}خ", Fault::Invisible),
            ("bob\u{16fe4}", Fault::Invisible),
            ("bob\u{13430}", Fault::Invisible),
            ("a\u{ffff}", Fault::Unassigned),
            ("a\u{fdd0}", Fault::Unassigned),
            ("a\u{378}", Fault::Unassigned),
            ("a\u{e000}", Fault::Unassigned),
            ("a\u{10fffd}", Fault::Unassigned),
            (&format!("a{}", "\u{301}".repeat(11)), Fault::Marks),
        ] {
            assert_eq!(fault(name), Some(expected), "{name:?}");
        }
    }
}

//! Splits a text that arrives in pieces into sentences, each as soon as its end is certain.
//!
//! Unicode's sentence rules handle the full stops of all scripts, decimals and closing quotes. Beyond them, a
//! point after an abbreviation, an initial, or the number of a day or list item ends no sentence. The result
//! depends only on the text, not on its pieces.

use unicode_segmentation::UnicodeSegmentation;

/// A sentence longer than this, in bytes, is split, because some texts have no full stop.
const MAX_SENTENCE_BYTES: usize = 600;

/// Bytes of a text in which the end of the first sentence is searched.
const WINDOW: usize = 8 * MAX_SENTENCE_BYTES;

/// After these words, a point ends no sentence, even before a capital letter.
const ABBREVIATIONS: &[&str] = &[
    // English
    "mr", "mrs", "ms", "dr", "prof", "st", "vs", "no", "vol", "fig", "approx", "dept", "gen", "col", "lt",
    "sgt", "rev", "hon", "sr", "jr", "mt", "e.g", "i.e", "cf", "al", "ca", "op", // German
    "z.b", "d.h", "u.a", "o.ä", "i.d.r", "bzw", "ggf", "evtl", "inkl", "zzgl", "nr", "str", "tel", "abs",
    "bspw", "vgl", "hr", "fr", "art", "max", "min", "mio", "mrd", "abt", "geb",
    // French, Spanish, Italian, Portuguese, Dutch
    "mme", "mlle", "mm", "p.ex", "av", "bd", "env", "sra", "srta", "dra", "ud", "uds", "p.ej", "pág", "núm",
    "dott", "sig", "sig.ra", "ing", "avv", "exmo", "exma", "dhr", "mevr", "bijv", "o.a", "d.w.z",
    // Russian
    "г", "гг", "ул", "им", "др", "т.е", "т.к", "т.д", "т.п", "см", "стр", "руб", "тыс", "млн",
];

/// Splits a text that arrives in pieces into sentences.
#[derive(Clone, Debug, Default)]
pub struct Sentences {
    text: String,
}

/// Returns all sentences of a complete text.
pub fn sentences(text: &str) -> Vec<String> {
    let mut cutter = Sentences::default();
    let mut sentences = cutter.push(text);
    sentences.extend(cutter.finish());
    sentences
}

impl Sentences {
    /// Adds the next piece; returns the complete sentences, trimmed.
    pub fn push(&mut self, piece: &str) -> Vec<String> {
        self.text.push_str(piece);
        let mut whole = Vec::new();
        let mut taken = 0;
        while let Some(end) = end(&self.text[taken..]) {
            keep(&self.text[taken..taken + end], &mut whole);
            taken += end;
        }
        self.text.drain(..taken);
        whole
    }

    /// Ends the text; returns the remaining sentences.
    pub fn finish(&mut self) -> Vec<String> {
        let mut whole = Vec::new();
        let text = std::mem::take(&mut self.text);
        keep(&text, &mut whole);
        whole
    }
}

fn keep(text: &str, whole: &mut Vec<String>) {
    let text = text.trim();
    if !text.is_empty() {
        whole.push(text.to_owned());
    }
}

/// Returns the end of the first sentence if no further text can move it.
fn end(text: &str) -> Option<usize> {
    // The end is decided within the length of a sentence, so a long text is not searched again for each
    // sentence.
    let text = &text[..text.floor_char_boundary(WINDOW)];
    let mut at = 0;
    for part in text.split_sentence_bounds() {
        let begin = at;
        at += part.len();
        // A sentence that is too long is split here or earlier.
        if at > MAX_SENTENCE_BYTES {
            return Some(if begin > 0 && !is_open(&text[..begin]) { begin } else { soft_cut(text) });
        }
        if is_certain(part, &text[at..]) && !is_open(&text[..at]) {
            return Some(at - opening(part));
        }
    }
    None
}

/// Returns whether no further text can move the end of this part.
fn is_certain(part: &str, rest: &str) -> bool {
    if rest.is_empty() {
        return false;
    }
    if part.ends_with(['\n', '\r', '\u{85}', '\u{2028}', '\u{2029}']) {
        // A line end of two characters may be split between pieces.
        return !part.ends_with('\r') || rest.starts_with(|c| c != '\n');
    }
    let mut ending = part.trim_end().chars().rev().skip_while(|c| !is_stop(*c));
    match ending.next() {
        // A point before a small letter ends no sentence, so the next letter must be known.
        Some('.' | '\u{2024}' | '\u{fe52}' | '\u{ff0e}') => {
            rest.chars().any(|c| c.is_alphabetic() || is_stop(c) || c == '\n')
        }
        _ => true,
    }
}

/// Returns the bytes at the end of this part that belong to the next sentence: Unicode's rules treat every
/// bracket as closing.
fn opening(part: &str) -> usize {
    let behind = part.rfind(is_stop).map_or("", |at| &part[at..]);
    let opens =
        |c| matches!(c, '「' | '『' | '（' | '【' | '〈' | '《' | '〔' | '［' | '｛' | '(' | '[' | '{');
    behind.find(opens).map_or(0, |at| behind.len() - at)
}

fn is_stop(c: char) -> bool {
    matches!(
        c,
        '.' | '!'
            | '?'
            | '…'
            | '。'
            | '！'
            | '？'
            | '｡'
            | '．'
            | '\u{2024}'
            | '\u{fe52}'
            | '؟'
            | '۔'
            | '।'
            | '॥'
            | '։'
            | '።'
    )
}

/// Returns whether this is not a complete sentence: only punctuation, or a point of an abbreviation, an initial or a
/// number.
fn is_open(text: &str) -> bool {
    if !text.contains(char::is_alphanumeric) {
        return true;
    }
    let Some(text) = text.trim_end_matches([' ', '\t', '\u{a0}', '\u{202f}']).strip_suffix('.') else {
        return false;
    };
    let word =
        text.rsplit(|c: char| c.is_whitespace() || matches!(c, '(' | '[' | '"' | '„' | '“' | '«' | '\''));
    let word = word.into_iter().next().unwrap_or_default();
    let letters = word.chars().count();
    // "J. Smith", "z. B.", "3. Mai" and "1. Open the lid" continue; "5.5." and "2026." end a sentence.
    (letters == 1 && word.chars().all(char::is_alphabetic))
        || ((1..=2).contains(&letters) && word.chars().all(|c| c.is_ascii_digit()))
        || ABBREVIATIONS.contains(&word.to_lowercase().as_str())
}

/// Returns where to split a text that is too long: after a comma or similar, at a space, or between two
/// characters.
fn soft_cut(text: &str) -> usize {
    let window = text.floor_char_boundary(MAX_SENTENCE_BYTES);
    let window = &text[..window];
    let behind = |at: Option<(usize, char)>| {
        at.map(|(at, c)| at + c.len_utf8()).filter(|at| *at > MAX_SENTENCE_BYTES / 4)
    };
    let clause = |(_, c): &(usize, char)| matches!(c, ';' | ':' | '、' | '，' | '；' | '：' | '،' | '—');
    let comma = |(at, c): &(usize, char)| *c == ',' && window[at + 1..].starts_with(' ');
    let found = window.char_indices().rev().find(|at| clause(at) || comma(at));
    let space = || window.char_indices().rev().find(|(_, c)| c.is_whitespace());
    let cluster = || window.grapheme_indices(true).next_back().map_or(window.len(), |(at, _)| at.max(1));
    behind(found).or_else(|| behind(space())).unwrap_or_else(cluster)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Checks the sentences of a text for all ways to split it into pieces.
    #[track_caller]
    fn cut(text: &str, wanted: &[&str]) {
        assert_eq!(sentences(text), wanted);
        let clusters: Vec<char> = text.chars().collect();
        for size in 1..=clusters.len().min(12) {
            let mut cutter = Sentences::default();
            let mut found = Vec::new();
            for piece in clusters.chunks(size) {
                found.extend(cutter.push(&piece.iter().collect::<String>()));
            }
            found.extend(cutter.finish());
            assert_eq!(found, wanted, "in pieces of {size}");
        }
    }

    #[test]
    fn plain_sentences() {
        cut("One. Two! Three? Four", &["One.", "Two!", "Three?", "Four"]);
        cut("He said “No.” Then he left.", &["He said “No.”", "Then he left."]);
        cut("Wait... what? Yes… no.", &["Wait... what?", "Yes… no."]);
        cut("A line\nanother line\r\n\r\n- a point", &["A line", "another line", "- a point"]);
        cut("Done! 🎉 Next.", &["Done!", "🎉 Next."]);
        cut(" \n ", &[]);
        cut("Bye! 👋", &["Bye!", "👋"]);
    }

    #[test]
    fn points_that_end_nothing() {
        cut(
            "Dr. Smith paid 3.50 to J. R. Tolkien. Fine.",
            &["Dr. Smith paid 3.50 to J. R. Tolkien.", "Fine."],
        );
        cut(
            "Das sind z. B. Äpfel, d.h. Obst. Am 3. Mai!",
            &["Das sind z. B. Äpfel, d.h. Obst.", "Am 3. Mai!"],
        );
        cut("Use e.g. Tea. See example.com for more.", &["Use e.g. Tea.", "See example.com for more."]);
        cut("M. Dupont arrive. Mme. Martin part.", &["M. Dupont arrive.", "Mme. Martin part."]);
        cut("1. Open it.\n2. Close it.", &["1. Open it.", "2. Close it."]);
        cut("It was 2026. Then 2027.", &["It was 2026.", "Then 2027."]);
        cut("about five p.m. or so. Then", &["about five p.m. or so.", "Then"]);
    }

    #[test]
    fn other_scripts() {
        cut("これは本です。「はい。」と言った！次", &["これは本です。", "「はい。」", "と言った！", "次"]);
        cut("你好！请问几点开门？九点。", &["你好！", "请问几点开门？", "九点。"]);
        cut("Это дом. А это И. И. Иванов! Да.", &["Это дом.", "А это И. И. Иванов!", "Да."]);
        cut("यह घर है। वह पेड़ है।", &["यह घर है।", "वह पेड़ है।"]);
        cut("هل هذا بيت؟ نعم.", &["هل هذا بيت؟", "نعم."]);
        cut("안녕하세요. 반갑습니다.", &["안녕하세요.", "반갑습니다."]);
    }

    #[test]
    fn a_sentence_comes_as_soon_as_it_is_whole() {
        let mut cutter = Sentences::default();
        assert_eq!(cutter.push("One thing. "), [""; 0]);
        assert_eq!(cutter.push("A"), ["One thing."]);
        assert_eq!(cutter.push("nother! "), [""; 0]);
        assert_eq!(cutter.push("6"), ["Another!"]);
        assert_eq!(cutter.finish(), ["6"]);
        assert_eq!(cutter.finish(), [""; 0]);
    }

    #[test]
    fn an_endless_sentence_is_cut() {
        // The last one would take minutes if the whole text were searched for each sentence.
        let texts = [
            "word ".repeat(500),
            "เขียนต่อกัน".repeat(100),
            "x".repeat(3000),
            "a, b ".repeat(500),
            "word ".repeat(100_000),
        ];
        for text in texts {
            let found = sentences(&text);
            assert!(found.len() > 2);
            assert!(found.iter().all(|sentence| sentence.len() <= MAX_SENTENCE_BYTES));
            let joined: String = found.concat().split_whitespace().collect();
            assert!(joined == text.split_whitespace().collect::<String>());
        }
    }
}

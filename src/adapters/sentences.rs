//! Cuts a text that is still being written into sentences, each as soon as it is certain that it is whole.
//!
//! Unicode's rules for sentences do most of it: they know the full stops of all scripts, decimals and closing quotes.
//! Beyond them a point does not end a sentence behind an abbreviation, an initial or the number of a day or a list. The
//! cuts depend on the text alone, never on how it came in pieces.

use unicode_segmentation::UnicodeSegmentation;

/// A sentence longer than this, in bytes, is cut where it can be: some texts have no full stop.
const LONGEST: usize = 600;

/// So much of a text is looked at for its first sentence, in bytes.
const WINDOW: usize = 8 * LONGEST;

/// Behind these a point ends no sentence, though a capital letter follows.
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

/// Sentences out of a text that comes in pieces.
#[derive(Clone, Debug, Default)]
pub struct Sentences {
    text: String,
}

/// All sentences of a whole text.
pub fn sentences(text: &str) -> Vec<String> {
    let mut cutter = Sentences::default();
    let mut sentences = cutter.push(text);
    sentences.extend(cutter.finish());
    sentences
}

impl Sentences {
    /// Takes the next piece; gives the sentences that are whole now, without space around them.
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

    /// The text has ended: what was left of it.
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

/// Where the first sentence ends for certain, whatever follows.
fn end(text: &str) -> Option<usize> {
    // What is decided below is decided within a sentence's length; a text of any length is not looked through for each.
    let text = &text[..text.floor_char_boundary(WINDOW)];
    let mut at = 0;
    for part in text.split_sentence_bounds() {
        let begin = at;
        at += part.len();
        // A sentence without any end in sight is cut where it can be: in this part, or before it.
        if at > LONGEST {
            return Some(if begin > 0 && !is_open(&text[..begin]) { begin } else { soft_cut(text) });
        }
        if is_certain(part, &text[at..]) && !is_open(&text[..at]) {
            return Some(at - opening(part));
        }
    }
    None
}

/// Whether nothing that still comes can move the end of this part.
fn is_certain(part: &str, rest: &str) -> bool {
    if rest.is_empty() {
        return false;
    }
    if part.ends_with(['\n', '\r', '\u{85}', '\u{2028}', '\u{2029}']) {
        // A line end of two characters may come in two pieces.
        return !part.ends_with('\r') || rest.starts_with(|c| c != '\n');
    }
    let mut ending = part.trim_end().chars().rev().skip_while(|c| !is_stop(*c));
    match ending.next() {
        // A point is none when a small letter follows: the next letter must be there.
        Some('.' | '\u{2024}' | '\u{fe52}' | '\u{ff0e}') => {
            rest.chars().any(|c| c.is_alphabetic() || is_stop(c) || c == '\n')
        }
        _ => true,
    }
}

/// How many bytes at the end of this part open what comes next: Unicode's rules take any bracket for a closing one.
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

/// Whether this is no sentence yet: signs alone, or a point that belongs to an abbreviation, an initial or a number.
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
    // "J. Smith", "z. B."; "3. Mai", "1. Open the lid"; but "5.5." and "2026." end one.
    (letters == 1 && word.chars().all(char::is_alphabetic))
        || ((1..=2).contains(&letters) && word.chars().all(|c| c.is_ascii_digit()))
        || ABBREVIATIONS.contains(&word.to_lowercase().as_str())
}

/// Where a text that is too long can be cut: behind a comma or its like, at a space, or between two characters.
fn soft_cut(text: &str) -> usize {
    let window = text.floor_char_boundary(LONGEST);
    let window = &text[..window];
    let behind =
        |at: Option<(usize, char)>| at.map(|(at, c)| at + c.len_utf8()).filter(|at| *at > LONGEST / 4);
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

    /// The text is cut so, in whatever pieces it comes.
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
    fn what_has_no_end_is_cut_anyway() {
        // The last would take minutes if all of it was looked through for each cut.
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
            assert!(found.iter().all(|sentence| sentence.len() <= LONGEST));
            let joined: String = found.concat().split_whitespace().collect();
            assert!(joined == text.split_whitespace().collect::<String>());
        }
    }
}

//! One tokenizer for searching messages and for ranking passages, so that stored, searched and ranked text
//! has the same words in every script and on both databases.
//!
//! A word is a run of letters and digits. Scripts that put no spaces between words (Chinese, Japanese, Thai, …) and
//! Korean, whose words carry their particles, give pairs of neighbouring characters instead. Words hold nothing but
//! letters, digits and their marks, so that they need no escaping in any query.
//!
//! Searched text is folded by [`super::search_fold`], ranked text by [`super::fold`], because stemmers and
//! stop words need the marks that searches ignore.
//!
//! [`search_text`] is stored in a column. The index of each database puts the [`Block`] of the message before
//! each word, so that a search reads the entries of one part of one conversation only. Databases split the
//! text only at spaces:
//! - SQLite: `fts5(…, tokenize = 'ascii')`, asked by [`Query::fts5`];
//! - PostgreSQL: `array_to_tsvector(string_to_array(…, ' '))`, asked by [`Query::tsquery`] as `$1::tsquery`.

use std::{fmt, mem};

use unicode_normalization::char::is_combining_mark;
use unicode_segmentation::UnicodeSegmentation;

use super::{fold, search_fold};

/// Maximum bytes of a word; longer words are cut. PostgreSQL's limit is 2 KiB.
const LONGEST: usize = 100;
/// Maximum number of words in a query; further words are ignored.
const MOST_SOUGHT: usize = 32;

/// Returns the words of a text in order, for ranking.
pub fn words(text: &str) -> Vec<String> {
    let mut words = Vec::new();
    for piece in pieces(&fold(text)) {
        match piece {
            Piece::Word(word) => words.push(word),
            Piece::Run(units) => words.extend(pairs(&units)),
        }
    }
    words
}

/// Returns the words of a text, joined by single spaces, for storing. The last character of each run of pairs
/// is also added alone, so that every single character is the beginning of a word.
pub fn search_text(text: &str) -> String {
    let mut words = Vec::new();
    for piece in pieces(&search_fold(text)) {
        match piece {
            Piece::Word(word) => words.push(word),
            Piece::Run(units) => {
                words.extend(pairs(&units));
                if units.len() > 1 {
                    words.extend(units.last().cloned());
                }
            }
        }
    }
    words.join(" ")
}

/// A parsed query: every word must occur, the last one at least as a prefix.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Query(Vec<Sought>);

#[derive(Clone, Debug, PartialEq, Eq)]
struct Sought {
    word: String,
    begun: bool,
}

impl Query {
    /// Parses a query; `None` if it has no word.
    pub fn parse(text: &str) -> Option<Self> {
        let mut sought = Vec::new();
        for piece in pieces(&search_fold(text)) {
            match piece {
                Piece::Word(word) => sought.push(Sought { word, begun: false }),
                // A single character begins a pair, or ends a run: see `search_text`.
                Piece::Run(units) => {
                    let begun = units.len() == 1;
                    sought.extend(pairs(&units).map(|word| Sought { word, begun }));
                }
            }
        }
        sought.truncate(MOST_SOUGHT);
        sought.last_mut()?.begun = true;
        Some(Self(sought))
    }

    /// Returns a `MATCH` expression of SQLite's FTS5 for messages in one of these places.
    pub fn fts5(&self, places: &[Block]) -> String {
        let quoted = |place: &Block, Sought { word, begun }: &Sought| {
            format!("\"{place}{word}\"{}", if *begun { "*" } else { "" })
        };
        self.in_places(places, quoted, " AND ", " OR ")
    }

    /// Returns a `tsquery` of PostgreSQL for messages in one of these places.
    pub fn tsquery(&self, places: &[Block]) -> String {
        let quoted = |place: &Block, Sought { word, begun }: &Sought| {
            format!("'{place}{word}'{}", if *begun { ":*" } else { "" })
        };
        self.in_places(places, quoted, " & ", " | ")
    }

    fn in_places(
        &self,
        places: &[Block],
        quoted: impl Fn(&Block, &Sought) -> String,
        and: &str,
        or: &str,
    ) -> String {
        let in_place = |place: &Block| {
            let all: Vec<_> = self.0.iter().map(|sought| quoted(place, sought)).collect();
            format!("({})", all.join(and))
        };
        places.iter().map(in_place).collect::<Vec<_>>().join(or)
    }
}

/// A part of a conversation: a block of 16,384 messages by number. The index contains it before each word of a
/// message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Block {
    conversation: u128,
    block: i64,
}

impl Block {
    /// Number of messages in a block, as a power of two.
    const BITS: u32 = 14;

    /// Returns the places of a conversation's messages, newest first. `newest` is the number of the newest
    /// message.
    pub fn newest_first(conversation: u128, newest: i64) -> impl Iterator<Item = Self> {
        (0..=newest >> Self::BITS).rev().map(move |block| Self { conversation, block })
    }
}

impl fmt::Display for Block {
    /// The random end of the conversation's id, and the block, as the indexes write them.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:08x}{:04x}", self.conversation & 0xffff_ffff, self.block)
    }
}

/// A part of a text without a gap.
enum Piece {
    /// A word.
    Word(String),
    /// Characters with their marks, of a script without spaces between words.
    Run(Vec<String>),
}

/// Splits a folded text into words and runs.
fn pieces(folded: &str) -> Vec<Piece> {
    let mut cutter = Cutter::default();
    for cluster in folded.graphemes(true) {
        cutter.take(cluster);
    }
    cutter.end();
    cutter.pieces
}

#[derive(Default)]
struct Cutter {
    pieces: Vec<Piece>,
    word: String,
    run: Vec<String>,
}

impl Cutter {
    fn take(&mut self, cluster: &str) {
        // Joiners and soft hyphens within words are ignored; every other character that is not a letter ends a
        // word.
        let kept: String = cluster.chars().filter(|c| c.is_alphanumeric() || is_combining_mark(*c)).collect();
        let Some(first) = kept.chars().next() else {
            if !cluster.chars().all(is_invisible) {
                self.end();
            }
            return;
        };
        if !first.is_alphanumeric() {
            // A mark without a letter, such as a variation selector of an emoji.
            self.end();
        } else if is_unspaced(first) {
            self.end_word();
            self.run.push(kept);
        } else {
            self.end_run();
            self.word.push_str(&kept);
        }
    }

    fn end_word(&mut self) {
        if !self.word.is_empty() {
            let mut word = mem::take(&mut self.word);
            if let Some((at, _)) = word.char_indices().nth(LONGEST) {
                word.truncate(at);
            }
            self.pieces.push(Piece::Word(word));
        }
    }

    fn end_run(&mut self) {
        if !self.run.is_empty() {
            self.pieces.push(Piece::Run(mem::take(&mut self.run)));
        }
    }

    fn end(&mut self) {
        self.end_word();
        self.end_run();
    }
}

/// Returns pairs of neighbouring characters; a single character stays alone.
fn pairs(units: &[String]) -> impl Iterator<Item = String> {
    units.windows(units.len().min(2)).map(<[String]>::concat)
}

fn is_invisible(c: char) -> bool {
    matches!(c, '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{2060}' | '\u{feff}')
}

/// Returns whether a letter belongs to Korean or to a script without spaces between words.
pub fn is_unspaced(c: char) -> bool {
    matches!(
        c,
        '\u{0e00}'..='\u{0eff}' // Thai, Lao
        | '\u{1000}'..='\u{109f}' // Burmese
        | '\u{1100}'..='\u{11ff}' // Korean letters
        | '\u{1780}'..='\u{17ff}' // Khmer
        | '\u{3005}'..='\u{3007}' // signs that repeat or stand for an ideograph
        | '\u{3021}'..='\u{3029}'
        | '\u{3031}'..='\u{318f}' // Hiragana, Katakana, Bopomofo, Korean letters
        | '\u{31a0}'..='\u{31bf}'
        | '\u{31f0}'..='\u{31ff}'
        | '\u{3400}'..='\u{4dbf}' // ideographs
        | '\u{4e00}'..='\u{9fff}'
        | '\u{a960}'..='\u{a97f}'
        | '\u{ac00}'..='\u{d7ff}' // Korean syllables
        | '\u{f900}'..='\u{faff}'
        | '\u{1b000}'..='\u{1b16f}'
        | '\u{20000}'..='\u{3ffff}'
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn cut(text: &str, wanted: &str) {
        assert_eq!(words(text).join(" "), wanted);
    }

    #[test]
    fn latin_greek_and_cyrillic() {
        cut("Straßen, GRÜSSE & Füße!", "strassen grüsse füsse");
        cut("l’homme de l'État s’est tu…", "l homme de l état s est tu");
        cut("Ο Οδυσσεύς ΟΔΥΣΣΕΎΣ", "ο οδυσσεύσ οδυσσεύσ");
        cut("Съешь ЕЩЁ этих, булок", "съешь ещё этих булок");
        cut("a\u{308}rger ärger Schiff\u{ad}fahrt", "ärger ärger schifffahrt");
    }

    #[test]
    fn numbers_addresses_and_names() {
        cut("v1.2 costs 3,50 €: see a_b@example.com", "v1 2 costs 3 50 see a b example com");
        cut("ﬁve ½ Ⅳ ＡＢＣ", "five 1 2 iv abc");
    }

    #[test]
    fn chinese_japanese_and_korean_in_pairs() {
        cut("东京都很大。", "东京 京都 都很 很大");
        cut("東京へ行く", "東京 京へ へ行 行く");
        cut("ﾃﾚﾋﾞ・カメラ", "テレ レビ カメ メラ");
        cut("학교에서 K팝", "학교 교에 에서 k 팝");
        cut("猫 and 犬", "猫 and 犬");
        cut("iPhone手机15", "iphone 手机 15");
    }

    #[test]
    fn scripts_with_marks() {
        // Marks stay with their letter: one unit in Thai, one word in Hindi, Arabic and Hebrew.
        cut("ที่นี่", "ที่นี่");
        cut("ภาษาไทย", "ภา าษ ษา าไ ไท ทย");
        cut("हिन्दी में", "हिन्दी में");
        cut("اللُّغَة العربية", "اللُّغَة العربية");
        cut("שָׁלוֹם עולם", "שָׁלוֹם עולם");
        cut("می\u{200c}خواهم", "میخواهم");
    }

    #[test]
    fn signs_are_not_words() {
        cut("🎉 👩‍👩‍👧 ❤\u{fe0f} --- \"' * : ( ) \0", "");
        cut("party🎉time", "party time");
        assert_eq!(search_text("   "), "");
        assert_eq!(Query::parse("*** \" '"), None);
    }

    #[test]
    fn a_long_word_is_cut() {
        assert_eq!(words(&"ä".repeat(5000)), ["ä".repeat(LONGEST)]);
    }

    #[test]
    fn stored_text_includes_the_last_character() {
        assert_eq!(search_text("東京都 Tower 猫"), "東京 京都 都 tower 猫");
    }

    #[test]
    fn search_text_is_folded() {
        assert_eq!(search_text("Café İSTANBUL DIŞARI"), "cafe istanbul disari");
        assert_eq!(search_text("كِتابًا שָׁלוֹם ガイド"), "كتابا שלום がい いど ど");
        assert_eq!(Query::parse("cafe"), Query::parse("CAFÉ"));
    }

    #[test]
    fn a_query_is_safe_and_its_last_word_begun() {
        let places: Vec<Block> = Block::newest_first(0xab, 20_000).collect();
        let query = Query::parse("O'Neil \"OR\" a:* NEAR(x) -- 東京").unwrap();
        let (new, old) = ("000000ab0001", "000000ab0000");
        let fts5 = |at| {
            format!(
                r#"("{at}o" AND "{at}neil" AND "{at}or" AND "{at}a" AND "{at}near" AND "{at}x" AND "{at}東京"*)"#
            )
        };
        assert_eq!(query.fts5(&places), format!("{} OR {}", fts5(new), fts5(old)));
        let tsquery =
            |at| format!("('{at}o' & '{at}neil' & '{at}or' & '{at}a' & '{at}near' & '{at}x' & '{at}東京':*)");
        assert_eq!(query.tsquery(&places), format!("{} | {}", tsquery(new), tsquery(old)));
        assert_eq!(
            Query::parse("猫 food").unwrap().fts5(&places[1..]),
            format!(r#"("{old}猫"* AND "{old}food"*)"#)
        );
        assert_eq!(Query::parse(&"x ".repeat(99)).unwrap().0.len(), MOST_SOUGHT);
    }
}

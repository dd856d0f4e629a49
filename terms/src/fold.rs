//! Folding: maps spellings of the same text to one.

use icu_casemap::CaseMapper;
use unicode_normalization::{UnicodeNormalization, char::is_combining_mark};

/// Folds text for exact comparison, such as of addresses: composes and case-folds it. Marks are kept.
pub fn fold(text: &str) -> String {
    if text.is_ascii() {
        return text.to_ascii_lowercase();
    }
    let composed: String = text.nfkc().collect();
    CaseMapper::new().fold_string(&composed).nfkc().collect()
}

/// Folds text for searching and for comparing names: case, width, compatibility forms, and optional marks.
///
/// - Latin and Greek lose all marks (`café` is `cafe`), and `ı İ ł ø đ ð þ ħ ŧ æ œ` are the plain letters that people
///   type instead.
/// - Cyrillic loses stress marks and the dots of `ё`; `й ї ў ќ ѓ` are letters of their own and stay.
/// - Arabic loses vowel signs, tatweel and the hamza or madda on a letter; `ى` and the Persian `ی ک` are `ي ك`, `ة` and the
///   other forms of `ه` are `ه`. Hebrew loses points and accents. Syriac loses its points.
/// - Katakana are hiragana.
/// - Every other script keeps its marks: vowel signs and viramas in the scripts of India and South-East Asia and the
///   voicing marks of Japanese are parts of letters, and without them other words are read.
/// - Decimal digits of all scripts are `0` to `9`. Typographic apostrophes, quotes and dashes are `'`, `"` and `-`.
/// - Invisible characters (joiners, direction marks, variation selectors, fillers) are dropped.
///
/// Idempotent.
pub fn search_fold(text: &str) -> String {
    if text.is_ascii() {
        return single_spaced(&text.to_ascii_lowercase());
    }
    // The acute accent, typed in place of an apostrophe, would be decomposed into a space and a mark.
    let text = text.chars().map(|c| if c == '\u{b4}' { '\'' } else { c });
    let decomposed: String = text.nfkd().collect();
    let folded = CaseMapper::new().fold_string(&decomposed);
    let mut base = None;
    let mut kept = String::with_capacity(folded.len());
    for c in folded.nfkd() {
        if is_unseen(c) {
            continue;
        }
        if !is_combining_mark(c) {
            base = Some(c);
            push_plain(c, &mut kept);
        } else if !is_optional(base, c) {
            kept.push(c);
        }
    }
    single_spaced(&kept.nfc().collect::<String>())
}

/// Replaces each run of spaces by its first: readers cannot tell them apart. Line breaks and tabs stay.
pub fn single_spaced(text: &str) -> String {
    let is_space = |c: char| c.is_whitespace() && !c.is_control();
    let mut spaced = String::with_capacity(text.len());
    for c in text.chars() {
        if !(is_space(c) && spaced.ends_with(is_space)) {
            spaced.push(c);
        }
    }
    spaced
}

/// Returns the plain letter for a letter that many keyboards lack.
fn push_plain(c: char, text: &mut String) {
    match c {
        'ı' => text.push('i'),
        'ł' => text.push('l'),
        'ø' => text.push('o'),
        'đ' | 'ð' => text.push('d'),
        'þ' => text.push_str("th"),
        'ħ' => text.push('h'),
        'ŧ' => text.push('t'),
        'æ' => text.push_str("ae"),
        'œ' => text.push_str("oe"),
        // Alef maksura and the Persian letters: spellings differ by keyboard.
        '\u{649}' | '\u{6cc}' => text.push('\u{64a}'),
        '\u{6a9}' => text.push('\u{643}'),
        // Teh marbuta and the Persian and Urdu forms of heh.
        '\u{629}' | '\u{6be}' | '\u{6c1}' | '\u{6c3}' | '\u{6d5}' => text.push('\u{647}'),
        '\u{671}' => text.push('\u{627}'),
        '\u{2018}'..='\u{201b}'
        | '\u{2b9}'
        | '\u{2bb}'..='\u{2bd}'
        | '\u{2c8}'
        | '\u{2032}'
        | '\u{55a}'
        | '\u{5f3}'
        | '\u{a78c}' => text.push('\''),
        '\u{201c}'..='\u{201f}' | '\u{5f4}' => text.push('"'),
        '\u{2010}'..='\u{2015}' | '\u{2043}' | '\u{2212}' | '\u{58a}' | '\u{5be}' => text.push('-'),
        // Hiragana are in the order of katakana.
        '\u{30a1}'..='\u{30f6}' | '\u{30fd}' | '\u{30fe}' => {
            text.push(char::from_u32(u32::from(c) - 0x60).unwrap_or(c));
        }
        c => text.push(digit(c).unwrap_or(c)),
    }
}

/// Code points of the digit zero in scripts with digits of their own; the other digits follow it.
const ZEROS: [u32; 67] = [
    0x660, 0x6f0, 0x7c0, 0x966, 0x9e6, 0xa66, 0xae6, 0xb66, 0xbe6, 0xc66, 0xce6, 0xd66, 0xde6, 0xe50, 0xed0,
    0xf20, 0x1040, 0x1090, 0x17e0, 0x1810, 0x1946, 0x19d0, 0x1a80, 0x1a90, 0x1b50, 0x1bb0, 0x1c40, 0x1c50,
    0xa620, 0xa8d0, 0xa900, 0xa9d0, 0xa9f0, 0xaa50, 0xabf0, 0x104a0, 0x10d30, 0x10d40, 0x11066, 0x110f0,
    0x11136, 0x111d0, 0x112f0, 0x11450, 0x114d0, 0x11650, 0x116c0, 0x116d0, 0x116da, 0x11730, 0x118e0,
    0x11950, 0x11bf0, 0x11c50, 0x11d50, 0x11da0, 0x11f50, 0x16130, 0x16a60, 0x16ac0, 0x16b50, 0x16d70,
    0x1e140, 0x1e2f0, 0x1e4f0, 0x1e5f1, 0x1e950,
];

/// Returns the ASCII digit of a digit of another script.
fn digit(c: char) -> Option<char> {
    let code = u32::from(c);
    let zero = ZEROS.get(ZEROS.partition_point(|zero| *zero <= code).checked_sub(1)?)?;
    char::from_digit(code - zero, 10)
}

/// Returns whether a mark is optional after this letter.
fn is_optional(base: Option<char>, mark: char) -> bool {
    match mark {
        // Marks of many scripts.
        '\u{300}'..='\u{36f}'
        | '\u{1ab0}'..='\u{1aff}'
        | '\u{1dc0}'..='\u{1dff}'
        | '\u{20d0}'..='\u{20ff}'
        | '\u{fe20}'..='\u{fe2f}' => !matches!(
            (base, mark),
            // The Cyrillic letters й, ў, ї, ќ and ѓ.
            (Some('и' | 'у'), '\u{306}') | (Some('і'), '\u{308}') | (Some('к' | 'г'), '\u{301}')
        ),
        // Hebrew points and accents.
        '\u{591}'..='\u{5bd}'
        | '\u{5bf}'
        | '\u{5c1}'
        | '\u{5c2}'
        | '\u{5c4}'
        | '\u{5c5}'
        | '\u{5c7}'
        | '\u{fb1e}' => true,
        // Arabic vowel signs, hamza and madda on a letter, marks of recitation; Syriac points.
        '\u{610}'..='\u{61a}'
        | '\u{64b}'..='\u{65f}'
        | '\u{670}'
        | '\u{6d6}'..='\u{6ed}'
        | '\u{711}'
        | '\u{730}'..='\u{74a}'
        | '\u{898}'..='\u{89f}'
        | '\u{8ca}'..='\u{8ff}' => true,
        _ => false,
    }
}

/// Returns whether a character is invisible, or only stretches a word.
fn is_unseen(c: char) -> bool {
    matches!(
        c,
        '\u{ad}' // soft hyphen
        | '\u{34f}'
        | '\u{61c}'
        | '\u{640}' // tatweel
        | '\u{115f}' | '\u{1160}' // Hangul fillers
        | '\u{17b4}' | '\u{17b5}'
        | '\u{180b}'..='\u{180f}'
        | '\u{200b}'..='\u{200f}'
        | '\u{202a}'..='\u{202e}'
        | '\u{2060}'..='\u{206f}'
        | '\u{fe00}'..='\u{fe0f}'
        | '\u{feff}'
        | '\u{fff9}'..='\u{fffb}'
        | '\u{e0000}'..='\u{e0fff}'
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn folding_is_blind_to_case_and_composition() {
        assert_eq!(fold("Älice"), fold("a\u{308}LICE"));
        assert_eq!(fold("STRASSE"), fold("Straße"));
        assert_ne!(fold("café"), fold("cafe"), "an address is spelled exactly");
    }

    #[track_caller]
    fn same(left: &str, right: &str) {
        assert_eq!(search_fold(left), search_fold(right), "{left} and {right}");
    }

    #[track_caller]
    fn other(left: &str, right: &str) {
        assert_ne!(search_fold(left), search_fold(right), "{left} and {right}");
    }

    #[test]
    fn latin_greek_and_cyrillic() {
        same("cafe", "CAFÉ");
        same("cafe", "cafe\u{301}");
        for text in ["istanbul", "İSTANBUL", "ISTANBUL", "ıstanbul", "i\u{307}stanbul"] {
            same("istanbul", text);
        }
        same("dışarı", "DIŞARI");
        same("disari", "dışarı");
        same("naive", "Naïve");
        same("lodz", "ŁÓDŹ");
        same("smorrebrod", "Smørrebrød");
        same("thor", "Þór");
        same("gudmundur", "Guðmundur");
        same("aesir", "Æsir");
        same("oeuvre", "ŒUVRE");
        same("strasse", "Straße");
        same("thuong de", "Thượng Đế");
        same("οδυσσευς", "ὈΔΥΣΣΕΎΣ");
        same("еще", "ЕЩЁ");
        same("замок", "за\u{301}мок");
        other("мой", "мои");
        other("їжак", "іжак");
        same("ABC", "ＡＢＣ");
    }

    #[test]
    fn arabic_and_hebrew_without_points() {
        same("كتابا", "كِتابًا");
        same("اللغة", "اللُّغَة");
        same("العربية", "العـــربية");
        same("احمد", "أَحْمَد");
        same("علی", "علي");
        same("مدرسه", "مدرسة");
        same("اسلام", "إسلام");
        same("الان", "الآن");
        same("الله", "ٱلله");
        same("علي", "على");
        same("بچه", "بچہ");
        same("שלום", "שָׁלוֹם");
        same("שלום", "\u{fb2a}\u{5b8}לו\u{5b9}ם");
    }

    #[test]
    fn marks_that_are_letters_stay() {
        other("か", "が");
        same("さくら", "サクラ");
        same("らーめん", "ﾗｰﾒﾝ");
        same("ゔぁいおりん", "ヴァイオリン");
        same("いすゞ", "イスヾ");
        other("ハ", "パ");
        same("ガイド", "ｶﾞｲﾄﾞ");
        other("कि", "क");
        other("हिन्दी", "हनद");
        other("ที่", "ท");
        assert_eq!(search_fold("한국어"), "한국어");
        assert_eq!(search_fold("हिन्दी"), "हिन्दी");
    }

    #[test]
    fn signs_and_digits_are_those_of_keyboards() {
        for apostrophe in ["\u{2019}", "\u{2018}", "\u{2bc}", "\u{2bb}", "\u{b4}", "\u{2032}", "\u{ff07}"] {
            same("o'neill", &format!("O{apostrophe}Neill"));
        }
        for dash in ["\u{2010}", "\u{2011}", "\u{2013}", "\u{2014}", "\u{2212}", "\u{fe58}", "\u{ff0d}"] {
            same("jean-luc", &format!("Jean{dash}Luc"));
        }
        same("\"quoted\"", "“quoted„");
        for digits in [
            "٢٠٢٦",
            "۲۰۲۶",
            "２０２６",
            "२०२६",
            "𝟚𝟘𝟚𝟞",
            "\u{1e952}\u{1e950}\u{1e952}\u{1e956}",
            "\u{11138}\u{11136}\u{11138}\u{1113c}",
        ] {
            same("2026", digits);
        }
        other("2026", "2025");
    }

    #[test]
    fn invisible_characters_are_ignored() {
        same("alice", "a\u{200b}li\u{2060}ce\u{feff}");
        same("alice", "\u{202e}alice\u{202c}");
        same("❤", "❤\u{fe0f}");
        same("", "\u{3164}\u{ffa0}");
    }

    #[test]
    fn folding_twice_is_folding_once() {
        for c in (0..=0x2_ffff).filter_map(char::from_u32) {
            let once = search_fold(&format!("a{c}b"));
            assert_eq!(search_fold(&once), once, "U+{:04X}", u32::from(c));
        }
    }
}

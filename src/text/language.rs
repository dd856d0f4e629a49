//! Detects the language of a text among those that the built-in answerer supports, and lists their stop
//! words.
//!
//! Scripts identify most languages; common small words distinguish languages in Latin letters.

use std::{collections::HashSet, sync::LazyLock};

use rust_stemmers::Algorithm;

use super::fields::fold;
use terms::words;

/// Bytes of a text that are examined.
const SAMPLE: usize = 8 * 1024;

/// A language that the built-in answerer supports.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Language {
    /// English.
    English,
    /// German.
    German,
    /// French.
    French,
    /// Spanish.
    Spanish,
    /// Italian.
    Italian,
    /// Portuguese.
    Portuguese,
    /// Dutch.
    Dutch,
    /// Russian.
    Russian,
    /// Greek.
    Greek,
    /// Chinese.
    Chinese,
    /// Japanese.
    Japanese,
    /// Korean.
    Korean,
}

use Language::{
    Chinese, Dutch, English, French, German, Greek, Italian, Japanese, Korean, Portuguese, Russian, Spanish,
};

/// The languages in Latin letters; of equal matches, the first counts.
const LATIN: [Language; 7] = [English, German, French, Spanish, Italian, Portuguese, Dutch];

impl Language {
    /// Returns the language of a text, or `None` if nothing identifies it.
    pub fn of(text: &str) -> Option<Self> {
        let text = &text[..text.floor_char_boundary(SAMPLE)];
        let mut scripts = [(Self::Russian, 0), (Self::Greek, 0), (Self::Chinese, 0), (Self::Korean, 0)];
        let (mut latin, mut kana) = (0, 0);
        for c in text.chars() {
            match c {
                'a'..='z' | 'A'..='Z' | '\u{c0}'..='\u{24f}' => latin += 1,
                '\u{400}'..='\u{52f}' => scripts[0].1 += 1,
                '\u{370}'..='\u{3ff}' | '\u{1f00}'..='\u{1fff}' => scripts[1].1 += 1,
                // One kana counts as much as some letters.
                '\u{3040}'..='\u{30ff}' => kana += 3,
                '\u{4e00}'..='\u{9fff}' | '\u{3400}'..='\u{4dbf}' => scripts[2].1 += 3,
                '\u{ac00}'..='\u{d7a3}' => scripts[3].1 += 3,
                _ => {}
            }
        }
        // Japanese mixes ideographs with kana; Chinese has no kana.
        if kana * 10 > scripts[2].1 {
            scripts[2] = (Self::Japanese, scripts[2].1 + kana);
        }
        let (script, most) = scripts.into_iter().max_by_key(|(_, letters)| *letters)?;
        if most > latin { Some(script) } else { Self::of_latin(text) }
    }

    fn of_latin(text: &str) -> Option<Self> {
        let words = words(text);
        let count = |language: Self| words.iter().filter(|word| language.is_stop_word(word)).count();
        let marked = |language: Self| 2 * usize::from(text.contains(|c| language.marks().contains(c)));
        let scores = LATIN.map(|language| (language, count(language) + marked(language)));
        let most = scores.iter().map(|(_, score)| *score).max().filter(|score| *score > 0)?;
        scores.into_iter().find(|(_, score)| *score == most).map(|(language, _)| language)
    }

    /// Returns letters and signs that occur in no other supported language.
    fn marks(self) -> &'static str {
        match self {
            German => "ßäÄ",
            French => "œêûùÊ",
            Spanish => "ñ¿¡Ñ",
            Italian => "ìò",
            Portuguese => "ãõÃÕ",
            _ => "",
        }
    }

    /// Returns the ISO 639-1 code.
    pub fn code(self) -> &'static str {
        match self {
            English => "en",
            German => "de",
            French => "fr",
            Spanish => "es",
            Italian => "it",
            Portuguese => "pt",
            Dutch => "nl",
            Russian => "ru",
            Greek => "el",
            Chinese => "zh",
            Japanese => "ja",
            Korean => "ko",
        }
    }

    /// Returns the stemmer of the language, if any.
    pub fn stemmer(self) -> Option<Algorithm> {
        Some(match self {
            English => Algorithm::English,
            German => Algorithm::German,
            French => Algorithm::French,
            Spanish => Algorithm::Spanish,
            Italian => Algorithm::Italian,
            Portuguese => Algorithm::Portuguese,
            Dutch => Algorithm::Dutch,
            Russian => Algorithm::Russian,
            Greek => Algorithm::Greek,
            Chinese | Japanese | Korean => return None,
        })
    }

    /// Returns whether a folded word is a stop word: articles, pronouns, question words.
    pub fn is_stop_word(self, word: &str) -> bool {
        static STOP_WORDS: LazyLock<[HashSet<String>; 9]> = LazyLock::new(|| {
            [
                include_str!("stop_words/en.txt"),
                include_str!("stop_words/de.txt"),
                include_str!("stop_words/fr.txt"),
                include_str!("stop_words/es.txt"),
                include_str!("stop_words/it.txt"),
                include_str!("stop_words/pt.txt"),
                include_str!("stop_words/nl.txt"),
                include_str!("stop_words/ru.txt"),
                include_str!("stop_words/el.txt"),
            ]
            .map(|list| list.split_whitespace().map(fold).collect())
        });
        let list = match self {
            English => 0,
            German => 1,
            French => 2,
            Spanish => 3,
            Italian => 4,
            Portuguese => 5,
            Dutch => 6,
            Russian => 7,
            Greek => 8,
            Chinese | Japanese | Korean => return false,
        };
        STOP_WORDS.get(list).is_some_and(|fillers| fillers.contains(word))
    }

    /// Replaces stop words by spaces, for languages without spaces between words.
    pub fn without_stop_words(self, text: &str) -> String {
        let fillers = match self {
            Chinese => include_str!("stop_words/zh.txt"),
            Japanese => include_str!("stop_words/ja.txt"),
            Korean => include_str!("stop_words/ko.txt"),
            _ => return text.to_owned(),
        };
        // Longer stop words come first in the lists.
        fillers.split_whitespace().fold(text.to_owned(), |text, filler| text.replace(filler, " "))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn languages_are_told_apart() {
        for (text, language) in [
            ("How long does the battery last?", English),
            ("Wie lange hält der Akku?", German),
            ("Combien de temps dure la batterie ?", French),
            ("¿Cuánto dura la batería?", Spanish),
            ("Quanto dura la batteria?", Italian),
            ("Quanto tempo dura a bateria do telefone?", Portuguese),
            ("Hoe lang gaat de accu mee?", Dutch),
            ("Сколько держит батарея?", Russian),
            ("Πόσο κρατάει η μπαταρία;", Greek),
            ("电池能用多久？", Chinese),
            ("バッテリーはどのくらい持ちますか", Japanese),
            ("배터리는 얼마나 가나요?", Korean),
            ("我的 iPhone 怎么充电？", Chinese),
        ] {
            assert_eq!(Language::of(text), Some(language), "{text}");
        }
        assert_eq!(Language::of("42 🎉"), None);
        assert_eq!(Language::of("xyzzy"), None);
    }

    #[test]
    fn fillers_of_scripts_without_spaces_are_cut_out() {
        assert_eq!(Chinese.without_stop_words("请问保修期是多久").trim(), "保修期");
        assert_eq!(Japanese.without_stop_words("保証期間はどのくらいですか").trim(), "保証期間");
    }
}

//! Terms for comparing knowledge and questions: words by their stem and, in scripts without spaces, also
//! single characters, so that a character in a question matches inside a word.

use bm25::{TokenEmbedder, Tokenizer};
use rust_stemmers::{Algorithm, Stemmer};
use unicode_segmentation::UnicodeSegmentation;

use terms::{is_unspaced, words};

use crate::text::language::Language;

/// Hash of a term in the index.
pub(super) type TermHash = u64;

/// Splits knowledge in one language into terms.
pub(super) struct Terms(Option<Language>);

impl Terms {
    pub(super) fn new(language: Option<Language>) -> Self {
        Self(language)
    }
}

impl Tokenizer for Terms {
    fn tokenize(&self, text: &str) -> Vec<String> {
        let stemmer = self.0.and_then(Language::stemmer).map(Stemmer::create);
        let mut terms = Vec::new();
        for word in words(text) {
            if word.starts_with(is_unspaced) {
                terms.extend(word.graphemes(true).map(str::to_owned));
                terms.push(word);
            } else {
                terms.push(stem(stemmer.as_ref(), word));
            }
        }
        terms
    }
}

fn stem(stemmer: Option<&Stemmer>, word: String) -> String {
    match stemmer {
        Some(stemmer) => stemmer.stem(&word).into_owned(),
        None => word,
    }
}

/// A word of a question.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Term {
    /// The word, folded.
    pub(super) word: String,
    /// Its stems in the languages of the knowledge.
    pub(super) forms: Vec<TermHash>,
}

/// Returns the words of a question without stop words.
pub(super) fn asked(text: &str, language: Option<Language>, known: &[Language]) -> Vec<Term> {
    let stemmers: Vec<Algorithm> = known.iter().filter_map(|language| language.stemmer()).collect();
    let cut = language.map_or_else(|| text.to_owned(), |language| language.without_stop_words(text));
    let is_filler = |word: &str| match language {
        Some(language) => language.is_stop_word(word),
        None => known.iter().any(|language| language.is_stop_word(word)),
    };
    let mut terms: Vec<Term> = Vec::new();
    for word in words(&cut).into_iter().filter(|word| !is_filler(word)) {
        let mut forms: Vec<TermHash> = stemmers
            .iter()
            .map(|algorithm| TermHash::embed(&Stemmer::create(*algorithm).stem(&word)))
            .collect();
        if forms.is_empty() || word.starts_with(is_unspaced) {
            forms = vec![TermHash::embed(&word)];
        }
        forms.sort_unstable();
        forms.dedup();
        if !terms.iter().any(|term| term.forms == forms) {
            terms.push(Term { word, forms });
        }
    }
    terms
}

#[cfg(test)]
mod tests {
    use super::*;

    fn forms(text: &str, known: &[Language]) -> Vec<Vec<TermHash>> {
        asked(text, Language::of(text), known).into_iter().map(|term| term.forms).collect()
    }

    #[test]
    fn word_forms_are_one_term() {
        let english = [Language::English];
        assert_eq!(forms("How do I charge the batteries?", &english), forms("charging a battery", &english));
        assert_eq!(forms("What is it?", &english), [[0; 0]; 0]);
        // In knowledge of two languages, a word may match in the form of either.
        let mut both = ["charg", "charging"].map(TermHash::embed);
        both.sort_unstable();
        assert_eq!(forms("charging", &[Language::English, Language::Spanish]), [both]);
    }

    #[test]
    fn a_character_alone_is_found_in_a_word() {
        let terms = Terms::new(Some(Language::Japanese)).tokenize("東京駅");
        assert_eq!(terms, ["東", "京", "東京", "京", "駅", "京駅"]);
        assert_eq!(forms("駅はどこですか", &[Language::Japanese]), [[TermHash::embed("駅")]]);
    }
}

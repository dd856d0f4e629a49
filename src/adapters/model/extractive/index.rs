//! Finds the passages for a question: ranked by BM25, and limited to passages that contain most of the
//! question.

use std::collections::{HashMap, HashSet};

use bm25::{Embedder, EmbedderBuilder, Embedding, Scorer, TokenEmbedder, TokenEmbedding, Tokenizer};

use super::{
    passages::{Passage, passages},
    terms::{Term, TermHash, Terms, asked},
};
use crate::{adapters::model::Knowledge, text::language::Language};

/// Minimum share of the weight of a question's words that a passage must contain.
const THRESHOLD: f32 = 0.5;
/// Minimum score of further passages, relative to the best.
const NEAR: f32 = 0.75;
/// Maximum number of passages in an answer.
const MAX_PASSAGES: usize = 3;
/// Maximum number of passages of an index: more are joined with their neighbours. A question is compared with all.
const MAX_INDEXED: usize = 4000;
/// Maximum number of terms of a question, and of forms of a term.
const MAX_TERMS: usize = 64;
/// Minimum letters of the head of a compound.
const SHORTEST_HEAD: usize = 5;
/// Weight of the words of the previous question.
const BEFORE: f32 = 0.4;

/// An index of all passages of an agent's knowledge.
pub(super) struct Index {
    passages: Vec<Passage>,
    terms: Vec<HashSet<TermHash>>,
    scorer: Scorer<usize, TermHash>,
    /// Number of passages that contain a term.
    spread: HashMap<TermHash, usize>,
    /// Words of languages with closed compounds.
    compounds: Vec<String>,
    languages: Vec<Language>,
}

/// The search terms of a question.
pub(super) struct SearchTerms {
    own: Vec<Term>,
    before: Vec<Term>,
}

impl SearchTerms {
    /// Returns whether the question has no terms and only continues the previous one.
    pub(super) fn goes_on(&self) -> bool {
        self.own.is_empty()
    }
}

impl Index {
    /// Splits the knowledge into passages and indexes them.
    pub(super) fn new(knowledge: &[Knowledge]) -> Self {
        let mut found = Vec::new();
        let mut languages: Vec<Language> = Vec::new();
        for (source, known) in knowledge.iter().enumerate() {
            let language = Language::of(&known.text).or_else(|| Language::of(&known.title));
            for passage in joined(passages(source, known)) {
                // The title and the heading belong to the content of a passage.
                let text = format!("{}\n{}\n{}", known.title, passage.heading, passage.text);
                found.push((passage, text, language));
            }
            languages.extend(language);
        }
        languages.sort_unstable_by_key(|language| language.code());
        languages.dedup();

        let texts: Vec<&str> = found.iter().map(|(_, text, _)| text.as_str()).collect();
        let mean =
            EmbedderBuilder::<TermHash, Terms>::with_tokenizer_and_fit_to_corpus(Terms::new(None), &texts)
                .build()
                .avgdl();
        let (mut scorer, mut terms, mut spread) = (Scorer::new(), Vec::new(), HashMap::new());
        let (mut passages, mut compounds) = (Vec::new(), Vec::new());
        for (at, (passage, text, language)) in found.into_iter().enumerate() {
            if matches!(language, Some(Language::German | Language::Dutch)) {
                compounds.extend(Terms::new(language).tokenize(&text));
            }
            let embedder: Embedder<TermHash, Terms> =
                EmbedderBuilder::with_tokenizer_and_fit_to_corpus(Terms::new(language), &[])
                    .avgdl(mean)
                    .build();
            let embedding = embedder.embed(&text);
            let places: HashSet<TermHash> = embedding.indices().copied().collect();
            for place in &places {
                *spread.entry(*place).or_insert(0) += 1;
            }
            scorer.upsert(&at, embedding);
            terms.push(places);
            passages.push(passage);
        }
        compounds.retain(|word| word.chars().count() > SHORTEST_HEAD);
        compounds.sort_unstable();
        compounds.dedup();
        Self { passages, terms, scorer, spread, compounds, languages }
    }

    /// Returns the language of a question, or else that of the knowledge.
    pub(super) fn language(&self, question: &str) -> Option<Language> {
        Language::of(question).or_else(|| self.languages.first().copied())
    }

    /// Returns the search terms of a question. A short question includes the terms of the previous one.
    pub(super) fn search_terms(&self, question: &str, before: Option<&str>) -> SearchTerms {
        let terms = |text: &str| {
            let mut terms = asked(text, self.language(text), &self.languages);
            terms.truncate(MAX_TERMS);
            terms.iter_mut().for_each(|term| self.add_compounds(term));
            terms
        };
        let own = terms(question);
        let before = before.filter(|_| own.len() <= 2).map(terms).unwrap_or_default();
        SearchTerms { own, before }
    }

    /// Adds compounds with this head: "Beitrag" finds "Jahresbeitrag".
    fn add_compounds(&self, term: &mut Term) {
        if term.word.chars().count() >= SHORTEST_HEAD {
            let longer = self.compounds.iter().filter(|word| word.ends_with(&term.word));
            term.forms.extend(longer.take(MAX_TERMS).map(|word| TermHash::embed(word)));
        }
    }

    /// Returns whether the word occurs in the knowledge.
    pub(super) fn has(&self, word: &str) -> bool {
        let terms = asked(word, None, &self.languages);
        terms.iter().flat_map(|Term { forms, .. }| forms).any(|form| self.spread.contains_key(form))
    }

    /// Returns the number of passages.
    pub(super) fn len(&self) -> usize {
        self.passages.len()
    }

    /// Returns the passage at this index.
    pub(super) fn passage(&self, at: usize) -> Option<&Passage> {
        self.passages.get(at)
    }

    /// Returns the passages that answer the question, best first; empty if none covers enough of it.
    pub(super) fn find(&self, search_term: &SearchTerms) -> Vec<usize> {
        let decisive = if search_term.goes_on() { &search_term.before } else { &search_term.own };
        let ranked = self.ranked(search_term);
        let mut fitting = ranked.into_iter().filter(|(at, _)| self.covers(*at, decisive)).peekable();
        let best = fitting.peek().map_or(0.0, |(_, score)| *score);
        fitting.take_while(|(_, score)| *score >= best * NEAR).take(MAX_PASSAGES).map(|(at, _)| at).collect()
    }

    /// Returns all passages with any term of the question, best first.
    pub(super) fn near(&self, search_term: &SearchTerms) -> impl Iterator<Item = usize> {
        self.ranked(search_term).into_iter().map(|(at, _)| at)
    }

    fn ranked(&self, search_term: &SearchTerms) -> Vec<(usize, f32)> {
        let (own, before) = (embedding(&search_term.own), embedding(&search_term.before));
        let score = |at: usize| {
            let score = |embedding| self.scorer.score(&at, embedding).unwrap_or_default();
            (at, score(&own) + BEFORE * score(&before))
        };
        let mut scores: Vec<(usize, f32)> =
            (0..self.passages.len()).map(score).filter(|(_, score)| *score > 0.0).collect();
        // Passages with equal scores stay in their order.
        scores.sort_by(|(_, one), (_, other)| other.total_cmp(one));
        scores
    }

    /// Returns whether a passage contains enough of the words by weight; rare words weigh more.
    fn covers(&self, at: usize, words: &[Term]) -> bool {
        let Some(terms) = self.terms.get(at) else { return false };
        let (mut all, mut had) = (0.0, 0.0);
        for Term { forms, .. } in words {
            let weight = self.weight(forms);
            all += weight;
            if forms.iter().any(|form| terms.contains(form)) {
                had += weight;
            }
        }
        had > 0.0 && had >= THRESHOLD * all
    }

    #[expect(clippy::cast_precision_loss, reason = "there are not that many passages")]
    fn weight(&self, forms: &[TermHash]) -> f32 {
        let spread = forms.iter().filter_map(|form| self.spread.get(form)).sum::<usize>();
        // A word that occurs nowhere weighs as much as a word that occurs once.
        let (all, spread) = (self.passages.len() as f32, spread.max(1) as f32);
        (1.0 + (all - spread + 0.5).max(0.5) / (spread + 0.5)).ln()
    }
}

/// Joins neighbouring passages under one heading, if there are more than an index holds.
fn joined(passages: Vec<Passage>) -> Vec<Passage> {
    let size = passages.len().div_ceil(MAX_INDEXED);
    if size <= 1 {
        return passages;
    }
    let mut joined: Vec<Passage> = Vec::new();
    let mut count = 0;
    for passage in passages {
        match joined.last_mut().filter(|last| count < size && last.heading == passage.heading) {
            Some(last) => {
                last.text.push_str("\n\n");
                last.text.push_str(&passage.text);
                count += 1;
            }
            None => {
                joined.push(passage);
                count = 1;
            }
        }
    }
    joined
}

fn embedding(terms: &[Term]) -> Embedding<TermHash> {
    let place = |place: &TermHash| TokenEmbedding { index: *place, value: 1.0 };
    Embedding(terms.iter().flat_map(|Term { forms, .. }| forms.iter().map(place)).collect())
}

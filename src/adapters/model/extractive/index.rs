//! Finds the passages that a question is about: ranked by BM25, and only those that have most of what was asked.

use std::collections::{HashMap, HashSet};

use bm25::{Embedder, EmbedderBuilder, Embedding, Scorer, TokenEmbedder, TokenEmbedding, Tokenizer};

use super::{
    passages::{Passage, passages},
    terms::{Place, Term, Terms, asked},
};
use crate::adapters::{language::Language, model::Knowledge};

/// How much of the weight of a question's words a passage must have.
const THRESHOLD: f32 = 0.5;
/// Passages beside the best must come this near to it.
const NEAR: f32 = 0.75;
/// So many passages make an answer at the most.
const MOST: usize = 3;
/// The end of a compound is no shorter, in letters.
const SHORTEST_HEAD: usize = 5;
/// How much the words of the question before count.
const BEFORE: f32 = 0.4;

/// All passages of an agent's knowledge.
pub(super) struct Index {
    passages: Vec<Passage>,
    terms: Vec<HashSet<Place>>,
    scorer: Scorer<usize, Place>,
    /// In how many passages a term is.
    spread: HashMap<Place, usize>,
    /// The words of languages that write compounds as one.
    compounds: Vec<String>,
    languages: Vec<Language>,
}

/// What a question is about.
pub(super) struct Sought {
    own: Vec<Term>,
    before: Vec<Term>,
}

impl Sought {
    /// Whether the question has no words of its own and only wants more of what was asked before.
    pub(super) fn goes_on(&self) -> bool {
        self.own.is_empty()
    }
}

impl Index {
    /// Cuts, counts and keeps.
    pub(super) fn new(knowledge: &[Knowledge]) -> Self {
        let mut found = Vec::new();
        let mut languages: Vec<Language> = Vec::new();
        for (source, known) in knowledge.iter().enumerate() {
            let language = Language::of(&known.text).or_else(|| Language::of(&known.title));
            for passage in passages(source, known) {
                // The title and the heading say what the passage is about.
                let text = format!("{}\n{}\n{}", known.title, passage.heading, passage.text);
                found.push((passage, text, language));
            }
            languages.extend(language);
        }
        languages.sort_unstable_by_key(|language| language.code());
        languages.dedup();

        let texts: Vec<&str> = found.iter().map(|(_, text, _)| text.as_str()).collect();
        let mean =
            EmbedderBuilder::<Place, Terms>::with_tokenizer_and_fit_to_corpus(Terms::new(None), &texts)
                .build()
                .avgdl();
        let (mut scorer, mut terms, mut spread) = (Scorer::new(), Vec::new(), HashMap::new());
        let (mut passages, mut compounds) = (Vec::new(), Vec::new());
        for (at, (passage, text, language)) in found.into_iter().enumerate() {
            if matches!(language, Some(Language::German | Language::Dutch)) {
                compounds.extend(Terms::new(language).tokenize(&text));
            }
            let embedder: Embedder<Place, Terms> =
                EmbedderBuilder::with_tokenizer_and_fit_to_corpus(Terms::new(language), &[])
                    .avgdl(mean)
                    .build();
            let embedding = embedder.embed(&text);
            let places: HashSet<Place> = embedding.indices().copied().collect();
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

    /// The language that a question is in: its own where it tells it, else that of the knowledge.
    pub(super) fn language(&self, question: &str) -> Option<Language> {
        Language::of(question).or_else(|| self.languages.first().copied())
    }

    /// What a question is about. A short one goes on about what was asked before.
    pub(super) fn sought(&self, question: &str, before: Option<&str>) -> Sought {
        let terms = |text: &str| {
            let mut terms = asked(text, self.language(text), &self.languages);
            terms.iter_mut().for_each(|term| self.add_compounds(term));
            terms
        };
        let own = terms(question);
        let before = before.filter(|_| own.len() <= 2).map(terms).unwrap_or_default();
        Sought { own, before }
    }

    /// A "Beitrag" is found in a "Jahresbeitrag": the end of a compound says what it is.
    fn add_compounds(&self, term: &mut Term) {
        if term.word.chars().count() >= SHORTEST_HEAD {
            let longer = self.compounds.iter().filter(|word| word.ends_with(&term.word));
            term.forms.extend(longer.map(|word| Place::embed(word)));
        }
    }

    /// Whether the word is anywhere in the knowledge.
    pub(super) fn has(&self, word: &str) -> bool {
        let terms = asked(word, None, &self.languages);
        terms.iter().flat_map(|Term { forms, .. }| forms).any(|form| self.spread.contains_key(form))
    }

    /// The passage at this place.
    pub(super) fn passage(&self, at: usize) -> Option<&Passage> {
        self.passages.get(at)
    }

    /// The passages that answer, best first; none when none has enough of what was asked.
    pub(super) fn find(&self, sought: &Sought) -> Vec<usize> {
        let decisive = if sought.goes_on() { &sought.before } else { &sought.own };
        let ranked = self.ranked(sought);
        let mut fitting = ranked.into_iter().filter(|(at, _)| self.covers(*at, decisive)).peekable();
        let best = fitting.peek().map_or(0.0, |(_, score)| *score);
        fitting.take_while(|(_, score)| *score >= best * NEAR).take(MOST).map(|(at, _)| at).collect()
    }

    /// All passages that have anything of what was asked, best first, whether or not it is enough.
    pub(super) fn near(&self, sought: &Sought) -> impl Iterator<Item = usize> {
        self.ranked(sought).into_iter().map(|(at, _)| at)
    }

    fn ranked(&self, sought: &Sought) -> Vec<(usize, f32)> {
        let (own, before) = (embedding(&sought.own), embedding(&sought.before));
        let score = |at: usize| {
            let score = |embedding| self.scorer.score(&at, embedding).unwrap_or_default();
            (at, score(&own) + BEFORE * score(&before))
        };
        let mut scores: Vec<(usize, f32)> =
            (0..self.passages.len()).map(score).filter(|(_, score)| *score > 0.0).collect();
        // Equally good ones in the order they were written.
        scores.sort_by(|(_, one), (_, other)| other.total_cmp(one));
        scores
    }

    /// Whether a passage has enough of the words, by their weight: rare ones say more.
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
    fn weight(&self, forms: &[Place]) -> f32 {
        let spread = forms.iter().filter_map(|form| self.spread.get(form)).sum::<usize>();
        // A word that is nowhere weighs as much as one that is in one place.
        let (all, spread) = (self.passages.len() as f32, spread.max(1) as f32);
        (1.0 + (all - spread + 0.5).max(0.5) / (spread + 0.5)).ln()
    }
}

fn embedding(terms: &[Term]) -> Embedding<Place> {
    let place = |place: &Place| TokenEmbedding { index: *place, value: 1.0 };
    Embedding(terms.iter().flat_map(|Term { forms, .. }| forms.iter().map(place)).collect())
}

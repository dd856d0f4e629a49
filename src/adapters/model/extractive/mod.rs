//! The built-in answerer: finds passages in the listing's knowledge and quotes them with their source.
//!
//! It is not a language model and never pretends to be one: it returns only given texts and a few fixed
//! sentences, and its usage names [`EMBEDDED`]. Passages are quoted in their own language; the fixed
//! sentences are in the language of the question.

mod answer;
mod index;
mod intent;
mod passages;
mod phrases;
mod terms;

use std::{
    hash::{DefaultHasher, Hash, Hasher},
    sync::Arc,
};

use futures_util::{FutureExt, StreamExt, future::BoxFuture, stream};
use quick_cache::{Weighter, sync::Cache};
use tokio::{sync::Semaphore, task::spawn_blocking};

use self::{answer::answer, index::Index};
use super::{Answer, Delta, Knowledge, Model, ModelError, Question, Usage};

/// Name of the built-in answerer, as a model and as a provider.
pub const EMBEDDED: &str = "embedded/extractive";

/// Maximum bytes of the cached libraries, about.
const KEPT: u64 = 32 * 1024 * 1024;
/// Bytes of the index of one passage, about.
const PASSAGE: usize = 1024;
/// Maximum number of questions that are answered at the same time: each takes a processor.
const AT_ONCE: usize = 4;

/// The built-in answerer.
#[derive(Clone)]
pub struct Extractive {
    libraries: Arc<Cache<u64, Arc<Library>, ByLength>>,
    at_once: Arc<Semaphore>,
}

/// An agent's knowledge with its index.
struct Library {
    knowledge: Vec<Knowledge>,
    index: Index,
}

#[derive(Clone)]
struct ByLength;

impl Weighter<u64, Arc<Library>> for ByLength {
    fn weight(&self, _: &u64, library: &Arc<Library>) -> u64 {
        (length(&library.knowledge) + library.index.len() * PASSAGE).max(1) as u64
    }
}

impl Default for Extractive {
    fn default() -> Self {
        Self {
            libraries: Arc::new(Cache::with_weighter(64, KEPT, ByLength)),
            at_once: Arc::new(Semaphore::new(AT_ONCE)),
        }
    }
}

impl Extractive {
    fn library(&self, knowledge: Vec<Knowledge>) -> Arc<Library> {
        let mut hasher = DefaultHasher::new();
        knowledge.hash(&mut hasher);
        let key = hasher.finish();
        if let Some(library) = self.libraries.get(&key).filter(|library| library.knowledge == knowledge) {
            return library;
        }
        let library = Arc::new(Library { index: Index::new(&knowledge), knowledge });
        self.libraries.insert(key, library.clone());
        library
    }

    /// Returns at most `most` bytes of knowledge: all of it, or the best passages for the question in their
    /// order.
    pub(super) fn fitting(&self, question: &Question, most: usize) -> Vec<Knowledge> {
        if length(&question.knowledge) <= most {
            return question.knowledge.clone();
        }
        let library = self.library(question.knowledge.clone());
        let index = &library.index;
        let asked = question.asking().map_or("", |turn| turn.text.as_str());
        let search_term = index.search_terms(asked, question.asked_before().next());
        let mut left = most;
        let mut chosen: Vec<usize> = index
            .near(&search_term)
            .take_while(|at| {
                let length =
                    index.passage(*at).map_or(0, |passage| passage.heading.len() + passage.text.len());
                let fits = length <= left;
                left = left.saturating_sub(length);
                fits
            })
            .collect();
        chosen.sort_unstable();
        let mut fitting: Vec<(usize, Knowledge)> = Vec::new();
        for passage in chosen.into_iter().filter_map(|at| index.passage(at)) {
            let part = [passage.heading.as_str(), &passage.text];
            let part = part.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join("\n");
            match fitting.last_mut() {
                Some((source, known)) if *source == passage.source => {
                    known.text.push_str("\n\n");
                    known.text.push_str(&part);
                }
                _ => {
                    let title = question.knowledge.get(passage.source).map(|known| known.title.clone());
                    let known = Knowledge { title: title.unwrap_or_default(), text: part };
                    fitting.push((passage.source, known));
                }
            }
        }
        fitting.into_iter().map(|(_, known)| known).collect()
    }
}

impl Model for Extractive {
    fn start(&self, mut question: Question) -> BoxFuture<'_, Result<Answer, ModelError>> {
        let this = self.clone();
        async move {
            let _permit = this
                .at_once
                .clone()
                .acquire_owned()
                .await
                .map_err(|error| ModelError::Failed(error.to_string()))?;
            // Indexing much knowledge takes some milliseconds.
            let said = spawn_blocking(move || {
                let library = this.library(std::mem::take(&mut question.knowledge));
                answer(&library, &question)
            });
            let (pieces, outcome) = said.await.map_err(|error| ModelError::Failed(error.to_string()))?;
            let usage = Usage { provider: EMBEDDED.to_owned(), ..Usage::default() };
            let end = [Delta::Usage(usage), Delta::Finished(outcome)];
            let deltas = pieces.into_iter().map(Delta::Text).chain(end).map(Ok);
            Ok(stream::iter(deltas).boxed())
        }
        .boxed()
    }
}

fn length(knowledge: &[Knowledge]) -> usize {
    knowledge.iter().map(|known| known.title.len() + known.text.len()).sum()
}

#[cfg(test)]
mod tests;

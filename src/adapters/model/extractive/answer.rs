//! The answers of the built-in answerer.

use super::{
    Library,
    intent::{Intent, intent},
    passages::spoken,
    phrases::phrases,
};
use crate::{
    adapters::model::{Outcome, Question, Speaker},
    text::language::Language,
};

/// Maximum number of titles that are offered.
const TITLES: usize = 3;

/// Returns the sentences of the answer, and its outcome.
pub(super) fn answer(library: &Library, question: &Question) -> (Vec<String>, Outcome) {
    let index = &library.index;
    let asked = question.asking().map_or("", |turn| turn.text.as_str());
    let language = index.language(asked);
    let phrases = phrases(language);
    match intent(asked, |word| index.has(word)) {
        Some(Intent::Person) => return (vec![phrases.person.to_owned()], Outcome::PersonWanted),
        Some(Intent::Thank) => return (vec![phrases.welcome.to_owned()], Outcome::Greeted),
        Some(Intent::Greet) => {
            let titles = titles(library, 0..library.knowledge.len(), language);
            let greeting = if titles.is_empty() {
                phrases.bare_greeting.to_owned()
            } else {
                phrases.greeting.replace("{}", &titles)
            };
            return (vec![greeting], Outcome::Greeted);
        }
        None => {}
    }
    let search_term = index.search_terms(asked, question.asked_before().next());
    let mut found = index.find(&search_term);
    if search_term.goes_on() {
        // A request for more must not return the same passages again.
        let said = question.turns.iter().rfind(|turn| turn.speaker == Speaker::Agent);
        let said = said.map_or("", |turn| turn.text.as_str());
        found.retain(|at| index.passage(*at).is_some_and(|passage| !said.contains(&passage.text)));
    }
    if found.is_empty() {
        let near = index.near(&search_term).filter_map(|at| Some(index.passage(at)?.source));
        let titles = titles(library, near.chain(0..library.knowledge.len()), language);
        let mut pieces = vec![phrases.nothing.to_owned()];
        if !titles.is_empty() {
            pieces.push(gap(language) + &phrases.nearest.replace("{}", &titles));
        }
        return (pieces, Outcome::NothingFound);
    }
    (quote(library, found, phrases.source), Outcome::Answered)
}

/// Returns the passages, grouped by source in their order, beginning with the source of the best one.
fn quote(library: &Library, found: Vec<usize>, source: &str) -> Vec<String> {
    let of = |at: &usize| library.index.passage(*at).map(|passage| passage.source);
    let mut sources: Vec<usize> = Vec::new();
    for at in found.iter().filter_map(of) {
        if !sources.contains(&at) {
            sources.push(at);
        }
    }
    let mut pieces: Vec<String> = Vec::new();
    for known in sources {
        let mut places: Vec<usize> = found.iter().copied().filter(|at| of(at) == Some(known)).collect();
        places.sort_unstable();
        for passage in places.into_iter().filter_map(|at| library.index.passage(at)) {
            let mut gap = if pieces.is_empty() { "" } else { "\n\n" };
            for sentence in spoken(&passage.text) {
                pieces.push(format!("{gap}{sentence}"));
                gap = "";
            }
        }
        let title = library.knowledge.get(known).map_or("", |known| known.title.trim());
        if !title.is_empty() {
            pieces.push(format!("\n\n{}", source.replace("{}", title)));
        }
    }
    pieces
}

/// Lists the first few titles, each once.
fn titles(library: &Library, sources: impl Iterator<Item = usize>, language: Option<Language>) -> String {
    let mut titles: Vec<&str> = Vec::new();
    for source in sources {
        let title = library.knowledge.get(source).map_or("", |known| known.title.trim());
        if !title.is_empty() && !titles.contains(&title) && titles.len() < TITLES {
            titles.push(title);
        }
    }
    titles.join(if gap(language).is_empty() { "、" } else { ", " })
}

/// Returns the separator between two sentences.
fn gap(language: Option<Language>) -> String {
    let dense = matches!(language, Some(Language::Chinese | Language::Japanese));
    if dense { String::new() } else { " ".to_owned() }
}

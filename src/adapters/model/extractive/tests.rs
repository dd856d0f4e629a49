use futures_util::StreamExt;

use super::{phrases::phrases, *};
use crate::adapters::model::{Outcome, Speaker, Turn};

const MANUAL: &str = include_str!("samples/manual.txt");
const RULES: &str = include_str!("samples/rules.txt");
const CITY: &str = include_str!("samples/city.txt");
const SHOP: &str = include_str!("samples/shop.txt");
const LIBRARY: &str = include_str!("samples/library.txt");
const QUESTIONS: &str = include_str!("samples/questions.txt");

fn known(title: &str, text: &str) -> Knowledge {
    Knowledge { title: title.to_owned(), text: text.to_owned() }
}

fn everything() -> Vec<Knowledge> {
    vec![
        known("Lumo 2 manual", MANUAL),
        known("Regeln des Schachclubs", RULES),
        known("Guide de Lyon", CITY),
        known("购物须知", SHOP),
        known("図書館案内", LIBRARY),
    ]
}

fn said(id: &str, text: &str) -> Turn {
    Turn { speaker: Speaker::Member { id: id.to_owned(), name: id.to_owned() }, text: text.to_owned() }
}

async fn ask(knowledge: Vec<Knowledge>, turns: Vec<Turn>) -> (String, Outcome, Vec<Delta>) {
    let question = Question { knowledge, turns, ..Question::default() };
    let deltas: Vec<Delta> =
        Extractive::default().start(question).await.unwrap().map(Result::unwrap).collect().await;
    let text = deltas.iter().filter_map(|delta| match delta {
        Delta::Text(text) => Some(text.as_str()),
        _ => None,
    });
    let text: String = text.collect();
    let Some(Delta::Finished(outcome)) = deltas.last() else { panic!("{deltas:?}") };
    (text, *outcome, deltas.clone())
}

/// Each line of the samples is `user | question | words of the answer`; without words, no passage matches.
#[tokio::test]
async fn questions_find_their_passages() {
    let (mut right, mut wrong, mut all) = (0, Vec::new(), 0);
    for line in QUESTIONS.lines().filter(|line| !line.trim().is_empty()) {
        let mut fields = line.split('|').map(str::trim);
        let (title, question, wanted) =
            (fields.next().unwrap(), fields.next().unwrap(), fields.next().unwrap());
        let knowledge =
            everything().into_iter().filter(|known| title == "all" || known.title.contains(title));
        let (text, outcome, _) = ask(knowledge.collect(), vec![said("a", question)]).await;
        all += 1;
        let is_right = match wanted {
            "" => outcome == Outcome::NothingFound,
            wanted => outcome == Outcome::Answered && text.contains(wanted),
        };
        if is_right {
            right += 1;
        } else {
            wrong.push(format!("{question} → {outcome:?} {text}"));
        }
    }
    assert!(right * 100 >= all * 94, "{right} of {all}: {wrong:#?}");
}

#[tokio::test]
async fn an_answer_names_its_source_and_who_gave_it() {
    let (text, _, deltas) = ask(everything(), vec![said("a", "What is the warranty of the lantern?")]).await;
    let quoted = "The warranty covers defects in material and workmanship for two years from the date of purchase. \
                  Keep the receipt. Damage from water or drops is not covered.\n\nSource: Lumo 2 manual";
    assert_eq!(text, quoted);
    let pieces = deltas.iter().filter(|delta| matches!(delta, Delta::Text(_))).count();
    assert_eq!(pieces, 4, "sentence by sentence, and the source");
    let usage = Usage { prompt_tokens: None, completion_tokens: None, provider: EMBEDDED.to_owned() };
    assert_eq!(deltas[deltas.len() - 2..], [Delta::Usage(usage), Delta::Finished(Outcome::Answered)]);
}

#[tokio::test]
async fn its_own_sentences_are_in_the_language_of_the_question() {
    for (question, wanted) in [
        ("Who is the pope?", "I found nothing about this in my texts. The nearest topics are: "),
        (
            "Wer ist der Papst?",
            "Dazu habe ich in dem, was man mir zu lesen gab, nichts gefunden. Am nächsten",
        ),
        ("Qui est le pape ?", "Je n’ai rien trouvé"),
        ("罗马教皇是谁？", "在给我的资料里没有找到相关内容。最接近的主题："),
        ("ローマ法王は誰ですか", "渡された資料の中には"),
    ] {
        let (text, outcome, _) = ask(everything(), vec![said("a", question)]).await;
        assert_eq!(outcome, Outcome::NothingFound, "{question}: {text}");
        assert!(text.starts_with(wanted), "{text}");
    }
    let (text, outcome, _) = ask(Vec::new(), vec![said("a", "What is the price?")]).await;
    assert_eq!((text.as_str(), outcome), (phrases(None).nothing, Outcome::NothingFound));
    assert_eq!(ask(everything(), Vec::new()).await.1, Outcome::NothingFound);
}

#[tokio::test]
async fn greetings_and_persons_cost_no_search() {
    let (text, outcome, _) = ask(everything(), vec![said("a", "Guten Abend!")]).await;
    assert_eq!(outcome, Outcome::Greeted);
    assert!(text.contains("Lumo 2 manual, Regeln des Schachclubs, Guide de Lyon"), "{text}");
    let (_, outcome, _) = ask(everything(), vec![said("a", "Can I talk to a human?")]).await;
    assert_eq!(outcome, Outcome::PersonWanted);
}

#[tokio::test]
async fn a_short_question_goes_on_about_the_last_one_of_the_same_person() {
    let rules = || vec![known("Regeln", RULES)];
    let first = said("a", "Was kostet die Mitgliedschaft?");
    let between = said("b", "Darf man rauchen?");
    let (text, ..) = ask(rules(), vec![first.clone(), between, said("a", "Und für Studenten?")]).await;
    assert!(text.contains("30 Euro"), "{text}");

    let manual = || vec![known("Manual", MANUAL)];
    let first = said("a", "How do I reset the lantern and clean it?");
    let (text, ..) = ask(manual(), vec![first.clone()]).await;
    let answer = Turn { speaker: Speaker::Agent, text: text.clone() };
    let (more, outcome, _) = ask(manual(), vec![first, answer, said("a", "What else?")]).await;
    let again = more
        .lines()
        .filter(|line| !line.is_empty() && !line.starts_with("Source"))
        .any(|line| text.contains(line));
    assert!(outcome == Outcome::NothingFound || !again, "{text}\n---\n{more}");
}

#[test]
fn a_model_gets_what_fits_of_much_knowledge() {
    let mut knowledge = everything();
    let turns = vec![said("a", "How do I reset the lantern?")];
    let question = |knowledge| Question { knowledge, turns: turns.clone(), ..Question::default() };
    let reader = Extractive::default();
    assert_eq!(reader.fitting(&question(knowledge.clone()), usize::MAX), knowledge);
    knowledge.push(known("Filler", &"Something about something else.\n\n".repeat(100)));
    let fitted = reader.fitting(&question(knowledge), 600);
    assert!(length(&fitted) <= 700 && fitted.len() == 1, "{fitted:?}");
    assert!(
        fitted[0].title == "Lumo 2 manual"
            && fitted[0].text.contains("Factory reset\nHold the button for 20")
    );
}

#[test]
fn knowledge_is_read_once() {
    let extractive = Extractive::default();
    let (one, two) = (extractive.library(everything()), extractive.library(everything()));
    assert!(Arc::ptr_eq(&one, &two));
    assert!(!Arc::ptr_eq(&one, &extractive.library(vec![known("x", "y")])));
}

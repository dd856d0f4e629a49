//! What an agent's own values must be.

use crate::{
    app::App,
    domain::{Error, Result, text},
};

/// The characters of a question unless the owner says otherwise.
pub(super) const QUESTION: i32 = 2000;
/// No question is longer: it is a message.
const LONGEST_QUESTION: i32 = 5000;
/// The texts that an agent may know.
const TEXTS: usize = 50;
/// The characters of all of them.
const KNOWLEDGE: usize = 500_000;

/// A text that an agent knows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Knowledge {
    /// What it is called, 1 to 200 characters; answers name it as their source.
    pub title: String,
    /// The text; blank lines part paragraphs.
    pub text: String,
}

pub(super) fn name(text: &str) -> Result<String> {
    text::name("agentName", text, 100, "agentName must be 1-100 characters")
}

pub(super) fn description(text: String) -> Result<String> {
    text::at_most("description", text, 5000)
}

pub(super) fn system_prompt(text: String) -> Result<String> {
    text::at_most("systemPrompt", text, 20_000)
}

pub(super) fn welcome(text: String) -> Result<String> {
    text::at_most("welcome", text, 2000)
}

pub(super) fn voice(text: &str) -> Result<String> {
    text::at_most("ttsVoice", text.trim().to_owned(), 100)
}

/// A model that somebody serves: a listing that nobody can ask helps nobody.
pub(super) fn model(app: &App, name: &str) -> Result<String> {
    let name = text::at_most("model", name.trim().to_owned(), 100)?;
    if app.adapters.models.serves(&name) {
        return Ok(name);
    }
    Err(Error::invalid(
        "model",
        if name.is_empty() {
            "model must be named: none serves by default"
        } else {
            "No provider serves this model"
        },
    ))
}

pub(super) fn input_char_limit(limit: i32) -> Result<i32> {
    if (1..=LONGEST_QUESTION).contains(&limit) {
        Ok(limit)
    } else {
        Err(Error::invalid("inputCharLimit", format!("inputCharLimit must be 1-{LONGEST_QUESTION}")))
    }
}

pub(super) fn daily_spend_cap(coins: i64) -> Result<i64> {
    if coins < 0 {
        return Err(Error::invalid("dailySpendCap", "dailySpendCap cannot be negative"));
    }
    Ok(coins)
}

/// At most 50 texts of 500,000 characters in all.
pub(super) fn knowledge(texts: Vec<Knowledge>) -> Result<Vec<Knowledge>> {
    let wrong = |message: String| Err(Error::invalid("knowledge", message));
    if texts.len() > TEXTS {
        return wrong(format!("knowledge must be at most {TEXTS} texts"));
    }
    let length: usize = texts.iter().map(|known| known.text.chars().count()).sum();
    if length > KNOWLEDGE {
        return wrong(format!("knowledge must be at most {KNOWLEDGE} characters"));
    }
    let read = texts.into_iter().map(|known| {
        let title =
            text::name("knowledge", &known.title, 200, "Each title of knowledge must be 1-200 characters")?;
        Ok(Knowledge { title, text: text::at_most("knowledge", known.text, KNOWLEDGE)? })
    });
    read.collect()
}

/// What a search looks at.
pub(super) fn search_fold(name: &str, description: &str) -> String {
    text::search_fold(&format!("{name}\n{description}"))
}

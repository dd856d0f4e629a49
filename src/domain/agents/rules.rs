//! Validation of a listing's values.

use crate::{
    app::App,
    error::{Error, Result},
    text::fields,
};

/// Default maximum length of a question, in characters.
pub(super) const QUESTION: i32 = 2000;
/// Maximum length of a question, in characters: that of a message.
const LONGEST_QUESTION: i32 = 5000;
/// Maximum number of knowledge texts per listing.
const TEXTS: usize = 50;
/// Maximum length of all knowledge texts of a listing, in characters.
const KNOWLEDGE: usize = 500_000;

/// A knowledge text of an agent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Knowledge {
    /// Title, 1 to 200 characters; replies cite it as their source.
    pub title: String,
    /// The text; blank lines separate paragraphs.
    pub text: String,
}

pub(super) fn name(text: &str) -> Result<String> {
    fields::name("agentName", text, 100, "agentName must be 1-100 characters")
}

pub(super) fn description(text: String) -> Result<String> {
    fields::at_most("description", text, 5000)
}

pub(super) fn system_prompt(text: String) -> Result<String> {
    fields::at_most("systemPrompt", text, 20_000)
}

pub(super) fn welcome(text: String) -> Result<String> {
    fields::at_most("welcome", text, 2000)
}

pub(super) fn voice(text: &str) -> Result<String> {
    fields::line("ttsVoice", text, 100)
}

/// Accepts a model only if a provider serves it.
pub(super) fn model(app: &App, name: &str) -> Result<String> {
    let name = fields::line("model", name, 100)?;
    if app.adapters.models.serves(&name) {
        return Ok(name);
    }
    Err(Error::invalid(
        "model",
        if name.is_empty() {
            "model is required: there is no default model"
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

/// Maximum 50 texts, of 500,000 characters in total.
pub(super) fn knowledge(texts: Vec<Knowledge>) -> Result<Vec<Knowledge>> {
    let wrong = |message: String| Err(Error::invalid("knowledge", message));
    if texts.len() > TEXTS {
        return wrong(format!("knowledge must have at most {TEXTS} texts"));
    }
    let length: usize = texts.iter().map(|known| known.text.chars().count()).sum();
    if length > KNOWLEDGE {
        return wrong(format!("knowledge must have at most {KNOWLEDGE} characters in total"));
    }
    let read = texts.into_iter().enumerate().map(|(index, known)| {
        let title =
            fields::name("title", &known.title, 200, "Each title of knowledge must be 1-200 characters")
                .map_err(|error| error.at(|| format!("knowledge[{index}].title")))?;
        let text = fields::at_most("text", known.text, KNOWLEDGE)
            .map_err(|error| error.at(|| format!("knowledge[{index}].text")))?;
        Ok(Knowledge { title, text })
    });
    read.collect()
}

/// Returns the folded text that searches match.
pub(super) fn search_fold(name: &str, description: &str) -> String {
    fields::searched_fold(&format!("{name}\n{description}"))
}

//! Text: the rules of single fields, properties of characters, languages, sentences, and text to be spoken.

pub(crate) mod characters;
pub mod fields;
pub mod language;
pub mod rule;
pub mod sentences;
pub mod speakable;

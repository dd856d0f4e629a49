//! Reads the layers of settings: defaults, file, variables, flags.

use std::{collections::BTreeMap, path::Path};

use anyhow::{Context, Result};
use toml::{Table, Value};

use super::{FILE, Settings, check::check};

impl Settings {
    /// Loads all layers. `variables` are environment variables, `flags` are settings of the command line;
    /// `check_adapters` validates the settings of external services.
    ///
    /// # Errors
    /// Returns an error that names the setting and its source if a setting is unknown or malformed.
    pub fn load(
        file: Option<&Path>,
        variables: impl IntoIterator<Item = (String, String)>,
        flags: &BTreeMap<&str, String>,
        check_adapters: fn(&Self) -> Result<()>,
    ) -> Result<Self> {
        // After each setting, so that the error can name its source.
        let check = |table: &Table| -> Result<Self> {
            let settings: Self = table.clone().try_into()?;
            check(&settings)?;
            check_adapters(&settings)?;
            Ok(settings)
        };
        let defaults = Table::try_from(Self::default()).context("the default settings")?;
        let mut table = defaults.clone();
        let path = file.unwrap_or(Path::new(FILE));
        if file.is_some() || path.exists() {
            let text =
                std::fs::read_to_string(path).with_context(|| format!("cannot read {}", path.display()))?;
            let read: Table = text.parse().map_err(|error| not_toml(path, &text, &error))?;
            for (key, value) in read {
                known(&defaults, &key).with_context(|| path.display().to_string())?;
                table.insert(key, value);
                check(&table).with_context(|| path.display().to_string())?;
            }
        }
        for (variable, text) in variables {
            let Some(key) = variable.strip_prefix("PLAZA_").map(str::to_lowercase) else { continue };
            // Variables of the tests are not settings.
            if key.starts_with("test_") {
                continue;
            }
            let place = || format!("the variable {variable}");
            let value = read(known(&defaults, &key).with_context(place)?, &text).with_context(place)?;
            table.insert(key, value);
            check(&table).with_context(place)?;
        }
        for (key, text) in flags {
            let place = || format!("--{}", key.replace('_', "-"));
            let value = read(known(&defaults, key).with_context(place)?, text).with_context(place)?;
            table.insert((*key).to_owned(), value);
            check(&table).with_context(place)?;
        }
        check(&table)
    }
}

/// Returns the error for a file that is not TOML. It leaves out the line, which may contain a password.
fn not_toml(path: &Path, text: &str, error: &toml::de::Error) -> anyhow::Error {
    let at = error.span().map_or(0, |span| span.start).min(text.len());
    let line = text.as_bytes()[..at].iter().filter(|byte| **byte == b'\n').count() + 1;
    anyhow::anyhow!("{} is not TOML: line {line}: {}", path.display(), error.message())
}

/// Returns the default of a setting, which determines its type.
fn known<'a>(defaults: &'a Table, key: &str) -> Result<&'a Value> {
    let names = || defaults.keys().map(String::as_str).collect::<Vec<_>>().join(", ");
    defaults.get(key).with_context(|| format!("unknown setting {key}; the settings are: {}", names()))
}

/// Parses a text as the type of the default.
fn read(default: &Value, text: &str) -> Result<Value> {
    Ok(match default {
        Value::Integer(_) => {
            Value::Integer(text.trim().parse().with_context(|| format!("{text:?} is not a whole number"))?)
        }
        Value::Array(_) => Value::Array(
            text.split(',')
                .map(str::trim)
                .filter(|part| !part.is_empty())
                .map(|part| Value::String(part.to_owned()))
                .collect(),
        ),
        _ => Value::String(text.to_owned()),
    })
}

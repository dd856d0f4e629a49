//! Validates GraphQL documents as the server does, without a server and without executing them.

use std::{
    fs,
    io::{Read, stdin},
    path::{Path, PathBuf},
};

use anyhow::{Context, Result, bail};
use async_graphql::{Variables, parser::types::DocumentOperations};
use clap::Args;
use serde_json::{Value, json};

use super::say;
use crate::{
    config::Settings,
    document::{Failure, Limits, Model, Prepared, parse, prepare},
    graphql,
};

/// Input of the command.
#[derive(Args)]
pub(super) struct Validate {
    /// A GraphQL document, all of whose operations are validated; - reads the standard input
    file: PathBuf,
    /// The file contains GraphQL requests instead, one JSON object a line: {"query", "operationName",
    /// "variables"}
    #[arg(long)]
    requests: bool,
}

/// Prints one line of JSON for each operation or request: its cost if it is valid, or its errors.
pub(super) fn run(settings: &Settings, validate: &Validate) -> Result<()> {
    let text = read(&validate.file)?;
    let judge = Validator { model: graphql::model()?, limits: settings.limits() };
    let lines = if validate.requests { judge.requests(&text)? } else { judge.document(&text) };
    let wrong = lines.iter().filter(|line| line["valid"] != true).count();
    let all = lines.len();
    say(&lines.iter().map(Value::to_string).collect::<Vec<_>>().join("\n"));
    if wrong > 0 {
        bail!("{wrong} of {all} are not valid");
    }
    Ok(())
}

fn read(file: &Path) -> Result<String> {
    if file == Path::new("-") {
        let mut text = String::new();
        stdin().read_to_string(&mut text).context("cannot read the standard input")?;
        return Ok(text);
    }
    fs::read_to_string(file).with_context(|| format!("cannot read {}", file.display()))
}

struct Validator {
    model: Model,
    limits: Limits,
}

impl Validator {
    /// Validates each operation of a document. Variables are unknown and not validated.
    fn document(&self, text: &str) -> Vec<Value> {
        let names: Vec<Option<String>> = match parse(text).map(|document| document.operations) {
            Ok(DocumentOperations::Multiple(operations)) if !operations.is_empty() => {
                let mut operations: Vec<_> = operations.into_iter().collect();
                operations.sort_by_key(|(_, operation)| operation.pos);
                operations.into_iter().map(|(name, _)| Some(name.to_string())).collect()
            }
            _ => vec![None],
        };
        let judged = names.iter().map(|name| match self.prepare(text, name.as_deref()) {
            Ok(prepared) => described(&prepared, prepared.complexity()),
            Err(failure) => refused(&failure),
        });
        judged.collect()
    }

    fn requests(&self, text: &str) -> Result<Vec<Value>> {
        let lines = text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty());
        let judged = lines.map(|(number, line)| {
            let request: Value =
                serde_json::from_str(line).with_context(|| format!("line {} is not JSON", number + 1))?;
            Ok(self.request(&request).unwrap_or_else(|failure| refused(&failure)))
        });
        judged.collect()
    }

    fn request(&self, request: &Value) -> Result<Value, Failure> {
        let query = request["query"].as_str().unwrap_or_default();
        let prepared = self.prepare(query, request["operationName"].as_str())?;
        let variables = match &request["variables"] {
            Value::Object(_) => Variables::from_json(request["variables"].clone()),
            _ => Variables::default(),
        };
        let bound = prepared.bind(&self.model, &self.limits, variables)?;
        let mut line = described(&prepared, bound.demand.complexity);
        line["variables"] = serde_json::to_value(&bound.variables).unwrap_or_default();
        Ok(line)
    }

    fn prepare(&self, text: &str, name: Option<&str>) -> Result<Prepared, Failure> {
        prepare(&self.model, &self.limits, text, name)
    }
}

fn described(prepared: &Prepared, complexity: usize) -> Value {
    let operation = prepared.operation.to_string();
    json!({ "valid": true, "operation": operation, "name": prepared.name, "complexity": complexity })
}

fn refused(failure: &Failure) -> Value {
    json!({ "valid": false, "code": failure.code.as_str(), "errors": failure.errors })
}

//! Trusted documents: the only documents that GraphQL clients may run, from the manifest of a code generator.

use std::{collections::HashMap, fs, path::Path};

use anyhow::{Context, Result, bail};
use async_graphql::parser::types::DocumentOperations;
use serde::Deserialize;

use super::request::GraphqlRequest;
use crate::{
    document::{self, Failure, Limits, Model},
    error::Code,
    security::random,
};

/// Prefix of a document id that is a hash.
const SHA256: &str = "sha256:";

/// The trusted documents, by the ids of the manifest and by the hashes of their texts.
pub(in crate::http) struct TrustedDocuments {
    texts: Vec<String>,
    ids: HashMap<String, usize>,
    hashes: HashMap<String, usize>,
}

/// The manifests that generators write.
#[derive(Deserialize)]
#[serde(untagged)]
enum Manifest {
    /// Of Apollo's `generate-persisted-query-manifest`.
    Apollo(Apollo),
    /// Of graphql-codegen's `persistedDocuments`: texts by hash.
    Texts(HashMap<String, String>),
}

#[derive(Deserialize)]
struct Apollo {
    format: String,
    version: u64,
    operations: Vec<Operation>,
}

#[derive(Deserialize)]
struct Operation {
    id: String,
    name: String,
    body: String,
}

impl TrustedDocuments {
    /// Reads a manifest, and validates its documents by the schema and the limits.
    ///
    /// # Errors
    /// Fails with the file, and the id of the first invalid document.
    pub(in crate::http) fn load(file: &Path, model: &Model, limits: &Limits) -> Result<Self> {
        let read = || format!("trusted_documents: {}", file.display());
        let text = fs::read_to_string(file).with_context(read)?;
        Self::parse(&text, model, limits).with_context(read)
    }

    fn parse(text: &str, model: &Model, limits: &Limits) -> Result<Self> {
        let manifest = serde_json::from_str(text)
            .context("is neither an object of texts by hash nor an apollo-persisted-query-manifest")?;
        let mut trusted = Self { texts: Vec::new(), ids: HashMap::new(), hashes: HashMap::new() };
        match manifest {
            Manifest::Apollo(Apollo { format, version, operations }) => {
                if (format.as_str(), version) != ("apollo-persisted-query-manifest", 1) {
                    bail!("format {format:?} version {version} is unknown");
                }
                for Operation { id, name, body } in operations {
                    let names = check(model, limits, &body).with_context(|| id.clone())?;
                    if !names.iter().any(|known| known.as_ref() == Some(&name)) {
                        bail!("{id}: the document has no operation {name}");
                    }
                    trusted.add(id, body)?;
                }
            }
            Manifest::Texts(texts) => {
                for (id, text) in texts {
                    check(model, limits, &text).with_context(|| id.clone())?;
                    trusted.add(id, text)?;
                }
            }
        }
        Ok(trusted)
    }

    fn add(&mut self, id: String, text: String) -> Result<()> {
        let place = *self.hashes.entry(random::sha256_hex(&text)).or_insert(self.texts.len());
        if place == self.texts.len() {
            self.texts.push(text);
        }
        if self.ids.insert(id.clone(), place).is_some_and(|other| other != place) {
            bail!("{id} is the id of two documents");
        }
        Ok(())
    }

    /// Returns the trusted document of a request, by its text, its id or its hash.
    pub(super) fn find(&self, ask: &GraphqlRequest) -> Result<&str, Failure> {
        let place = match (&ask.query, ask.document_id.as_ref().or(ask.hash.as_ref())) {
            (Some(query), _) => self.hashes.get(&random::sha256_hex(query)),
            (None, Some(id)) => {
                let hash = id.strip_prefix(SHA256).unwrap_or(id).to_ascii_lowercase();
                self.ids.get(id).or_else(|| self.hashes.get(&hash))
            }
            (None, None) => None,
        };
        let text = place.and_then(|place| self.texts.get(*place));
        let refusal =
            || Failure::new(Code::DocumentNotTrusted, "This server runs trusted documents only", None);
        text.map(String::as_str).ok_or_else(refusal)
    }
}

/// Validates each operation of a document; returns their names.
fn check(model: &Model, limits: &Limits, text: &str) -> Result<Vec<Option<String>>> {
    let refused = |failure: Failure| {
        let message = failure.errors.into_iter().next().map(|error| error.message).unwrap_or_default();
        anyhow::anyhow!(message)
    };
    let names: Vec<_> = match document::parse(text).map_err(refused)?.operations {
        DocumentOperations::Single(_) => vec![None],
        DocumentOperations::Multiple(operations) => {
            operations.into_keys().map(|name| Some(name.to_string())).collect()
        }
    };
    for name in &names {
        document::prepare(model, limits, text, name.as_deref()).map_err(refused)?;
    }
    Ok(names)
}

//! Selects the provider of a model by its name.

use std::{fmt, str::FromStr, sync::Arc};

use anyhow::{Context, Result, bail};
use futures_util::{FutureExt, future::BoxFuture};
use url::Url;

use super::{Answer, EMBEDDED, Extractive, Model, ModelError, Question};
use crate::adapters::client::base;

/// All available models.
///
/// The longest matching prefix of a name selects the provider; other names use the default provider. Names
/// that begin with `embedded/` always select the built-in answerer, as do all others if no provider is
/// configured. A provider that fails is an error and is never replaced.
#[derive(Clone)]
pub struct Models {
    default: Option<String>,
    /// Providers by prefix; the empty prefix is the default provider.
    providers: Vec<(String, Arc<dyn Model>)>,
    embedded: Arc<dyn Model>,
}

impl Models {
    /// Returns a set with the built-in answerer only.
    pub fn embedded() -> Self {
        Self {
            default: Some(EMBEDDED.to_owned()),
            providers: Vec::new(),
            embedded: Arc::new(Extractive::default()),
        }
    }

    /// Returns providers by the prefix of their models' names. `default` is the model of listings without
    /// one.
    pub fn new(default: Option<String>, providers: Vec<(String, Arc<dyn Model>)>) -> Self {
        if providers.is_empty() && default.is_none() {
            return Self::embedded();
        }
        Self { default, providers, ..Self::embedded() }
    }

    /// Returns the model of listings without one; `None` if there is no default.
    pub fn default_name(&self) -> Option<&str> {
        self.default.as_deref()
    }

    /// Returns whether a provider serves a model of this name; an empty name means the default.
    pub fn serves(&self, name: &str) -> bool {
        self.find(self.or_default(name)).is_some()
    }

    fn or_default<'a>(&'a self, name: &'a str) -> &'a str {
        if name.is_empty() { self.default_name().unwrap_or_default() } else { name }
    }

    fn find(&self, name: &str) -> Option<&dyn Model> {
        if name.is_empty() {
            return None;
        }
        if self.providers.is_empty() || name.starts_with("embedded/") {
            return Some(&*self.embedded);
        }
        let fitting = self.providers.iter().filter(|(prefix, _)| name.starts_with(prefix.as_str()));
        fitting.max_by_key(|(prefix, _)| prefix.len()).map(|(_, model)| &**model)
    }
}

impl Model for Models {
    /// Starts an answer at the provider of the question's model.
    fn start(&self, mut question: Question) -> BoxFuture<'_, Result<Answer, ModelError>> {
        question.model = self.or_default(&question.model).to_owned();
        match self.find(&question.model) {
            Some(model) => model.start(question),
            None => async { Err(ModelError::NoProvider(question.model)) }.boxed(),
        }
    }
}

impl fmt::Debug for Models {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let prefixes: Vec<&str> = self.providers.iter().map(|(prefix, _)| prefix.as_str()).collect();
        f.debug_struct("Models").field("default", &self.default).field("prefixes", &prefixes).finish()
    }
}

/// A value of the setting `model_routes`: `PREFIX URL`, and `$VARIABLE` if the provider needs a key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Routing {
    /// Prefix of the models' names. A prefix that ends in a slash only selects the server and is not sent.
    pub prefix: String,
    /// Base URL of the provider.
    pub url: Url,
    /// Environment variable with the key.
    pub key: Option<String>,
}

impl FromStr for Routing {
    type Err = anyhow::Error;

    fn from_str(line: &str) -> Result<Self> {
        let words: Vec<&str> = line.split_whitespace().collect();
        let (prefix, url, key) = match words[..] {
            [prefix, url] => (prefix, url, None),
            [prefix, url, key] => {
                let key = key.strip_prefix('$').filter(|name| !name.is_empty());
                (prefix, url, Some(key.context("the third word must be $ and the name of a variable")?))
            }
            _ => bail!(
                "it must be a prefix, an address and, if the provider needs a key, $ and the name of its variable"
            ),
        };
        if prefix.starts_with("embedded/") {
            bail!("names that begin with embedded/ are reserved for the built-in answerer");
        }
        let url = base(url)?;
        Ok(Self { prefix: prefix.to_owned(), url, key: key.map(str::to_owned) })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Named(&'static str);

    impl Model for Named {
        fn start(&self, question: Question) -> BoxFuture<'_, Result<Answer, ModelError>> {
            // The error names the provider and the model for the test.
            async move { Err(ModelError::Failed(format!("{} {}", self.0, question.model))) }.boxed()
        }
    }

    async fn asked(models: &Models, name: &str) -> String {
        let question = Question { model: name.to_owned(), ..Question::default() };
        models.start(question).await.err().map_or("embedded".to_owned(), |error| error.to_string())
    }

    fn models(default: Option<&str>, prefixes: &[(&str, &'static str)]) -> Models {
        let providers = prefixes
            .iter()
            .map(|(prefix, name)| ((*prefix).to_owned(), Arc::new(Named(name)) as Arc<dyn Model>))
            .collect();
        Models::new(default.map(str::to_owned), providers)
    }

    #[tokio::test]
    async fn the_longest_prefix_decides() {
        let models = models(Some("gpt-x"), &[("", "rest"), ("claude-", "one"), ("claude-3", "two")]);
        assert_eq!(asked(&models, "").await, "the provider failed: rest gpt-x");
        assert_eq!(asked(&models, "claude-2").await, "the provider failed: one claude-2");
        assert_eq!(asked(&models, "claude-3-x").await, "the provider failed: two claude-3-x");
        assert_eq!(asked(&models, EMBEDDED).await, "embedded");
    }

    #[tokio::test]
    async fn a_provider_is_never_replaced() {
        let models = models(None, &[("claude-", "one")]);
        assert_eq!(asked(&models, "gpt-4o").await, "no provider serves the model \"gpt-4o\"");
        assert_eq!(asked(&models, "").await, "no provider serves the model \"\"");
        assert!(!models.serves(""), "nobody knows what to ask");
        assert!(!models.serves("gpt-4o") && models.serves("claude-2") && models.default_name().is_none());
    }

    #[tokio::test]
    async fn without_any_the_built_in_answers() {
        let models = models(None, &[]);
        assert_eq!(models.default_name(), Some(EMBEDDED));
        for name in ["", "gpt-4o", EMBEDDED] {
            assert_eq!(asked(&models, name).await, "embedded");
        }
    }

    #[test]
    fn routes_are_read() {
        let routing: Routing = "claude- https://api.anthropic.com/v1  $ANTHROPIC_KEY".parse().unwrap();
        assert_eq!((routing.prefix.as_str(), routing.key.as_deref()), ("claude-", Some("ANTHROPIC_KEY")));
        assert_eq!("local/ http://127.0.0.1:11434/v1".parse::<Routing>().unwrap().key, None);
        for wrong in
            ["", "claude-", "a b c d", "a https://x.example sk-123", "a ftp://x", "embedded/x http://x"]
        {
            assert!(wrong.parse::<Routing>().is_err(), "{wrong}");
        }
    }
}

//! Queries that reach every field by every path, generated from the schema.

use std::collections::{BTreeMap, HashMap};

use plaza::graphql::Graph;
use serde_json::Value;

/// Maximum depth of a field.
const DEEPEST: usize = 5;
/// Types that a path may reach twice, so that links between them are walked, too.
const TWICE: [&str; 2] = ["Conversation", "Message"];
/// Fields without new links: the edges of a connection are its nodes.
const SKIPPED: [&str; 2] = ["edges", "pageInfo"];

/// The schema, from introspection.
pub(super) struct Model {
    types: HashMap<String, Value>,
}

/// A selected field.
#[derive(Clone, Debug)]
pub(super) struct Field {
    text: String,
    inside: Vec<(Option<String>, Selection)>,
}

impl Field {
    /// Returns a query that only tests for a result.
    pub(super) fn shallow(&self, key: &str) -> String {
        let inside = if self.inside.is_empty() { "" } else { "{__typename}" };
        format!("{{{key}:{}{inside}}}", self.text)
    }
}

/// Fields by their response keys.
pub(super) type Selection = BTreeMap<String, Field>;

impl Model {
    pub(super) async fn read(graph: &Graph) -> Self {
        let query = "{ __schema { types { name kind possibleTypes { name } fields { name
            args { name type { kind name ofType { kind name } } }
            type { kind name ofType { kind name ofType { kind name ofType { kind name } } } } } } } }";
        let answer = async_graphql::Executor::execute(graph, async_graphql::Request::new(query)).await;
        let json = serde_json::to_value(&answer.data).expect("JSON");
        let all = json["__schema"]["types"].as_array().expect("types").clone();
        let name = |found: &Value| found["name"].as_str().expect("a name").to_owned();
        Self { types: all.into_iter().map(|found| (name(&found), found)).collect() }
    }

    /// Returns the fields of a root, once for each set of arguments from `fill`.
    pub(super) fn roots(
        &self,
        root: &str,
        fill: &impl Fn(&str, &str, bool) -> Vec<Option<String>>,
    ) -> Vec<(String, Field)> {
        let mut all = Vec::new();
        for field in self.types[root]["fields"].as_array().expect("fields") {
            let name = field["name"].as_str().expect("a name");
            let mut texts = vec![Vec::new()];
            for argument in field["args"].as_array().expect("arguments") {
                let required = argument["type"]["kind"] == "NON_NULL";
                let argument = argument["name"].as_str().expect("a name");
                let values = fill(name, argument, required);
                assert!(!values.is_empty(), "the walk has nothing for {name}({argument}:)");
                texts = texts
                    .into_iter()
                    .flat_map(|text: Vec<String>| {
                        values.iter().map(move |value| {
                            let given = value.iter().map(|value| format!("{argument}:{value}"));
                            text.iter().cloned().chain(given).collect()
                        })
                    })
                    .collect();
            }
            let inside = self.inside(named(&field["type"]), &mut vec![root.to_owned()]);
            for (number, text) in texts.into_iter().enumerate() {
                let text =
                    if text.is_empty() { name.to_owned() } else { format!("{name}({})", text.join(",")) };
                all.push((format!("{name}{number}"), Field { text, inside: inside.clone() }));
            }
        }
        all
    }

    fn inside(&self, of: &str, path: &mut Vec<String>) -> Vec<(Option<String>, Selection)> {
        let found = &self.types[of];
        match found["possibleTypes"].as_array() {
            Some(possible) => {
                let names = possible.iter().map(|kind| kind["name"].as_str().expect("a name"));
                names.map(|name| (Some(name.to_owned()), self.fields(name, path))).collect()
            }
            None if found["fields"].is_array() => vec![(None, self.fields(of, path))],
            None => Vec::new(),
        }
    }

    fn fields(&self, of: &str, path: &mut Vec<String>) -> Selection {
        let mut selection = Selection::new();
        path.push(of.to_owned());
        for field in self.types[of]["fields"].as_array().expect("fields") {
            let name = field["name"].as_str().expect("a name");
            if SKIPPED.contains(&name) {
                continue;
            }
            let to = named(&field["type"]);
            let leads_on = self.types[to]["fields"].is_array();
            let times = path.iter().filter(|seen| *seen == to).count();
            if leads_on && (times > usize::from(TWICE.contains(&to)) || path.len() >= DEEPEST) {
                continue;
            }
            let inside = self.inside(to, path);
            if leads_on && inside.iter().all(|(_, fields)| fields.is_empty()) {
                continue;
            }
            let text = if name == "search" && of == "Conversation" { "search(text:\"Mark\")" } else { name };
            selection.insert(name.to_owned(), Field { text: text.to_owned(), inside });
        }
        path.pop();
        selection
    }
}

fn named(mut of: &Value) -> &str {
    while of["ofType"].is_object() {
        of = &of["ofType"];
    }
    of["name"].as_str().expect("a name")
}

/// Returns the text of a selection.
pub(super) fn write(selection: &Selection, text: &mut String) {
    for (key, field) in selection {
        text.push(' ');
        if !field.text.starts_with(key.as_str()) {
            text.push_str(key);
            text.push(':');
        }
        text.push_str(&field.text);
        if field.inside.is_empty() {
            continue;
        }
        text.push('{');
        text.push_str("__typename");
        for (on, fields) in &field.inside {
            match on {
                Some(on) => {
                    text.push_str(" ...on ");
                    text.push_str(on);
                    text.push_str("{__typename");
                    write(fields, text);
                    text.push('}');
                }
                None => write(fields, text),
            }
        }
        text.push('}');
    }
}

/// Removes a refused field from a selection.
pub(super) fn prune(selection: &mut Selection, path: &[&str]) {
    match path {
        [] => {}
        [key] => _ = selection.remove(*key),
        [key, rest @ ..] => {
            if let Some(field) = selection.get_mut(*key) {
                field.inside.iter_mut().for_each(|(_, fields)| prune(fields, rest));
            }
        }
    }
}

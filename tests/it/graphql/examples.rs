//! The playground's examples and the chat's operations are valid for the schema.

use std::{fs, path::Path};

use plaza::{
    document::{Limits, prepare},
    graphql,
};

/// Returns the documents in a folder of the pages' sources, by name.
fn documents(folder: &str) -> Vec<(String, String)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("web").join(folder);
    let paths = fs::read_dir(folder).expect("reads").map(|entry| entry.expect("reads").path());
    let documents = paths.filter(|path| path.extension().is_some_and(|extension| extension == "graphql"));
    documents
        .map(|path| {
            let name = path.file_stem().expect("a name").to_string_lossy().into_owned();
            (name, fs::read_to_string(&path).expect("is text"))
        })
        .collect()
}

/// Checks that each operation is valid; returns their number.
fn run(documents: impl IntoIterator<Item = (String, String)>) -> usize {
    let model = graphql::model().expect("the schema");
    let mut operations = 0;
    for (document, text) in documents {
        let of = |line: &str| {
            let word = line.split([' ', '(', '{']).collect::<Vec<_>>();
            matches!(word[0], "query" | "mutation" | "subscription").then(|| word[1].to_owned())
        };
        for name in text.lines().filter_map(of) {
            let prepared = prepare(&model, &Limits::default(), &text, Some(&name));
            assert!(prepared.is_ok(), "{document} {name}: {:?}", prepared.err());
            operations += 1;
        }
    }
    operations
}

#[test]
fn each_can_be_run() {
    let examples = documents("playground/examples");
    for (name, text) in &examples {
        assert!(text.starts_with("# "), "{name} says what it is");
    }
    let count = run(examples);
    assert!(count >= 20, "{count}");
}

#[test]
fn the_chat_can_ask_all_it_asks() {
    let mut definitions = Vec::new();
    list_definitions(&Path::new(env!("CARGO_MANIFEST_DIR")).join("web/chat"), &mut definitions);
    let (fragments, operations): (Vec<_>, Vec<_>) =
        definitions.into_iter().partition(|text| text.starts_with("fragment "));
    let count = run(operations.into_iter().map(|mut text| {
        let name = text.lines().next().unwrap_or_default().to_owned();
        for fragment in &fragments {
            let of = fragment.split(' ').nth(1).expect("a name");
            if text.contains(&format!("...{of}")) {
                text.push_str(fragment);
            }
        }
        (name, text)
    }));
    assert!(count >= 30, "{count}");
}

/// Adds the operations and fragments of the documents below a folder, one by one.
fn list_definitions(folder: &Path, definitions: &mut Vec<String>) {
    for entry in fs::read_dir(folder).expect("reads") {
        let path = entry.expect("reads").path();
        if path.is_dir() {
            list_definitions(&path, definitions);
        } else if path.extension().is_some_and(|extension| extension == "graphql") {
            for line in fs::read_to_string(&path).expect("is text").lines() {
                let is_first = ["query ", "mutation ", "subscription ", "fragment "];
                if is_first.iter().any(|word| line.starts_with(word)) {
                    definitions.push(String::new());
                }
                if let Some(definition) = definitions.last_mut() {
                    definition.push_str(line);
                    definition.push('\n');
                }
            }
        }
    }
}

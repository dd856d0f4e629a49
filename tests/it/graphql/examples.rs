//! What the pages ask fits the schema: the playground's examples and the chat's operations.

use std::{fs, path::Path};

use plaza::{
    document::{Limits, prepare},
    graphql,
};

/// The documents in a folder of the pages' sources, by name.
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

/// Holds that each operation can be run; says how many there are.
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
    let (fragments, operations): (Vec<_>, Vec<_>) =
        documents("chat/operations").into_iter().partition(|(name, _)| name.ends_with("-parts"));
    let count = run(operations.into_iter().map(|(name, mut text)| {
        for (_, fragment) in &fragments {
            let of = fragment.split(' ').nth(1).expect("a name");
            if text.contains(&format!("...{of}")) {
                text.push_str(fragment);
            }
        }
        (name, text)
    }));
    assert!(count >= 30, "{count}");
}

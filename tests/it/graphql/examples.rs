//! The playground's examples fit the schema.

use std::{fs, path::Path};

use plaza::{
    document::{Limits, Model, check, prepare},
    graphql,
};

#[test]
fn each_can_be_run() {
    let model = Model::from_sdl(&graphql::sdl()).expect("the schema");
    let strict = check(graphql::strict());
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("web/playground/examples");
    let mut operations = 0;
    for entry in fs::read_dir(folder).expect("reads") {
        let path = entry.expect("reads").path();
        if path.extension().is_none_or(|extension| extension != "graphql") {
            continue;
        }
        let text = fs::read_to_string(&path).expect("is text");
        assert!(text.starts_with("# "), "{} says what it is", path.display());
        let of = |line: &str| {
            let word = line.split([' ', '(', '{']).collect::<Vec<_>>();
            matches!(word[0], "query" | "mutation" | "subscription").then(|| word[1].to_owned())
        };
        for name in text.lines().filter_map(of) {
            let prepared = prepare(&model, &Limits::default(), &*strict, &text, Some(&name));
            assert!(prepared.is_ok(), "{} {name}: {:?}", path.display(), prepared.err());
            operations += 1;
        }
    }
    assert!(operations >= 20, "{operations}");
}

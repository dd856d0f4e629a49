//! The rooms of the source, and which room may import which.
//!
//! A room is a module of the crate's root; inside `domain`, a module of that. `rooms.txt` lists the imports of each room.
//! A new import needs a line there, so that no import is added unseen; an import that is gone leaves the list.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::{Path, PathBuf},
};

const LIST: &str = include_str!("rooms.txt");

/// The imports of each room.
type Rooms = BTreeMap<String, BTreeSet<String>>;

#[test]
fn rooms_import_only_what_is_listed() {
    let listed: Rooms = LIST.lines().map(list_of).collect();
    let found = read();
    assert_eq!(found.keys().collect::<Vec<_>>(), listed.keys().collect::<Vec<_>>(), "rooms");
    for (room, imports) in &found {
        let missing: Vec<_> = imports.difference(&listed[room]).collect();
        assert!(
            missing.is_empty(),
            "{room} imports {missing:?}, which tests/it/rooms/rooms.txt does not list"
        );
        let unused: Vec<_> = listed[room].difference(imports).collect();
        assert!(
            unused.is_empty(),
            "{room} no longer imports {unused:?}: take it from tests/it/rooms/rooms.txt"
        );
    }
}

/// The ground rooms, which know neither nouns nor transports.
#[test]
fn the_ground_imports_ground_only() {
    const GROUND: [&str; 13] = [
        "audio", "bus", "clock", "database", "document", "error", "live", "media", "metrics", "security",
        "tasks", "text", "traces",
    ];
    for (room, imports) in read().iter().filter(|(room, _)| GROUND.contains(&room.as_str())) {
        let above: Vec<_> = imports.iter().filter(|import| !GROUND.contains(&import.as_str())).collect();
        assert!(above.is_empty(), "{room} imports {above:?}");
    }
}

/// Reads one line: the room, a colon, its imports.
fn list_of(line: &str) -> (String, BTreeSet<String>) {
    let mut words = line.split_whitespace();
    let room = words.next().unwrap_or_default().trim_end_matches(':');
    (room.to_owned(), words.map(str::to_owned).collect())
}

/// Reads the imports of all rooms from their files, tests aside.
fn read() -> Rooms {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut files = Vec::new();
    list_files(&root, &mut files);
    let mut rooms = Rooms::new();
    for file in files {
        let module = module_of(file.strip_prefix(&root).expect("below src"));
        if module.iter().any(|part| part == "tests") || module.is_empty() {
            continue;
        }
        let text = fs::read_to_string(&file).expect("is text");
        let code = text.split("#[cfg(test)]\nmod tests {").next().unwrap_or_default();
        let room = room_of(&module);
        let imports = rooms.entry(room.clone()).or_default();
        for path in paths(code) {
            let target = room_of(&resolve(&module, &path));
            if target != room && target != "domain" && !target.is_empty() {
                imports.insert(target);
            }
        }
    }
    let known: BTreeSet<String> = rooms.keys().cloned().collect();
    for imports in rooms.values_mut() {
        imports.retain(|import| known.contains(import));
    }
    rooms.retain(|room, _| room != "domain");
    rooms
}

fn list_files(folder: &Path, files: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).expect("reads") {
        let path = entry.expect("reads").path();
        if path.is_dir() {
            list_files(&path, files);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            files.push(path);
        }
    }
}

/// Returns the module that a file is; empty for the crate's root.
fn module_of(file: &Path) -> Vec<String> {
    let mut parts: Vec<String> =
        file.with_extension("").iter().map(|part| part.to_string_lossy().into_owned()).collect();
    parts.pop_if(|last| matches!(last.as_str(), "mod" | "lib" | "main"));
    parts
}

fn room_of(module: &[String]) -> String {
    match module {
        [domain, noun, ..] if domain == "domain" => format!("domain::{noun}"),
        [room, ..] => room.clone(),
        [] => String::new(),
    }
}

/// Returns the paths that begin with `crate` or `super` in some code, those of `use` groups one by one.
fn paths(code: &str) -> Vec<Vec<String>> {
    let lines: Vec<&str> = code.lines().filter(|line| !line.trim_start().starts_with("//")).collect();
    let code = lines.join("\n");
    let mut found = Vec::new();
    for start in ["crate::", "super::"] {
        for (at, _) in code.match_indices(start) {
            let before = code[..at].chars().next_back();
            if before.is_none_or(|before| !before.is_alphanumeric() && !matches!(before, '_' | ':')) {
                expand(&code[at..], &mut Vec::new(), &mut found);
            }
        }
    }
    found
}

/// Adds the paths of one tree of imports; returns what follows it.
fn expand<'a>(code: &'a str, before: &mut Vec<String>, found: &mut Vec<Vec<String>>) -> &'a str {
    let depth = before.len();
    let mut rest = code.trim_start();
    loop {
        let end = rest.find(|c: char| !c.is_alphanumeric() && c != '_').unwrap_or(rest.len());
        if end > 0 {
            before.push(rest[..end].to_owned());
            rest = &rest[end..];
        }
        let Some(next) = rest.strip_prefix("::") else { break };
        rest = next.trim_start();
        if let Some(mut inside) = rest.strip_prefix('{') {
            loop {
                inside = inside.trim_start();
                if let Some(after) = inside.strip_prefix('}') {
                    before.truncate(depth);
                    return after;
                }
                let after = expand(inside, before, found);
                let cut = after.find([',', '}']).unwrap_or(after.len());
                inside = after[cut..].strip_prefix(',').unwrap_or(&after[cut..]);
                if inside.is_empty() {
                    return inside;
                }
            }
        }
    }
    if before.len() > depth {
        found.push(before.clone());
    }
    before.truncate(depth);
    rest
}

/// Returns the module path that a path of imports names, from the crate's root.
fn resolve(module: &[String], path: &[String]) -> Vec<String> {
    let mut base: Vec<String> = module.to_vec();
    let mut rest = path.iter().peekable();
    if rest.next_if(|part| *part == "crate").is_some() {
        base.clear();
    }
    while rest.next_if(|part| *part == "super").is_some() {
        base.pop();
    }
    base.extend(rest.cloned());
    base
}

//! The rooms of the source, and which room may import which.
//!
//! A room is a module of the crate's root; inside `domain`, a module of that. `rooms.txt` lists the imports of each room.
//! A new import needs a line there, so that no import is added unseen; an import that is gone leaves the list.

mod circles;
mod imports;

use std::collections::{BTreeMap, BTreeSet};

use imports::{paths, read_modules, resolve};

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
    const GROUND: [&str; 16] = [
        "adapters", "app", "audio", "bus", "clock", "database", "document", "error", "live", "media",
        "metrics", "security", "tasks", "text", "timeline", "traces",
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
    let mut rooms = Rooms::new();
    for (module, code) in read_modules() {
        let room = room_of(&module);
        let imports = rooms.entry(room.clone()).or_default();
        for path in paths(&code) {
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

fn room_of(module: &[String]) -> String {
    match module {
        [domain, noun, ..] if domain == "domain" => format!("domain::{noun}"),
        [room, ..] => room.clone(),
        [] => String::new(),
    }
}

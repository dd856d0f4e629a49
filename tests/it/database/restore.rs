//! Backups appear complete or not at all, and a restore never mixes them with the former database.

use std::{fs, path::Path, process::Command};

use tempfile::TempDir;

use crate::support::Program;

/// Runs the program in this folder; returns whether it succeeded, and its output.
fn plaza(folder: &Path, arguments: &[&str]) -> (bool, String) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_plaza"));
    for (name, _) in std::env::vars().filter(|(name, _)| name.starts_with("PLAZA_")) {
        command.env_remove(name);
    }
    let output = command.current_dir(folder).args(arguments).output().expect("the program runs");
    let said = [output.stdout, output.stderr].concat();
    (output.status.success(), String::from_utf8_lossy(&said).into_owned())
}

fn names(folder: &Path) -> Vec<String> {
    let entries = fs::read_dir(folder).expect("a folder");
    let mut names: Vec<String> =
        entries.map(|entry| entry.expect("an entry").file_name().into_string().expect("text")).collect();
    names.sort();
    names
}

fn create(folder: &Path, name: &str) {
    let (done, said) = plaza(folder, &["user", "create", &format!("{name}@example.com"), name]);
    assert!(done, "{said}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_backup_takes_the_place_of_a_database_that_was_killed() {
    let folder = TempDir::new().expect("a folder");
    let path = folder.path();
    create(path, "ann");
    assert!(plaza(path, &["backup", "copy.db"]).0);
    create(path, "bob");
    // A killed server leaves a log beside the database.
    let url = format!("sqlite://{}", path.join("plaza.db").display());
    let mut program = Program::serve(path, &url);
    program.member("Carl").await;
    let (done, said) = plaza(path, &["restore", "copy.db"]);
    assert!(!done && said.contains("another server is using"), "{said}");
    program.kill();
    drop(program);
    assert!(names(path).contains(&"plaza.db-wal".to_owned()));

    let (done, said) = plaza(path, &["restore", "copy.db"]);
    assert!(done, "{said}");
    assert!(said.contains("plaza.db.before-restore"), "{said}");
    let left: Vec<String> = names(path).into_iter().filter(|name| name.starts_with("plaza.db-")).collect();
    assert_eq!(left, [] as [&str; 0], "nothing beside it");
    let (_, list) = plaza(path, &["user", "list"]);
    assert!(list.contains("ann@example.com") && !list.contains("bob@") && !list.contains("carl@"), "{list}");
    // The former database is complete, including its log.
    let (_, list) = plaza(path, &["user", "list", "--database-url", "sqlite://plaza.db.before-restore"]);
    assert!(list.contains("bob@example.com") && list.contains("carl@example.com"), "{list}");
    assert!(!names(path).iter().any(|name| name.starts_with(".plaza-")), "{:?}", names(path));
    // The backup can be used again.
    assert!(plaza(path, &["restore", "copy.db"]).0);
    assert!(names(path).contains(&"plaza.db.before-restore-2".to_owned()));
}

#[test]
fn an_invalid_backup_is_refused_and_changes_nothing() {
    let folder = TempDir::new().expect("a folder");
    let path = folder.path();
    create(path, "ann");
    assert!(plaza(path, &["backup", "copy.db"]).0);
    let whole = fs::read(path.join("copy.db")).expect("reads");
    fs::write(path.join("text.db"), "no database at all, but long enough to have been one".repeat(100))
        .expect("writes");
    fs::write(path.join("cut.db"), &whole[..whole.len() / 2]).expect("writes");
    fs::write(path.join("empty.db"), "").expect("writes");
    let mut spoilt = whole.clone();
    let middle = spoilt.len() / 2;
    spoilt[middle..middle + 8192].fill(0xa5);
    fs::write(path.join("spoilt.db"), spoilt).expect("writes");
    let before = fs::read(path.join("plaza.db")).expect("reads");
    for name in ["text.db", "cut.db", "empty.db", "spoilt.db", "missing.db", "plaza.db"] {
        let (done, said) = plaza(path, &["restore", name]);
        assert!(!done && !said.contains("panicked"), "{name}: {said}");
        assert_eq!(fs::read(path.join("plaza.db")).expect("reads"), before, "{name}");
        assert!(!names(path).iter().any(|name| name.contains("restore")), "{:?}", names(path));
    }
}

#[cfg(target_os = "linux")]
#[test]
fn a_failed_backup_leaves_no_file() {
    let folder = TempDir::new().expect("a folder");
    let path = folder.path();
    create(path, "ann");
    let before = names(path);
    // The copy does not fit.
    let script = "trap '' XFSZ; ulimit -f 64; exec \"$0\" \"$@\"";
    let program = env!("CARGO_BIN_EXE_plaza");
    let output =
        Command::new("sh").current_dir(path).args(["-c", script, program, "backup", "copy.db"]).output();
    assert!(!output.expect("runs").status.success());
    assert_eq!(names(path), before);
    let (done, said) = plaza(path, &["backup", "missing/copy.db"]);
    assert!(!done, "{said}");
    assert!(plaza(path, &["backup", "copy.db"]).0);
    let (done, said) = plaza(path, &["backup", "copy.db"]);
    assert!(!done && said.contains("exists"), "{said}");
}

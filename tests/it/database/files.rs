//! Permissions of the program's files, and secrets in errors and logs.
#![cfg(unix)]

use std::{
    fs,
    os::unix::fs::PermissionsExt,
    path::Path,
    process::{Command, Output},
};

use plaza::{
    config::{Settings, Synchronous},
    database::Database,
};
use sea_orm::{ConnectionTrait, DatabaseBackend, Statement};
use tempfile::TempDir;

use crate::support::Program;

fn mode(path: &Path) -> u32 {
    fs::metadata(path).unwrap_or_else(|_| panic!("{}", path.display())).permissions().mode() & 0o777
}

fn plaza(folder: &Path, arguments: &[&str], variables: &[(&str, &str)]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_plaza"));
    for (name, _) in std::env::vars().filter(|(name, _)| name.starts_with("PLAZA_")) {
        command.env_remove(name);
    }
    let command = command.current_dir(folder).envs(variables.iter().copied()).args(arguments);
    command.output().expect("the program runs")
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn only_the_owner_can_read_the_database_its_backups_and_uploads() {
    let folder = TempDir::new().expect("a folder");
    let path = folder.path();
    // As left by an earlier version or a copy.
    fs::write(path.join("plaza.db"), "").expect("writes");
    fs::set_permissions(path.join("plaza.db"), fs::Permissions::from_mode(0o644)).expect("sets");
    let url = format!("sqlite://{}", path.join("plaza.db").display());
    let program = Program::serve(path, &url);
    program.member("Owner").await;
    for file in ["plaza.db", "plaza.db-wal", "plaza.db-shm", "plaza.db.lock"] {
        assert_eq!(mode(&path.join(file)), 0o600, "{file}");
    }
    assert_eq!(mode(&path.join("uploads")), 0o700);
    assert!(plaza(path, &["backup", "copy.db"], &[]).status.success());
    assert_eq!(mode(&path.join("copy.db")), 0o600);
}

#[test]
fn no_error_and_no_log_line_says_the_password_of_a_database() {
    let folder = TempDir::new().expect("a folder");
    let secret = "hunter2secret";
    for url in [
        format!("postgres://plaza:{secret}@127.0.0.1:1/plaza"),
        format!("postgres://plaza:{secret}@127.0.0.1:notaport/plaza"),
        format!("postgres://plaza:{secret}@[::1/plaza"),
        format!("postgres://plaza:{secret}@127.0.0.1:1/plaza?sslmode=nonsense"),
        format!("mysql://plaza:{secret}@127.0.0.1/plaza"),
    ] {
        for command in ["serve", "migrate", "backup", "restore"] {
            let mut arguments = vec![command];
            if matches!(command, "backup" | "restore") {
                arguments.push("file.db");
            }
            let variables = [
                ("PLAZA_DATABASE_URL", url.as_str()),
                ("PLAZA_DATABASE_ACQUIRE_TIMEOUT", "1"),
                ("PLAZA_LOG", "trace"),
                ("RUST_BACKTRACE", "1"),
            ];
            let output = plaza(folder.path(), &arguments, &variables);
            assert!(!output.status.success(), "{url}");
            let said = [output.stdout, output.stderr].concat();
            let said = String::from_utf8_lossy(&said);
            assert!(!said.contains(secret), "{command} {url}: {said}");
            assert!(!said.contains("panicked"), "{said}");
        }
    }
    fs::write(
        folder.path().join("plaza.toml"),
        format!("database_url = \"postgres://plaza:{secret}@db\nlog = 1"),
    )
    .expect("writes");
    let output = plaza(folder.path(), &["migrate"], &[]);
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(!output.status.success() && said.contains("line 1") && !said.contains(secret), "{said}");
}

#[tokio::test]
async fn sqlite_waits_for_the_disk_as_the_setting_says() {
    let folder = TempDir::new().expect("a folder");
    let database_url = format!("sqlite://{}", folder.path().join("plaza.db").display());
    for (sqlite_synchronous, level) in [(Synchronous::Full, 2), (Synchronous::Normal, 1)] {
        let settings =
            Settings { database_url: database_url.clone(), sqlite_synchronous, ..Settings::default() };
        let db = Database::open(&settings.database()).await.expect("the file opens");
        let pragma = Statement::from_string(DatabaseBackend::Sqlite, "PRAGMA synchronous");
        let row = db.write().query_one_raw(pragma).await.expect("reads").expect("a row");
        assert_eq!(row.try_get_by_index::<i32>(0).expect("a number"), level);
        db.close().await;
    }
    assert_eq!(Settings::default().sqlite_synchronous, Synchronous::Full);
}

//! The program: output, refusals and files.

use std::process::{Command, Output};

use tempfile::TempDir;

fn plaza(folder: &TempDir, arguments: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_plaza"));
    for (name, _) in std::env::vars().filter(|(name, _)| name.starts_with("PLAZA_")) {
        command.env_remove(name);
    }
    command.current_dir(folder.path()).args(arguments).output().expect("the program runs")
}

fn folder() -> TempDir {
    TempDir::new().expect("a folder")
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

#[track_caller]
fn refused(output: &Output, words: &str) {
    assert!(!output.status.success(), "it fails");
    let error = text(&output.stderr);
    assert!(error.contains(words), "{error}");
    assert!(!error.contains("panicked"), "{error}");
}

#[test]
fn the_schema_is_the_committed_one() {
    let output = plaza(&folder(), &["schema"]);
    assert_eq!(text(&output.stdout), include_str!("../../schema.graphql"));
}

#[test]
fn an_account_is_made_promoted_banned_and_listed() {
    let folder = folder();
    let made = plaza(&folder, &["user", "create", "ann@example.com", "Ann"]);
    assert!(made.status.success(), "{}", text(&made.stderr));
    assert!(text(&made.stdout).contains("Its password is "));
    assert!(plaza(&folder, &["user", "promote", "ANN@example.com"]).status.success());
    assert!(plaza(&folder, &["user", "ban", "ann@example.com"]).status.success());
    let list = text(&plaza(&folder, &["user", "list"]).stdout);
    assert!(list.contains("ann@example.com  Ann  admin  banned"), "{list}");
    assert!(plaza(&folder, &["user", "demote", "ann@example.com"]).status.success());
    let list = text(&plaza(&folder, &["user", "list"]).stdout);
    assert!(list.contains("ann@example.com  Ann  banned"), "{list}");
    refused(&plaza(&folder, &["user", "promote", "bob@example.com"]), "there is no account bob@example.com");
}

#[test]
fn an_account_is_given_coins() {
    let folder = folder();
    assert!(plaza(&folder, &["user", "create", "ann@example.com", "Ann"]).status.success());
    for (coins, balance) in [("100", 100), ("2147483647", 2_147_483_747_i64)] {
        let granted = plaza(&folder, &["user", "grant", "ann@example.com", coins]);
        assert!(granted.status.success(), "{}", text(&granted.stderr));
        assert_eq!(text(&granted.stdout), format!("ann@example.com has {balance} coins now.\n"));
    }
    refused(
        &plaza(&folder, &["user", "grant", "bob@example.com", "5"]),
        "there is no account bob@example.com",
    );
    refused(&plaza(&folder, &["user", "grant", "ann@example.com", "0"]), "amount must be 1-2147483647 coins");
}

#[test]
fn a_missing_database_is_not_created_by_commands_that_need_one() {
    let folder = folder();
    for command in [&["ledger", "check"][..], &["user", "list"], &["user", "ban", "ann@example.com"]] {
        refused(&plaza(&folder, command), "there is no database plaza.db");
        assert!(!folder.path().join("plaza.db").exists(), "{command:?}");
    }
}

#[test]
fn the_doctor_finds_what_is_wrong() {
    let folder = folder();
    let before = plaza(&folder, &["doctor"]);
    assert!(before.status.success(), "{}", text(&before.stdout));
    assert!(text(&before.stdout).contains("does not exist yet"), "{}", text(&before.stdout));
    assert!(!folder.path().join("plaza.db").exists(), "it changes nothing");
    assert!(plaza(&folder, &["migrate"]).status.success());
    let healthy = plaza(&folder, &["doctor"]);
    let said = text(&healthy.stdout);
    assert!(healthy.status.success(), "{said}");
    for line in [
        "SQLite 3.",
        "the tables are up to date",
        "it can be written",
        "the ledger is consistent",
        "files can be stored",
    ] {
        assert!(said.contains(line), "{line} in {said}");
    }
    assert!(said.ends_with("0 problems, 0 warnings\n"), "{said}");
    // A provider that does not answer, and a clock that is wrong on purpose.
    let closed =
        std::net::TcpListener::bind("127.0.0.1:0").expect("a port").local_addr().expect("an address");
    let settings = format!(
        "model_base_url = \"http://{closed}/v1\"\nmodel_api_key = \"sk-1234\"\ntime_shift = \"1h\"\n"
    );
    std::fs::write(folder.path().join("plaza.toml"), settings).expect("writes");
    let ill = plaza(&folder, &["doctor"]);
    refused(&ill, "1 checks failed");
    let said = text(&ill.stdout);
    assert!(said.contains("PROBLEM  model_base_url") && said.contains("it cannot be reached"), "{said}");
    assert!(said.contains("warning  time_shift"), "{said}");
    assert!(!said.contains("sk-1234") && !text(&ill.stderr).contains("sk-1234"), "no key is printed");
}

#[test]
fn a_ledger_is_checked() {
    let folder = folder();
    assert!(plaza(&folder, &["seed"]).status.success());
    let checked = plaza(&folder, &["ledger", "check"]);
    let said = text(&checked.stdout);
    assert!(checked.status.success() && said.starts_with("The ledger is consistent: "), "{said}");
    let change = "UPDATE ledger_accounts SET balance = balance + 1 WHERE kind = 'earnings'";
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    runtime.block_on(async {
        let url = format!("sqlite://{}", folder.path().join("plaza.db").display());
        let db = plaza::database::Database::connect(&url).await.expect("opens");
        sea_orm::ConnectionTrait::execute_unprepared(db.write(), change).await.expect(change);
        db.close().await;
    });
    let words = "the ledger is broken: the account earnings of the platform differs from the sum";
    refused(&plaza(&folder, &["ledger", "check"]), words);
}

#[test]
fn a_backup_holds_what_was_written() {
    let folder = folder();
    assert!(plaza(&folder, &["seed"]).status.success());
    let copied = plaza(&folder, &["backup", "copy.db"]);
    assert!(copied.status.success(), "{}", text(&copied.stderr));
    let list = text(&plaza(&folder, &["--database-url", "sqlite://copy.db", "user", "list"]).stdout);
    assert!(list.contains("alice@demo.plaza"), "{list}");
    refused(&plaza(&folder, &["backup", "copy.db"]), "exists");
}

#[test]
fn settings_that_make_no_sense_are_refused_by_name() {
    let folder = folder();
    std::fs::write(folder.path().join("plaza.toml"), "colour = 'red'").expect("writes");
    refused(&plaza(&folder, &["serve"]), "plaza.toml: unknown setting colour");
    std::fs::write(folder.path().join("plaza.toml"), "request_timeout = 'long'").expect("writes");
    refused(&plaza(&folder, &["serve"]), "request_timeout");
    std::fs::remove_file(folder.path().join("plaza.toml")).expect("removes");
    refused(&plaza(&folder, &["serve", "--time-shift", "soon"]), "time_shift must be a number");
    std::fs::write(folder.path().join("plaza.toml"), "model_routes = ['claude- sk-123']").expect("writes");
    refused(&plaza(&folder, &["serve"]), "model_routes: \"claude- sk-123\": the address is not a URL");
    for (line, words) in [
        ("model_idle_timeout = 0", "transcription_timeout and voice_timeout must be at least 1"),
        ("speech_format = 'flac'", "speech_format must be wav or mp3"),
        ("speech_base_url = 'localhost:5'", "speech_base_url: the address must begin with http"),
        ("transcription_timeout = 0", "transcription_timeout and voice_timeout must be at least 1"),
        ("transcription_base_url = 'whisper'", "transcription_base_url: the address is not a URL"),
        ("voice_base_url = 'ftp://x'", "voice_base_url: the address must begin with http"),
        ("fetch_allow = ['localhost']", "fetch_allow: \"localhost\": it must be an address such as 10.1.2.3"),
        ("storage_url = 'ftp://x/y'", "storage_url must be a folder, or s3://BUCKET/PREFIX"),
    ] {
        std::fs::write(folder.path().join("plaza.toml"), line).expect("writes");
        refused(&plaza(&folder, &["serve"]), words);
    }
    std::fs::remove_file(folder.path().join("plaza.toml")).expect("removes");
    refused(&plaza(&folder, &["serve", "--demo", "--listen", "0.0.0.0:0"]), "--demo has public passwords");
    refused(
        &plaza(&folder, &["migrate", "--database-url", "mysql://x"]),
        "must begin with sqlite: or postgres://",
    );
    refused(&plaza(&folder, &["migrate", "--database-url", "sqlite://no/such/folder/x.db"]), "cannot open");
}

#[test]
fn a_port_in_use_is_said_in_one_sentence() {
    let taken = std::net::TcpListener::bind("127.0.0.1:0").expect("a port");
    let address = taken.local_addr().expect("an address").to_string();
    refused(&plaza(&folder(), &["serve", "--listen", &address]), &format!("{address} is in use"));
}

#[test]
fn a_broken_rest_document_is_refused_with_its_place() {
    let folder = folder();
    let broken = "query Broken @rest(method: GET, path: \"/api/broken\") {\n  nonsense\n}\n";
    std::fs::write(folder.path().join("broken.graphql"), broken).expect("writes");
    refused(&plaza(&folder, &["openapi", "--rest-dir", "."]), "broken.graphql:2:3");
}

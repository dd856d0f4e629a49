//! Runs a script on a SQLite file beside another file, whose tables are in schema `stage`.
//!
//! `fill FILE STAGE SCRIPT`. This SQLite is as new as Plaza's; that of a scripting language is often too old for its tables.

use std::{env, fs, process::ExitCode};

use rusqlite::Connection;

fn run(file: &str, stage: &str, script: &str) -> Result<(), Box<dyn std::error::Error>> {
    let connection = Connection::open(file)?;
    connection.execute("ATTACH ?1 AS stage", [stage])?;
    connection.execute_batch(&fs::read_to_string(script)?)?;
    Ok(())
}

fn main() -> ExitCode {
    let words: Vec<String> = env::args().skip(1).collect();
    let [file, stage, script] = words.as_slice() else {
        eprintln!("usage: fill FILE STAGE SCRIPT");
        return ExitCode::from(2);
    };
    match run(file, stage, script) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{script}: {error}");
            ExitCode::FAILURE
        }
    }
}

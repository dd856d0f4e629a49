//! The ledger of coins.

use anyhow::{Result, bail};
use clap::Subcommand;

use super::say;
use crate::{app::App, domain::wallet};

/// The ledger of coins.
#[derive(Subcommand)]
pub(super) enum Ledger {
    /// Verifies the ledger; fails with the first fault of each kind
    Check,
}

/// Runs the command.
pub(super) async fn run(app: &App, ledger: Ledger) -> Result<()> {
    match ledger {
        Ledger::Check => {
            let audit = wallet::check(app).await?;
            if !audit.faults.is_empty() {
                bail!("the ledger is broken: {}", audit.faults.join("; "));
            }
            say(&format!(
                "The ledger is consistent: {} journals, {} accounts.",
                audit.journals, audit.accounts
            ));
        }
    }
    Ok(())
}

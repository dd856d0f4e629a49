//! The history of Plaza's tables, for SQLite and PostgreSQL. A migration that has landed never changes.

pub use sea_orm_migration::MigratorTrait;
use sea_orm_migration::prelude::*;

mod folded;
mod m20261124_000001_accounts;
mod m20261124_000002_spaces;
mod m20261125_000001_idempotency;
mod m20261125_000003_communities;
mod m20261125_000004_wallet;
mod m20261125_000005_conversations;
mod m20261125_000006_agents;
mod m20261126_000007_support;
mod m20261126_000008_oversight;
mod m20261126_000009_lounges;
mod m20261126_000010_reply_logs;
mod m20261126_000011_ledger_owners;
mod m20261128_000012_readiness;
mod m20261128_000021_search_fold;
mod m20261128_000022_message_index;
mod m20261129_000020_addresses;
mod m20261129_000021_reactions;
mod m20261129_000022_aliases;
mod m20261129_000030_time_zones;
mod m20261129_000040_customer_turns;
mod m20261129_000041_languages;
mod m20261129_000042_claims;
mod m20261129_000050_space_tallies;
mod m20261129_000051_trigrams;
mod m20261129_000052_listed;
mod m20261129_000053_servers;
mod m20261129_000054_listing_trigrams;
mod m20261129_000060_user_names;
mod m20261129_000061_folds;
mod m20261129_000062_result_accounts;
mod m20261129_000063_login_session_pages;
mod m20261129_000064_single_spaces;
mod tables;

/// All migrations, oldest first.
pub struct Migrator;

#[async_trait::async_trait]
impl MigratorTrait for Migrator {
    fn migrations() -> Vec<Box<dyn MigrationTrait>> {
        vec![
            Box::new(m20261124_000001_accounts::Migration),
            Box::new(m20261124_000002_spaces::Migration),
            Box::new(m20261125_000001_idempotency::Migration),
            Box::new(m20261125_000003_communities::Migration),
            Box::new(m20261125_000004_wallet::Migration),
            Box::new(m20261125_000005_conversations::Migration),
            Box::new(m20261125_000006_agents::Migration),
            Box::new(m20261126_000007_support::Migration),
            Box::new(m20261126_000008_oversight::Migration),
            Box::new(m20261126_000009_lounges::Migration),
            Box::new(m20261126_000010_reply_logs::Migration),
            Box::new(m20261126_000011_ledger_owners::Migration),
            Box::new(m20261128_000012_readiness::Migration),
            Box::new(m20261128_000021_search_fold::Migration),
            Box::new(m20261128_000022_message_index::Migration),
            Box::new(m20261129_000020_addresses::Migration),
            Box::new(m20261129_000021_reactions::Migration),
            Box::new(m20261129_000022_aliases::Migration),
            Box::new(m20261129_000030_time_zones::Migration),
            Box::new(m20261129_000040_customer_turns::Migration),
            Box::new(m20261129_000041_languages::Migration),
            Box::new(m20261129_000042_claims::Migration),
            Box::new(m20261129_000050_space_tallies::Migration),
            Box::new(m20261129_000051_trigrams::Migration),
            Box::new(m20261129_000052_listed::Migration),
            Box::new(m20261129_000053_servers::Migration),
            Box::new(m20261129_000054_listing_trigrams::Migration),
            Box::new(m20261129_000060_user_names::Migration),
            Box::new(m20261129_000061_folds::Migration),
            Box::new(m20261129_000062_result_accounts::Migration),
            Box::new(m20261129_000063_login_session_pages::Migration),
            Box::new(m20261129_000064_single_spaces::Migration),
        ]
    }
}

//! The ledger: accounts, journals with lines, and holds.

use sea_orm_migration::{
    prelude::*,
    schema::*,
    sea_orm::{ConnectionTrait, DbBackend},
};

use crate::tables::{index, reference};

/// The ledger: accounts, journals with lines, and holds.
#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .create_table(
                Table::create()
                    .table("ledger_accounts")
                    .col(uuid("id").primary_key())
                    .col(string_len("kind", 16))
                    .col(text_null("owner_id"))
                    .col(big_integer("balance"))
                    .col(big_integer("lines"))
                    .foreign_key(&mut reference("ledger_accounts", "owner_id", "users"))
                    // Only the issuing account may be negative. The range prevents an overflow of sums, at
                    // which SQLite would continue with a float.
                    .check(Expr::cust(
                        "(balance >= 0 OR kind = 'issued') AND balance BETWEEN -4611686018427387904 AND 4611686018427387904",
                    ))
                    .to_owned(),
            )
            .await?;
        manager
            .create_index(index("ledger_accounts", "owner", &["owner_id", "kind"]).unique().to_owned())
            .await?;

        manager
            .create_table(
                Table::create()
                    .table("journals")
                    .col(uuid("id").primary_key())
                    .col(string_len("kind", 32))
                    .col(string_len("cause_kind", 32))
                    .col(text("cause_id"))
                    .col(text_null("once"))
                    .col(text("note"))
                    .col(timestamp_with_time_zone("created_at"))
                    .to_owned(),
            )
            .await?;
        // For effects that happen once, such as the payment of a period.
        manager.create_index(index("journals", "once", &["once"]).unique().to_owned()).await?;
        manager.create_index(index("journals", "cause", &["cause_id"])).await?;

        manager
            .create_table(
                Table::create()
                    .table("journal_lines")
                    .col(uuid("account_id"))
                    .col(big_integer("number"))
                    .col(uuid("journal_id"))
                    .col(big_integer("amount"))
                    .col(big_integer("balance"))
                    .primary_key(Index::create().col("account_id").col("number"))
                    .foreign_key(&mut reference("journal_lines", "account_id", "ledger_accounts"))
                    .foreign_key(&mut reference("journal_lines", "journal_id", "journals"))
                    .check(Expr::cust("amount <> 0"))
                    .to_owned(),
            )
            .await?;
        // An account has at most one line of a journal.
        manager
            .create_index(
                index("journal_lines", "journal", &["journal_id", "account_id"]).unique().to_owned(),
            )
            .await?;

        manager
            .create_table(
                Table::create()
                    .table("holds")
                    .col(uuid("id").primary_key())
                    .col(text("payer_id"))
                    .col(text("payee_id"))
                    .col(string_len("kind", 32))
                    .col(big_integer("amount"))
                    .col(string_len("cause_kind", 32))
                    .col(text("cause_id"))
                    .col(text("what"))
                    .col(string_len("status", 16))
                    .col(timestamp_with_time_zone("created_at"))
                    .col(timestamp_with_time_zone_null("settled_at"))
                    .foreign_key(&mut reference("holds", "payer_id", "users"))
                    .foreign_key(&mut reference("holds", "payee_id", "users"))
                    .check(Expr::cust("amount > 0"))
                    .to_owned(),
            )
            .await?;
        manager.create_index(index("holds", "payer", &["payer_id", "status"])).await?;

        let db = manager.get_connection();
        let postgres = manager.get_database_backend() == DbBackend::Postgres;
        for statement in if postgres { POSTGRES } else { SQLITE } {
            db.execute_unprepared(statement).await?;
        }
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for table in ["holds", "journal_lines", "journals", "ledger_accounts"] {
            manager.drop_table(Table::drop().table(table).to_owned()).await?;
        }
        if manager.get_database_backend() == DbBackend::Postgres {
            manager.get_connection().execute_unprepared("DROP FUNCTION ledger_is_only_added_to()").await?;
        }
        Ok(())
    }
}

/// The platform's two accounts, with the greatest ids so that they are locked last, and the triggers that
/// forbid changes.
const POSTGRES: &[&str] = &[
    "INSERT INTO ledger_accounts (id, kind, owner_id, balance, lines) VALUES \
     ('ffffffff-ffff-8fff-bfff-fffffffffffe', 'earnings', NULL, 0, 0), \
     ('ffffffff-ffff-8fff-bfff-ffffffffffff', 'issued', NULL, 0, 0)",
    "CREATE FUNCTION ledger_is_only_added_to() RETURNS trigger LANGUAGE plpgsql AS \
     $$ BEGIN RAISE EXCEPTION 'the ledger is only added to'; END $$",
    "CREATE TRIGGER journals_keep BEFORE UPDATE OR DELETE ON journals \
     FOR EACH ROW EXECUTE FUNCTION ledger_is_only_added_to()",
    "CREATE TRIGGER journals_keep_all BEFORE TRUNCATE ON journals \
     FOR EACH STATEMENT EXECUTE FUNCTION ledger_is_only_added_to()",
    "CREATE TRIGGER journal_lines_keep BEFORE UPDATE OR DELETE ON journal_lines \
     FOR EACH ROW EXECUTE FUNCTION ledger_is_only_added_to()",
    "CREATE TRIGGER journal_lines_keep_all BEFORE TRUNCATE ON journal_lines \
     FOR EACH STATEMENT EXECUTE FUNCTION ledger_is_only_added_to()",
];

/// The same triggers as [`POSTGRES`], for SQLite.
const SQLITE: &[&str] = &[
    "INSERT INTO ledger_accounts (id, kind, owner_id, balance, lines) VALUES \
     (X'ffffffffffff8fffbffffffffffffffe', 'earnings', NULL, 0, 0), \
     (X'ffffffffffff8fffbfffffffffffffff', 'issued', NULL, 0, 0)",
    "CREATE TRIGGER journals_keep_update BEFORE UPDATE ON journals \
     BEGIN SELECT RAISE(ABORT, 'the ledger is only added to'); END",
    "CREATE TRIGGER journals_keep_delete BEFORE DELETE ON journals \
     BEGIN SELECT RAISE(ABORT, 'the ledger is only added to'); END",
    "CREATE TRIGGER journal_lines_keep_update BEFORE UPDATE ON journal_lines \
     BEGIN SELECT RAISE(ABORT, 'the ledger is only added to'); END",
    "CREATE TRIGGER journal_lines_keep_delete BEFORE DELETE ON journal_lines \
     BEGIN SELECT RAISE(ABORT, 'the ledger is only added to'); END",
];

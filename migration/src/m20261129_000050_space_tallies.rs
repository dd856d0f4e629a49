//! Numbers of public spaces by category, so that a page of spaces counts no rows.
//!
//! Triggers maintain them, because spaces are also deleted with an account.

use sea_orm_migration::{prelude::*, schema::*, sea_orm::DatabaseBackend};

/// Numbers of public spaces by category.
#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

const FILL: &str = "INSERT INTO space_tallies (category, count) \
     SELECT '*', COUNT(*) FROM spaces WHERE is_public UNION ALL \
     SELECT category, COUNT(*) FROM spaces WHERE is_public GROUP BY category";

/// A statement that changes many spaces changes each tally once. `*` precedes every category, and all statements
/// lock the tallies in one order.
const POSTGRES: &str = "
    CREATE FUNCTION shift_space_tallies() RETURNS trigger LANGUAGE plpgsql AS $$
    DECLARE changes jsonb;
    BEGIN
        IF TG_OP = 'INSERT' THEN
            changes := (SELECT jsonb_object_agg(category, n) FROM
                (SELECT category, COUNT(*) AS n FROM added WHERE is_public GROUP BY category) AS a);
        ELSIF TG_OP = 'DELETE' THEN
            changes := (SELECT jsonb_object_agg(category, n) FROM
                (SELECT category, -COUNT(*) AS n FROM removed WHERE is_public GROUP BY category) AS r);
        ELSE
            changes := (SELECT jsonb_object_agg(category, n) FROM
                (SELECT category, SUM(n) AS n FROM
                    (SELECT category, 1 AS n FROM added WHERE is_public UNION ALL
                     SELECT category, -1 FROM removed WHERE is_public) AS both_sides
                 GROUP BY category HAVING SUM(n) <> 0) AS c);
        END IF;
        INSERT INTO space_tallies AS kept (category, count)
            SELECT category, n FROM (
                SELECT '*' AS category, SUM(value::bigint)::bigint AS n FROM jsonb_each_text(changes) HAVING COUNT(*) > 0
                UNION ALL SELECT key, value::bigint FROM jsonb_each_text(changes)) AS changed
            ORDER BY category COLLATE \"C\"
            ON CONFLICT (category) DO UPDATE SET count = kept.count + excluded.count;
        RETURN NULL;
    END $$;
    CREATE TRIGGER space_tallies_insert AFTER INSERT ON spaces REFERENCING NEW TABLE AS added
        FOR EACH STATEMENT EXECUTE FUNCTION shift_space_tallies();
    CREATE TRIGGER space_tallies_update AFTER UPDATE ON spaces REFERENCING OLD TABLE AS removed NEW TABLE AS added
        FOR EACH STATEMENT EXECUTE FUNCTION shift_space_tallies();
    CREATE TRIGGER space_tallies_delete AFTER DELETE ON spaces REFERENCING OLD TABLE AS removed
        FOR EACH STATEMENT EXECUTE FUNCTION shift_space_tallies();";

/// SQLite's triggers run for each row.
fn sqlite() -> String {
    let shift = |row: &str, by: &str| {
        format!(
            "INSERT INTO space_tallies (category, count) SELECT '*', {by} WHERE {row}.is_public \
             UNION ALL SELECT {row}.category, {by} WHERE {row}.is_public \
             ON CONFLICT (category) DO UPDATE SET count = count + excluded.count;"
        )
    };
    let (add, remove) = (shift("new", "1"), shift("old", "-1"));
    format!(
        "CREATE TRIGGER space_tallies_insert AFTER INSERT ON spaces BEGIN {add} END; \
         CREATE TRIGGER space_tallies_update AFTER UPDATE OF is_public, category ON spaces BEGIN {remove} {add} END; \
         CREATE TRIGGER space_tallies_delete AFTER DELETE ON spaces BEGIN {remove} END;"
    )
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .create_table(
                Table::create()
                    .table("space_tallies")
                    .col(text("category").primary_key())
                    .col(big_integer("count"))
                    .to_owned(),
            )
            .await?;
        let db = manager.get_connection();
        if manager.get_database_backend() == DatabaseBackend::Postgres {
            // No space may be written between counting and the triggers.
            db.execute_unprepared("LOCK TABLE spaces IN SHARE ROW EXCLUSIVE MODE").await?;
            db.execute_unprepared(FILL).await?;
            db.execute_unprepared(POSTGRES).await?;
        } else {
            db.execute_unprepared(FILL).await?;
            db.execute_unprepared(&sqlite()).await?;
        }
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let db = manager.get_connection();
        let on = if manager.get_database_backend() == DatabaseBackend::Postgres { " ON spaces" } else { "" };
        for change in ["insert", "update", "delete"] {
            db.execute_unprepared(&format!("DROP TRIGGER space_tallies_{change}{on}")).await?;
        }
        if !on.is_empty() {
            db.execute_unprepared("DROP FUNCTION shift_space_tallies()").await?;
        }
        manager.drop_table(Table::drop().table("space_tallies").to_owned()).await
    }
}

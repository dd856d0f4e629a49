//! Verification requests, audit log, reports and blocks.

use sea_orm_migration::{
    prelude::*,
    schema::*,
    sea_orm::{ConnectionTrait, DbBackend},
};

use crate::tables::{index, reference};

/// Verification requests, audit log, reports and blocks.
#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

/// At most one pending request of a community, and one open report of a reporter on a target. The builder has
/// no such index for both databases.
const ONE_OPEN: &[&str] = &[
    "CREATE UNIQUE INDEX ix_verification_requests_pending ON verification_requests (community_id) \
     WHERE status = 'pending'",
    "CREATE UNIQUE INDEX ix_reports_open ON reports (reporter_id, target) WHERE status = 'open'",
];

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .create_table(
                Table::create()
                    .table("verification_requests")
                    .col(uuid("id").primary_key())
                    .col(uuid("community_id"))
                    .col(text("requester_id"))
                    .col(text_null("business_name"))
                    .col(text_null("business_registration"))
                    .col(text_null("documents_url"))
                    .col(string_len("status", 16))
                    .col(integer("status_rank"))
                    .col(text_null("reviewer_id"))
                    .col(text_null("reviewer_notes"))
                    .col(timestamp_with_time_zone("created_at"))
                    .col(timestamp_with_time_zone_null("reviewed_at"))
                    .foreign_key(&mut reference("verification_requests", "community_id", "communities"))
                    .foreign_key(&mut reference("verification_requests", "requester_id", "users"))
                    .foreign_key(&mut reference("verification_requests", "reviewer_id", "users"))
                    .to_owned(),
            )
            .await?;
        // For listing pending requests first, then the newest; requests of one status; the last request of a
        // community.
        for (name, columns) in [
            ("listed", &["status_rank", "created_at", "id"][..]),
            ("status", &["status", "status_rank", "created_at", "id"]),
            ("community", &["community_id", "created_at", "id"]),
        ] {
            manager.create_index(index("verification_requests", name, columns)).await?;
        }

        manager
            .create_table(
                Table::create()
                    .table("audit_events")
                    .col(uuid("id").primary_key())
                    .col(string_len("action", 32))
                    .col(text_null("actor_id"))
                    .col(uuid_null("community_id"))
                    .col(text_null("user_id"))
                    .col(text_null("subject_id"))
                    .col(json_binary("details"))
                    .col(timestamp_with_time_zone("created_at"))
                    .foreign_key(&mut reference("audit_events", "actor_id", "users"))
                    .foreign_key(&mut reference("audit_events", "community_id", "communities"))
                    .foreign_key(&mut reference("audit_events", "user_id", "users"))
                    .to_owned(),
            )
            .await?;
        for (name, columns) in [
            ("listed", &["created_at", "id"][..]),
            ("community", &["community_id", "created_at", "id"]),
            ("actor", &["actor_id", "created_at", "id"]),
            ("user", &["user_id", "created_at", "id"]),
        ] {
            manager.create_index(index("audit_events", name, columns)).await?;
        }

        manager
            .create_table(
                Table::create()
                    .table("reports")
                    .col(uuid("id").primary_key())
                    .col(text("reporter_id"))
                    .col(text("reporter_name"))
                    .col(text("target"))
                    .col(uuid_null("community_id"))
                    .col(uuid_null("space_id"))
                    .col(uuid_null("conversation_id"))
                    .col(uuid_null("message_id"))
                    .col(text_null("content"))
                    .col(text_null("user_id"))
                    .col(text_null("user_name"))
                    .col(integer("user_rank"))
                    .col(string_len("reason", 16))
                    .col(text_null("note"))
                    .col(string_len("status", 16))
                    .col(string_len_null("outcome", 16))
                    .col(text_null("closed_by_id"))
                    .col(text_null("closing_note"))
                    .col(timestamp_with_time_zone("created_at"))
                    .col(timestamp_with_time_zone_null("closed_at"))
                    // A report outlives its space and loses the reference to it.
                    .foreign_key(&mut reference("reports", "reporter_id", "users"))
                    .foreign_key(&mut reference("reports", "community_id", "communities"))
                    .foreign_key(&mut reference("reports", "user_id", "users"))
                    .foreign_key(&mut reference("reports", "closed_by_id", "users"))
                    .to_owned(),
            )
            .await?;
        for (name, columns) in [
            ("listed", &["created_at", "id"][..]),
            ("status", &["status", "created_at", "id"]),
            ("community", &["community_id", "created_at", "id"]),
            ("space", &["space_id", "created_at", "id"]),
            ("reporter", &["reporter_id", "created_at", "id"]),
            ("user", &["user_id"]),
        ] {
            manager.create_index(index("reports", name, columns)).await?;
        }

        manager
            .create_table(
                Table::create()
                    .table("blocks")
                    .col(uuid("id").primary_key())
                    .col(text("blocker_id"))
                    .col(text("blocked_id"))
                    .col(text_null("label"))
                    .col(timestamp_with_time_zone("created_at"))
                    .foreign_key(&mut reference("blocks", "blocker_id", "users"))
                    .foreign_key(&mut reference("blocks", "blocked_id", "users"))
                    .to_owned(),
            )
            .await?;
        let once = index("blocks", "pair", &["blocker_id", "blocked_id"]);
        manager.create_index(once.clone().unique().to_owned()).await?;
        manager.create_index(index("blocks", "listed", &["blocker_id", "created_at", "id"])).await?;
        manager.create_index(index("blocks", "blocked", &["blocked_id"])).await?;

        let db = manager.get_connection();
        let postgres = manager.get_database_backend() == DbBackend::Postgres;
        for statement in ONE_OPEN.iter().chain(if postgres { POSTGRES } else { SQLITE }) {
            db.execute_unprepared(statement).await?;
        }
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for table in ["blocks", "reports", "audit_events", "verification_requests"] {
            manager.drop_table(Table::drop().table(table).to_owned()).await?;
        }
        if manager.get_database_backend() == DbBackend::Postgres {
            manager.get_connection().execute_unprepared("DROP FUNCTION audit_is_only_added_to()").await?;
        }
        Ok(())
    }
}

/// The triggers that forbid changes of the audit log.
const POSTGRES: &[&str] = &[
    "CREATE FUNCTION audit_is_only_added_to() RETURNS trigger LANGUAGE plpgsql AS \
     $$ BEGIN RAISE EXCEPTION 'the audit log is only added to'; END $$",
    "CREATE TRIGGER audit_events_keep BEFORE UPDATE OR DELETE ON audit_events \
     FOR EACH ROW EXECUTE FUNCTION audit_is_only_added_to()",
    "CREATE TRIGGER audit_events_keep_all BEFORE TRUNCATE ON audit_events \
     FOR EACH STATEMENT EXECUTE FUNCTION audit_is_only_added_to()",
];

/// The same triggers as [`POSTGRES`], for SQLite.
const SQLITE: &[&str] = &[
    "CREATE TRIGGER audit_events_keep_update BEFORE UPDATE ON audit_events \
     BEGIN SELECT RAISE(ABORT, 'the audit log is only added to'); END",
    "CREATE TRIGGER audit_events_keep_delete BEFORE DELETE ON audit_events \
     BEGIN SELECT RAISE(ABORT, 'the audit log is only added to'); END",
    // Replacing a row fires no DELETE trigger.
    "CREATE TRIGGER audit_events_keep_replace BEFORE INSERT ON audit_events \
     WHEN EXISTS (SELECT 1 FROM audit_events WHERE id = NEW.id) \
     BEGIN SELECT RAISE(ABORT, 'the audit log is only added to'); END",
];

//! Lounges, voices, subscriptions and voice usage.

use sea_orm_migration::{prelude::*, schema::*};

use crate::tables::{index, reference};

/// Lounges, voices, subscriptions and voice usage.
#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

/// Adds the settings of existing lounges.
const KNOWN_ALREADY: &str = "INSERT INTO lounges (community_id, free_minutes_per_day, subscription_price, \
     voice_status, voice_attempts, updated_at) \
     SELECT id, 5, 0, 'none', 0, updated_at FROM communities WHERE kind = 'lounge'";
/// For due voice jobs: few rows in a table of any size. The builder has no such index for both databases.
const VOICES_DUE: &str =
    "CREATE INDEX ix_lounges_voice_due ON lounges (voice_due_at) WHERE voice_due_at IS NOT NULL";

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .create_table(
                Table::create()
                    .table("lounges")
                    .col(uuid("community_id").primary_key())
                    .col(big_integer("free_minutes_per_day"))
                    .col(big_integer("subscription_price"))
                    .col(text_null("voice_samples_url"))
                    .col(string_len("voice_status", 16))
                    .col(text_null("voice_model_id"))
                    .col(text_null("voice_reason"))
                    .col(text_null("voice_provider"))
                    .col(timestamp_with_time_zone_null("consent_at"))
                    .col(text_null("consent_by"))
                    .col(text_null("consent_text"))
                    .col(text_null("consent_version"))
                    .col(timestamp_with_time_zone_null("withdrawn_at"))
                    .col(integer("voice_attempts"))
                    .col(timestamp_with_time_zone_null("voice_due_at"))
                    .col(text_null("voice_discarded_id"))
                    .col(timestamp_with_time_zone("updated_at"))
                    .foreign_key(&mut reference("lounges", "community_id", "communities"))
                    .to_owned(),
            )
            .await?;
        let db = manager.get_connection();
        db.execute_unprepared(VOICES_DUE).await?;
        db.execute_unprepared(KNOWN_ALREADY).await?;

        manager
            .create_table(
                Table::create()
                    .table("lounge_subscriptions")
                    .col(uuid("id").primary_key())
                    .col(uuid("community_id"))
                    .col(text("user_id"))
                    .col(timestamp_with_time_zone("paid_until"))
                    .col(boolean("is_cancelled"))
                    .col(big_integer_null("agreed_price"))
                    .col(timestamp_with_time_zone_null("renew_at"))
                    .col(timestamp_with_time_zone("created_at"))
                    .foreign_key(&mut reference("lounge_subscriptions", "community_id", "communities"))
                    .foreign_key(&mut reference("lounge_subscriptions", "user_id", "users"))
                    .to_owned(),
            )
            .await?;
        // At most one subscription for each user and lounge, also with concurrent requests.
        let once = index("lounge_subscriptions", "community_user", &["community_id", "user_id"]);
        manager.create_index(once.clone().unique().to_owned()).await?;
        for (name, columns) in
            [("paid", &["community_id", "paid_until"][..]), ("user", &["user_id"]), ("renew", &["renew_at"])]
        {
            manager.create_index(index("lounge_subscriptions", name, columns)).await?;
        }

        manager
            .create_table(
                Table::create()
                    .table("lounge_periods")
                    .col(uuid("id").primary_key())
                    .col(uuid("subscription_id"))
                    .col(uuid("community_id"))
                    .col(timestamp_with_time_zone("begins_at"))
                    .col(timestamp_with_time_zone("ends_at"))
                    .col(big_integer("price"))
                    .foreign_key(&mut reference("lounge_periods", "subscription_id", "lounge_subscriptions"))
                    .to_owned(),
            )
            .await?;
        manager.create_index(index("lounge_periods", "subscription", &["subscription_id"])).await?;
        for column in ["begins_at", "ends_at"] {
            manager.create_index(index("lounge_periods", column, &["community_id", column])).await?;
        }

        manager
            .create_table(
                Table::create()
                    .table("voice_usage")
                    .col(uuid("id").primary_key())
                    .col(uuid("community_id"))
                    .col(text("user_id"))
                    .col(date("day"))
                    .col(timestamp_with_time_zone("started_at"))
                    .col(string_len("state", 16))
                    .col(boolean("is_free"))
                    .col(big_integer("reserved_ms"))
                    .col(big_integer_null("measured_ms"))
                    .col(uuid("reply_id"))
                    .col(timestamp_with_time_zone("lease_until"))
                    .foreign_key(&mut reference("voice_usage", "community_id", "communities"))
                    .foreign_key(&mut reference("voice_usage", "user_id", "users"))
                    .to_owned(),
            )
            .await?;
        // For the usage of a user on a day, of all users on a day, and of a reply.
        for (name, columns) in [
            ("own", &["community_id", "user_id", "day"][..]),
            ("day", &["community_id", "day"]),
            ("reply", &["reply_id"]),
        ] {
            manager.create_index(index("voice_usage", name, columns)).await?;
        }

        // The reason why a reply has no audio.
        let notice = string_len_null("voice_notice", 16);
        manager.alter_table(Table::alter().table("agent_replies").add_column(notice).to_owned()).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let table = Table::alter().table("agent_replies").drop_column("voice_notice").to_owned();
        manager.alter_table(table).await?;
        for table in ["voice_usage", "lounge_periods", "lounge_subscriptions", "lounges"] {
            manager.drop_table(Table::drop().table(table).to_owned()).await?;
        }
        Ok(())
    }
}

//! Agent listings, knowledge, community agents and replies.

use sea_orm_migration::{prelude::*, schema::*};

use crate::tables::{cascade, index, reference};

/// Agent listings, knowledge, community agents and replies.
#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

/// At most one running reply for each asker and conversation. The builder has no such index for both
/// databases.
const ONE_RUNNING: &str = "CREATE UNIQUE INDEX ix_agent_replies_running ON agent_replies (conversation_id, asker_id) \
     WHERE status = 'running'";
/// For finding replies with an expired lease: few rows in a table of any size.
const LEFT_BEHIND: &str = "CREATE INDEX ix_agent_replies_lease ON agent_replies (lease_until) \
     WHERE status = 'running' OR audio = 'pending'";

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let switch = boolean("agent_mentions").default(false).to_owned();
        manager.alter_table(Table::alter().table("communities").add_column(switch).to_owned()).await?;
        manager
            .create_table(
                Table::create()
                    .table("agent_listings")
                    .col(uuid("id").primary_key())
                    .col(text("owner_id"))
                    .col(text("agent_name"))
                    .col(text("search_fold"))
                    .col(text("description"))
                    .col(text_null("avatar_url"))
                    .col(text("model"))
                    .col(text("system_prompt"))
                    .col(text("welcome"))
                    .col(integer("input_char_limit"))
                    .col(text("tts_voice"))
                    .col(big_integer_null("daily_spend_cap"))
                    .col(string_len("status", 16))
                    .col(timestamp_with_time_zone("created_at"))
                    .col(timestamp_with_time_zone("updated_at"))
                    .foreign_key(&mut reference("agent_listings", "owner_id", "users"))
                    .to_owned(),
            )
            .await?;
        manager.create_index(index("agent_listings", "browse", &["status", "created_at", "id"])).await?;
        manager.create_index(index("agent_listings", "owner", &["owner_id", "created_at", "id"])).await?;
        manager
            .create_table(
                Table::create()
                    .table("agent_knowledge")
                    .col(uuid("listing_id"))
                    .col(integer("position"))
                    .col(text("title"))
                    .col(text("text"))
                    .primary_key(Index::create().col("listing_id").col("position"))
                    .foreign_key(&mut cascade("agent_knowledge", "listing_id", "agent_listings"))
                    .to_owned(),
            )
            .await?;
        manager
            .create_table(
                Table::create()
                    .table("community_agents")
                    .col(uuid("id").primary_key())
                    .col(uuid("community_id"))
                    .col(uuid("listing_id"))
                    .col(timestamp_with_time_zone("added_at"))
                    .foreign_key(&mut cascade("community_agents", "community_id", "communities"))
                    .foreign_key(&mut cascade("community_agents", "listing_id", "agent_listings"))
                    .to_owned(),
            )
            .await?;
        let once = index("community_agents", "community_listing", &["community_id", "listing_id"]);
        manager.create_index(once.clone().unique().to_owned()).await?;
        manager.create_index(index("community_agents", "listing", &["listing_id"])).await?;
        manager
            .create_table(
                Table::create()
                    .table("agent_replies")
                    .col(uuid("id").primary_key())
                    .col(uuid("conversation_id"))
                    .col(uuid("community_id"))
                    .col(uuid("listing_id"))
                    .col(text("asker_id"))
                    .col(uuid("question_id").unique_key())
                    .col(uuid_null("message_id"))
                    .col(string_len("status", 16))
                    .col(text("text"))
                    .col(big_integer("fee"))
                    .col(uuid_null("hold_id"))
                    .col(boolean("is_paid"))
                    .col(string_len_null("outcome", 16))
                    .col(text_null("provider"))
                    .col(big_integer_null("prompt_tokens"))
                    .col(big_integer_null("completion_tokens"))
                    .col(string_len("audio", 16))
                    .col(big_integer("last_seq"))
                    .col(timestamp_with_time_zone("lease_until"))
                    .col(timestamp_with_time_zone("created_at"))
                    .col(timestamp_with_time_zone_null("finished_at"))
                    .foreign_key(&mut cascade("agent_replies", "conversation_id", "conversations"))
                    .foreign_key(&mut cascade("agent_replies", "listing_id", "agent_listings"))
                    .foreign_key(&mut reference("agent_replies", "asker_id", "users"))
                    .to_owned(),
            )
            .await?;
        // For the coins spent on an agent today.
        manager.create_index(index("agent_replies", "listing", &["listing_id", "created_at"])).await?;
        manager.create_index(index("agent_replies", "conversation", &["conversation_id"])).await?;
        let db = manager.get_connection();
        db.execute_unprepared(ONE_RUNNING).await?;
        db.execute_unprepared(LEFT_BEHIND).await?;
        manager
            .create_table(
                Table::create()
                    .table("agent_reply_events")
                    .col(uuid("reply_id"))
                    .col(big_integer("seq"))
                    .col(string_len("kind", 16))
                    .col(text("text"))
                    .primary_key(Index::create().col("reply_id").col("seq"))
                    .foreign_key(&mut cascade("agent_reply_events", "reply_id", "agent_replies"))
                    .to_owned(),
            )
            .await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for table in
            ["agent_reply_events", "agent_replies", "community_agents", "agent_knowledge", "agent_listings"]
        {
            manager.drop_table(Table::drop().table(table).to_owned()).await?;
        }
        manager
            .alter_table(Table::alter().table("communities").drop_column("agent_mentions").to_owned())
            .await
    }
}

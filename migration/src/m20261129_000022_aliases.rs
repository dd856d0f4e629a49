//! Display names of users in communities, in a separate table so that messages keep them after the user has
//! left.

use sea_orm_migration::{prelude::*, schema::*};

use crate::tables::cascade;

/// Display names of users in communities.
#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

/// Display names of members.
const OF_MEMBERS: &str = "INSERT INTO aliases (community_id, user_id, name) \
     SELECT community_id, user_id, display_name FROM memberships WHERE display_name IS NOT NULL";

/// Last display names of former members, as far as the logs contain them.
const OF_PAST_MEMBERS: &str = "INSERT INTO aliases (community_id, user_id, name) \
     SELECT c.community_id, e.user_id, e.alias FROM conversation_events e \
     JOIN conversations c ON c.id = e.conversation_id \
     JOIN users u ON u.id = e.user_id \
     WHERE c.kind = 'room' AND c.community_id IS NOT NULL AND e.alias IS NOT NULL AND u.deleted_at IS NULL \
     AND e.kind IN ('member_left', 'member_removed') \
     AND NOT EXISTS (SELECT 1 FROM memberships m WHERE m.community_id = c.community_id AND m.user_id = e.user_id) \
     AND NOT EXISTS (SELECT 1 FROM conversation_events later WHERE later.conversation_id = e.conversation_id \
         AND later.user_id = e.user_id AND later.seq > e.seq)";

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .create_table(
                Table::create()
                    .table("aliases")
                    .col(uuid("community_id"))
                    .col(text("user_id"))
                    .col(text("name"))
                    .primary_key(Index::create().col("community_id").col("user_id"))
                    .foreign_key(&mut cascade("aliases", "community_id", "communities"))
                    .foreign_key(&mut cascade("aliases", "user_id", "users"))
                    .to_owned(),
            )
            .await?;
        let db = manager.get_connection();
        db.execute_unprepared(OF_MEMBERS).await?;
        db.execute_unprepared(OF_PAST_MEMBERS).await?;
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.drop_table(Table::drop().table("aliases").to_owned()).await
    }
}

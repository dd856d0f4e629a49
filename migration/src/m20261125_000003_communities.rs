//! Communities, memberships, bans and mutes.

use sea_orm_migration::{prelude::*, schema::*};

use crate::tables::{index, reference};

/// Communities, memberships, bans and mutes.
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
                    .table("communities")
                    .col(uuid("id").primary_key())
                    .col(text("creator_id"))
                    .col(string_len("kind", 16))
                    .col(text("name"))
                    .col(text_null("description"))
                    .col(text("search_fold"))
                    .col(big_integer("join_fee"))
                    .col(big_integer("monthly_fee"))
                    .col(big_integer("agent_call_fee"))
                    .col(string_len("status", 16))
                    .col(big_integer("member_count"))
                    .col(text_null("avatar_url"))
                    .col(text_null("cover_image_url"))
                    .col(text_null("category"))
                    .col(json_binary_null("tags"))
                    .col(boolean("verified"))
                    .col(string_len("cs_mode", 16))
                    .col(uuid_null("default_agent_listing_id"))
                    .col(timestamp_with_time_zone("created_at"))
                    .col(timestamp_with_time_zone("updated_at"))
                    .foreign_key(&mut reference("communities", "creator_id", "users"))
                    .to_owned(),
            )
            .await?;
        // For browsing: all communities, or those of one kind or category, largest first or newest first.
        const LARGEST: [&str; 3] = ["member_count", "created_at", "id"];
        for (name, filter) in [
            ("browse", &["status"][..]),
            ("kind", &["status", "kind"]),
            ("category", &["status", "category"]),
        ] {
            manager.create_index(index("communities", name, &[filter, &LARGEST].concat())).await?;
        }
        manager.create_index(index("communities", "newest", &["status", "created_at", "id"])).await?;
        manager.create_index(index("communities", "creator", &["creator_id", "created_at", "id"])).await?;

        manager
            .create_table(
                Table::create()
                    .table("community_tallies")
                    .col(text("kind"))
                    .col(text("category"))
                    .col(big_integer("count"))
                    .primary_key(Index::create().col("kind").col("category"))
                    .to_owned(),
            )
            .await?;

        manager
            .create_table(
                Table::create()
                    .table("memberships")
                    .col(uuid("id").primary_key())
                    .col(uuid("community_id"))
                    .col(text("user_id"))
                    .col(string_len("role", 16))
                    .col(integer("role_rank"))
                    .col(text_null("display_name"))
                    .col(timestamp_with_time_zone("joined_at"))
                    .col(timestamp_with_time_zone_null("paid_until"))
                    .col(boolean("is_cancelled"))
                    .col(big_integer_null("agreed_fee"))
                    .col(timestamp_with_time_zone_null("renew_at"))
                    .foreign_key(&mut reference("memberships", "community_id", "communities"))
                    .foreign_key(&mut reference("memberships", "user_id", "users"))
                    .to_owned(),
            )
            .await?;
        // At most one membership for each user and community, also with concurrent joins.
        manager.create_index(once("memberships")).await?;
        // For the members of a community, all or of one role; the memberships of a user; due renewals.
        for (name, columns) in [
            ("listed", &["community_id", "role_rank", "joined_at", "id"][..]),
            ("role", &["community_id", "role", "joined_at", "id"]),
            ("user", &["user_id", "joined_at", "id"]),
            ("renew", &["renew_at"]),
        ] {
            manager.create_index(index("memberships", name, columns)).await?;
        }

        for table in ["bans", "mutes"] {
            manager
                .create_table(
                    Table::create()
                        .table(table)
                        .col(uuid("id").primary_key())
                        .col(uuid("community_id"))
                        .col(text("user_id"))
                        .col(text("by_id"))
                        .col(text_null("reason"))
                        .col(timestamp_with_time_zone_null("until"))
                        .col(timestamp_with_time_zone("created_at"))
                        .foreign_key(&mut reference(table, "community_id", "communities"))
                        .foreign_key(&mut reference(table, "user_id", "users"))
                        .foreign_key(&mut reference(table, "by_id", "users"))
                        .to_owned(),
                )
                .await?;
            manager.create_index(once(table)).await?;
        }
        manager.create_index(index("bans", "listed", &["community_id", "created_at", "id"])).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for table in ["mutes", "bans", "memberships", "community_tallies", "communities"] {
            manager.drop_table(Table::drop().table(table).to_owned()).await?;
        }
        Ok(())
    }
}

/// At most one row for each user and community.
fn once(table: &'static str) -> IndexCreateStatement {
    index(table, "community_user", &["community_id", "user_id"]).unique().to_owned()
}

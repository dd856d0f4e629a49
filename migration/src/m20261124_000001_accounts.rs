//! Accounts, passwords, sign-ins and API keys.

use sea_orm_migration::{prelude::*, schema::*};

/// Accounts, passwords, sign-ins and API keys.
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
                    .table("users")
                    .col(text("id").primary_key())
                    .col(text("email"))
                    .col(text("email_fold").unique_key())
                    .col(boolean("email_verified"))
                    .col(text("name"))
                    .col(text_null("image"))
                    .col(boolean("is_admin"))
                    .col(timestamp_with_time_zone_null("banned_at"))
                    .col(text_null("ban_reason"))
                    .col(timestamp_with_time_zone_null("deleted_at"))
                    .col(timestamp_with_time_zone("created_at"))
                    .col(timestamp_with_time_zone("updated_at"))
                    .to_owned(),
            )
            .await?;
        manager
            .create_table(
                Table::create()
                    .table("credentials")
                    .col(text("user_id").primary_key())
                    .col(text("password_hash"))
                    .col(timestamp_with_time_zone("updated_at"))
                    .foreign_key(&mut of_user("credentials"))
                    .to_owned(),
            )
            .await?;
        manager
            .create_table(
                Table::create()
                    .table("login_sessions")
                    .col(uuid("id").primary_key())
                    .col(text("user_id"))
                    .col(text("token_hash").unique_key())
                    .col(text_null("ip_address"))
                    .col(text_null("user_agent"))
                    .col(timestamp_with_time_zone("created_at"))
                    .col(timestamp_with_time_zone("updated_at"))
                    .col(timestamp_with_time_zone("expires_at"))
                    .foreign_key(&mut of_user("login_sessions"))
                    .to_owned(),
            )
            .await?;
        manager.create_index(by_user("login_sessions")).await?;
        manager
            .create_table(
                Table::create()
                    .table("api_keys")
                    .col(uuid("id").primary_key())
                    .col(text("user_id"))
                    .col(text("name"))
                    .col(text("key_hash").unique_key())
                    .col(text("prefix"))
                    .col(timestamp_with_time_zone_null("last_used_at"))
                    .col(timestamp_with_time_zone("created_at"))
                    .foreign_key(&mut of_user("api_keys"))
                    .to_owned(),
            )
            .await?;
        manager.create_index(by_user("api_keys")).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for table in ["api_keys", "login_sessions", "credentials", "users"] {
            manager.drop_table(Table::drop().table(table).to_owned()).await?;
        }
        Ok(())
    }
}

/// The column `user_id` of a table whose rows are deleted with the account.
fn of_user(table: &'static str) -> ForeignKeyCreateStatement {
    ForeignKey::create()
        .name(format!("fk_{table}_user"))
        .from(table, "user_id")
        .to("users", "id")
        .on_delete(ForeignKeyAction::Cascade)
        .to_owned()
}

/// An index of the rows of an account, newest id last.
fn by_user(table: &'static str) -> IndexCreateStatement {
    Index::create().name(format!("ix_{table}_user")).table(table).col("user_id").col("id").to_owned()
}

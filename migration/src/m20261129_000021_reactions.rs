//! One spelling for each emoji.

use sea_orm_migration::{
    prelude::*,
    sea_orm::{DatabaseBackend, Statement},
};

/// One spelling for each emoji.
#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

const MOVE: &str = "UPDATE reactions SET emoji = $1 WHERE emoji = $2 AND NOT EXISTS (SELECT 1 FROM reactions AS other \
     WHERE other.message_id = reactions.message_id AND other.user_id = reactions.user_id AND other.emoji = $3)";
/// The remaining rows are duplicates in another spelling.
const DROP: &str = "DELETE FROM reactions WHERE emoji = $1";

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let db = manager.get_connection();
        let backend: DatabaseBackend = manager.get_database_backend();
        let select = Statement::from_string(backend, "SELECT DISTINCT emoji FROM reactions");
        for row in db.query_all_raw(select).await? {
            let old: String = row.try_get("", "emoji")?;
            let Some(emoji) = emojis::get(&old).map(emojis::Emoji::as_str).filter(|emoji| *emoji != old)
            else {
                continue;
            };
            let values = [emoji.into(), old.clone().into(), emoji.into()];
            db.execute_raw(Statement::from_sql_and_values(backend, MOVE, values)).await?;
            db.execute_raw(Statement::from_sql_and_values(backend, DROP, [old.into()])).await?;
        }
        Ok(())
    }

    async fn down(&self, _: &SchemaManager) -> Result<(), DbErr> {
        Ok(())
    }
}

//! Look-alike addresses, and known devices.

use icu_casemap::CaseMapper;
use sea_orm_migration::{
    prelude::*,
    schema::*,
    sea_orm::{DatabaseBackend, Statement},
};
use unicode_normalization::UnicodeNormalization;
use unicode_security::confusable_detection::skeleton;

use crate::tables::cascade;

/// Look-alike addresses, and known devices.
#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

const UNIQUE: &str = "ix_users_email_skeleton";
/// For the deletion of an account: few rows of many.
const FEW: [&str; 2] = [
    "CREATE INDEX ix_users_deleted ON users (deleted_at) WHERE deleted_at IS NOT NULL",
    "CREATE INDEX ix_conversation_events_alias ON conversation_events (user_id) WHERE alias IS NOT NULL",
];
/// An account with an address similar to an older one's keeps no skeleton and stays usable.
const COPY: &str = "UPDATE users SET email_skeleton = email_fold";

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let column = text_null("email_skeleton");
        manager.alter_table(Table::alter().table("users").add_column(column).to_owned()).await?;
        // An ASCII address is its own skeleton, which covers nearly all accounts.
        manager.get_connection().execute_unprepared(COPY).await?;
        let unique = Index::create().name(UNIQUE).table("users").col("email_skeleton").unique().to_owned();
        manager.create_index(unique).await?;
        fill(manager).await?;
        for index in FEW {
            manager.get_connection().execute_unprepared(index).await?;
        }
        let devices = Table::create()
            .table("known_devices")
            .col(text("user_id"))
            .col(text("token_hash"))
            .col(timestamp_with_time_zone("created_at"))
            .col(timestamp_with_time_zone("used_at"))
            .primary_key(Index::create().col("user_id").col("token_hash"))
            .foreign_key(&mut cascade("known_devices", "user_id", "users"))
            .to_owned();
        manager.create_table(devices).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for index in ["ix_users_deleted", "ix_conversation_events_alias"] {
            manager.get_connection().execute_unprepared(&format!("DROP INDEX {index}")).await?;
        }
        manager.drop_table(Table::drop().table("known_devices").to_owned()).await?;
        manager.drop_index(Index::drop().name(UNIQUE).table("users").to_owned()).await?;
        manager.alter_table(Table::alter().table("users").drop_column("email_skeleton").to_owned()).await
    }
}

/// Writes the skeletons of other addresses, oldest account first.
async fn fill(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let db = manager.get_connection();
    let backend = manager.get_database_backend();
    let foreign = match backend {
        DatabaseBackend::Postgres => "email_fold ~ '[^ -~]'",
        _ => "email_fold GLOB '*[^ -~]*'",
    };
    let select = format!(
        "SELECT id, email_fold FROM users WHERE {foreign} OR email_fold LIKE '%xn--%' ORDER BY created_at, id"
    );
    for row in db.query_all_raw(Statement::from_string(backend, select)).await? {
        let (id, fold): (String, String) = (row.try_get("", "id")?, row.try_get("", "email_fold")?);
        let update = "UPDATE users SET email_skeleton = $1 WHERE id = $2 \
                      AND NOT EXISTS (SELECT 1 FROM users AS other WHERE other.email_skeleton = $3)";
        let alike = look(&fold);
        let values = [alike.clone().into(), id.into(), alike.into()];
        db.execute_raw(Statement::from_sql_and_values(backend, update, values)).await?;
    }
    Ok(())
}

/// Returns the skeleton of an address: characters of other scripts become the Latin letters that they look
/// like.
fn look(fold: &str) -> String {
    let (local, domain) = fold.rsplit_once('@').unwrap_or((fold, ""));
    let shown = idna::domain_to_unicode(domain).0;
    format!("{}@{}", without_look_alikes(local), without_look_alikes(&shown))
}

fn without_look_alikes(text: &str) -> String {
    let mut alike = String::with_capacity(text.len());
    for character in text.nfd() {
        if character.is_ascii() {
            alike.push(character);
        } else {
            alike.extend(skeleton(character.encode_utf8(&mut [0; 4])));
        }
    }
    let composed: String = alike.nfkc().collect();
    CaseMapper::new().fold_string(&composed).nfkc().collect()
}

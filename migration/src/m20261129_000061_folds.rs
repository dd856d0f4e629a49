//! Folds searched columns anew: signs, digits, kana and further letters are folded now, and names of accounts are.
//!
//! It runs in batches and can be repeated: an interrupted migration starts again and finds less to do.

use sea_orm_migration::prelude::*;
use terms::{search_fold, search_text};

use crate::folded::{Folded, part};

/// Folds searched columns anew.
#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

/// Maximum length of a folded text of names and descriptions, in characters, as the server stores it.
const LONGEST: usize = 6000;

/// The searched columns.
pub(crate) const FOLDED: [Folded; 6] = [
    Folded {
        table: "messages",
        column: "search_text",
        from: &["content"],
        make: |from| search_text(part(from, 0)),
        unique_with: None,
    },
    Folded { table: "spaces", column: "name_fold", from: &["name"], make: name, unique_with: None },
    Folded {
        table: "communities",
        column: "search_fold",
        from: &["name", "description"],
        make: name_and_description,
        unique_with: None,
    },
    Folded {
        table: "agent_listings",
        column: "search_fold",
        from: &["agent_name", "description"],
        make: name_and_description,
        unique_with: None,
    },
    Folded {
        table: "canned_answers",
        column: "title_fold",
        from: &["title"],
        make: name,
        unique_with: Some("community_id"),
    },
    Folded { table: "users", column: "name_fold", from: &["name"], make: name, unique_with: None },
];

fn name(from: &[Option<String>]) -> String {
    search_fold(part(from, 0))
}

fn name_and_description(from: &[Option<String>]) -> String {
    let mut folded = search_fold(&format!("{}\n{}", part(from, 0), part(from, 1)));
    if let Some((end, _)) = folded.char_indices().nth(LONGEST) {
        folded.truncate(end);
    }
    folded
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(false)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for folded in &FOLDED {
            folded.renew(manager.get_connection()).await?;
        }
        Ok(())
    }

    /// The folded columns stay: an earlier version finds fewer of them.
    async fn down(&self, _: &SchemaManager) -> Result<(), DbErr> {
        Ok(())
    }
}

//! Foreign keys and indexes with uniform names, for all migrations.

use sea_orm_migration::prelude::*;

/// A foreign key to another table's `id`. A referenced row cannot be deleted.
pub(crate) fn reference(
    table: &'static str,
    column: &'static str,
    to: &'static str,
) -> ForeignKeyCreateStatement {
    ForeignKey::create().name(format!("fk_{table}_{column}")).from(table, column).to(to, "id").to_owned()
}

/// A foreign key whose rows are deleted with the referenced row.
pub(crate) fn cascade(
    table: &'static str,
    column: &'static str,
    to: &'static str,
) -> ForeignKeyCreateStatement {
    reference(table, column, to).on_delete(ForeignKeyAction::Cascade).to_owned()
}

/// An index over columns.
pub(crate) fn index(table: &'static str, name: &str, columns: &[&'static str]) -> IndexCreateStatement {
    let mut index = Index::create().name(format!("ix_{table}_{name}")).table(table).to_owned();
    for column in columns {
        index.col(*column);
    }
    index
}

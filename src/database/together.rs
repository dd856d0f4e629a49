//! Several writes in one round trip.

use sea_orm::{
    ConnectionTrait, DatabaseBackend, DbErr, QueryTrait, StatementBuilder,
    sea_query::{Alias, CommonTableExpression, SubQueryStatement, WithClause},
};

/// Writes that do not depend on each other's rows.
#[derive(Debug, Default)]
pub struct Writes(Vec<SubQueryStatement>);

impl Writes {
    /// Adds a write that inserts, changes or deletes rows and returns none.
    pub fn add<W>(&mut self, write: W)
    where
        W: QueryTrait<QueryStatement: Into<SubQueryStatement>>,
    {
        self.0.push(write.into_query().into());
    }

    /// Executes the writes: on PostgreSQL as one statement, on SQLite, where a statement costs no round trip, one after
    /// another.
    ///
    /// # Errors
    /// Returns an error if a write fails; then the transaction can only be rolled back.
    pub async fn execute(self, db: &impl ConnectionTrait) -> Result<(), DbErr> {
        if db.get_database_backend() != DatabaseBackend::Postgres {
            for write in &self.0 {
                execute(db, write).await?;
            }
            return Ok(());
        }
        let mut writes = self.0;
        let Some(last) = writes.pop() else { return Ok(()) };
        if writes.is_empty() {
            return execute(db, &last).await;
        }
        let mut clause = WithClause::new();
        for (index, write) in writes.into_iter().enumerate() {
            let mut part = CommonTableExpression::new();
            clause.cte(part.table_name(Alias::new(format!("write_{index}"))).query(write).to_owned());
        }
        execute(db, &SubQueryStatement::WithStatement(clause.query(last))).await
    }
}

async fn execute(db: &impl ConnectionTrait, write: &SubQueryStatement) -> Result<(), DbErr> {
    let backend = &db.get_database_backend();
    let statement = match write {
        SubQueryStatement::SelectStatement(select) => StatementBuilder::build(select, backend),
        SubQueryStatement::InsertStatement(insert) => StatementBuilder::build(insert, backend),
        SubQueryStatement::UpdateStatement(update) => StatementBuilder::build(update, backend),
        SubQueryStatement::DeleteStatement(delete) => StatementBuilder::build(delete, backend),
        SubQueryStatement::WithStatement(with) => StatementBuilder::build(with, backend),
    };
    db.execute_raw(statement).await.map(|_| ())
}

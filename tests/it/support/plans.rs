//! Query plans.

use plaza::database::Database;
use sea_orm::{ConnectionTrait, DatabaseBackend, Statement};

/// Returns the query plan of a statement for any parameters. PostgreSQL chooses sequential scans only if they are `on`,
/// or if no index can serve the statement.
pub async fn plan(db: &Database, sql: &str, sequential_scans: &str) -> Vec<String> {
    let tx = db.begin().await.expect("begins");
    let (explain, column) = if db.backend() == DatabaseBackend::Postgres {
        let most = (1..1000).take_while(|number| sql.contains(&format!("${number}"))).count();
        let values = vec!["NULL"; most].join(", ");
        let values = if most > 0 { format!("({values})") } else { String::new() };
        tx.execute_unprepared("SET LOCAL plan_cache_mode = force_generic_plan").await.expect("sets");
        tx.execute_unprepared(&format!("SET LOCAL enable_seqscan = {sequential_scans}")).await.expect("sets");
        tx.execute_unprepared(&format!("PREPARE asked AS {sql}")).await.expect(sql);
        (format!("EXPLAIN EXECUTE asked{values}"), "QUERY PLAN")
    } else {
        (format!("EXPLAIN QUERY PLAN {sql}"), "detail")
    };
    let rows = tx.query_all_raw(Statement::from_string(db.backend(), explain)).await.expect(sql);
    let lines = rows.iter().map(|row| row.try_get("", column).expect("text")).collect();
    if db.backend() == DatabaseBackend::Postgres {
        tx.execute_unprepared("DEALLOCATE asked").await.expect("forgets");
    }
    drop(tx);
    lines
}

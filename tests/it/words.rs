//! Both databases find the same texts by the same words.

use plaza::domain::words::{Query, search_text};
use sea_orm::{ConnectionTrait, DatabaseBackend, Statement};

use crate::support::on_both;

const TEXTS: [&str; 8] = [
    "Straßenfest in der GRÜNEN Gasse",
    "L'été, c’est l'homme qui décide: a_b@example.com",
    "Съешь ещё этих мягких булок",
    "東京都の天気はどうですか",
    "학교에서 친구를 만났다",
    "ภาษาไทยไม่เว้นวรรค",
    "हिन्दी में खोज 3.14 v1e5",
    "🎉🎉🎉",
];

/// What is sought, and the texts that have it.
const SOUGHT: [(&str, &[usize]); 19] = [
    ("STRASSENFEST", &[0]),
    ("grü", &[0]),
    ("gasse straßenfest", &[0]),
    ("gasse homme", &[]),
    ("homme", &[1]),
    ("example.com", &[1]),
    ("булок съе", &[2]),
    ("天気", &[3]),
    ("都", &[3]),
    ("か", &[3]),
    ("東京の", &[]),
    ("친구", &[4]),
    ("다", &[4]),
    ("ไทย", &[5]),
    ("हिन्दी", &[6]),
    ("3.14 v1e5", &[6]),
    ("e", &[1]),
    ("homme NOT décide* OR \"", &[]),
    ("l décide a", &[1]),
];

async fn found(db: &impl ConnectionTrait, backend: DatabaseBackend, query: &Query) -> Vec<i64> {
    let (sql, query) = match backend {
        DatabaseBackend::Postgres => (
            "SELECT id FROM heap WHERE array_to_tsvector(string_to_array(search_text, ' ')) @@ $1::tsquery ORDER BY id",
            query.tsquery(),
        ),
        _ => ("SELECT rowid AS id FROM heap WHERE heap MATCH $1 ORDER BY rowid", query.fts5()),
    };
    let rows = db.query_all_raw(Statement::from_sql_and_values(backend, sql, [query.into()])).await;
    rows.expect(sql).iter().map(|row| row.try_get("", "id").expect("an id")).collect()
}

on_both! {
    async fn both_databases_cut_alike(server: Server) {
        let (db, backend) = (server.app.db.write(), server.app.db.backend());
        let (table, insert) = match backend {
            DatabaseBackend::Postgres => (
                "CREATE TABLE heap (id bigint, search_text text)",
                "INSERT INTO heap (id, search_text) VALUES ($1, $2)",
            ),
            _ => (
                "CREATE VIRTUAL TABLE heap USING fts5(search_text, tokenize = 'ascii')",
                "INSERT INTO heap (rowid, search_text) VALUES ($1, $2)",
            ),
        };
        db.execute_unprepared(table).await.expect(table);
        for (id, text) in (0_i64..).zip(TEXTS) {
            let values = [id.into(), search_text(text).into()];
            db.execute_raw(Statement::from_sql_and_values(backend, insert, values)).await.expect(insert);
        }
        for (sought, wanted) in SOUGHT {
            let query = Query::parse(sought).expect("words");
            let wanted: Vec<i64> = wanted.iter().map(|at| i64::try_from(*at).expect("small")).collect();
            assert_eq!(found(db, backend, &query).await, wanted, "{sought}");
        }
    }
}

//! Searching a table's folded text for a part of it, by an index of trigrams.

use sea_orm::{
    DatabaseBackend, Value,
    sea_query::{Expr, SimpleExpr},
};

use crate::text::fields;

/// Number of characters of a trigram; the index finds no shorter term.
const TRIGRAM: usize = 3;

/// A searched column with its index of trigrams.
#[derive(Clone, Copy, Debug)]
pub(super) struct Searched {
    pub(super) table: &'static str,
    pub(super) column: &'static str,
}

impl Searched {
    /// Condition beside a search: the column has this value. As an expression if the index of trigrams has the term, so
    /// that a planner does not compare the text of every row with this value.
    pub(super) fn with(self, backend: DatabaseBackend, term: &str, column: &str, value: &str) -> SimpleExpr {
        // Imported here only: elsewhere it would make `max` and `min` ambiguous.
        use sea_orm::sea_query::ExprTrait;

        let Self { table, .. } = self;
        if is_indexed(backend, &fields::search_fold(term)) {
            return Expr::cust(format!("({table}.{column} || '')")).eq(value);
        }
        Expr::cust(format!("{table}.{column}")).eq(value)
    }

    /// Condition: the folded text contains the term, ignoring case and optional marks.
    ///
    /// A term without three letters or digits in sequence is compared with every row, because the index does not have it.
    /// So is every term on PostgreSQL without `pg_trgm`.
    pub(super) fn contains(self, backend: DatabaseBackend, term: &str) -> SimpleExpr {
        let Self { table, column } = self;
        let folded = fields::search_fold(term);
        let pattern = Value::from(fields::like_as_written(&folded));
        let text = format!("{table}.{column}");
        match (backend, is_indexed(backend, &folded)) {
            (DatabaseBackend::Postgres, true) => {
                Expr::cust_with_values(format!("{text} LIKE $1 ESCAPE '\\'"), [pattern])
            }
            // An expression, so that the planner does not read the whole index of trigrams.
            (DatabaseBackend::Postgres, false) => {
                Expr::cust_with_values(format!("({text} || '') LIKE $1 ESCAPE '\\'"), [pattern])
            }
            (_, true) => Expr::cust_with_values(
                format!(
                    "{table}.id IN (SELECT kept.id FROM (SELECT rowid AS number FROM {table}_index \
                     WHERE {table}_index MATCH ?) AS found \
                     CROSS JOIN {table}_index_rows AS kept ON kept.number = found.number) \
                     AND {text} LIKE ? ESCAPE '\\'"
                ),
                [Value::from(fts5(&folded)), pattern],
            ),
            (_, false) => Expr::cust_with_values(format!("{text} LIKE ? ESCAPE '\\'"), [pattern]),
        }
    }
}

/// Returns whether the index can find this term. PostgreSQL's index has letters and digits only.
pub(super) fn is_indexed(backend: DatabaseBackend, folded: &str) -> bool {
    if backend != DatabaseBackend::Postgres {
        return folded.chars().count() >= TRIGRAM;
    }
    folded.split(|character: char| !character.is_alphanumeric()).any(|word| word.chars().count() >= TRIGRAM)
}

/// The query for SQLite's index: all trigrams of the term. The index has no positions, so each row that it finds is
/// compared, too.
fn fts5(folded: &str) -> String {
    let characters: Vec<char> = folded.chars().collect();
    let mut trigrams: Vec<String> = characters
        .windows(TRIGRAM)
        .map(|window| format!("\"{}\"", window.iter().collect::<String>().replace('"', "\"\"")))
        .collect();
    trigrams.sort_unstable();
    trigrams.dedup();
    trigrams.join(" AND ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_term_is_all_its_trigrams() {
        assert_eq!(fts5("dra\"gon"), "\"\"\"go\" AND \"a\"\"g\" AND \"dra\" AND \"gon\" AND \"ra\"\"\"");
        assert_eq!(fts5("aaaa"), "\"aaa\"");
    }

    #[test]
    fn a_short_term_is_not_indexed() {
        for (term, sqlite, postgres) in [
            ("ab", false, false),
            ("abc", true, true),
            ("a b c", true, false),
            ("100%", true, true),
            ("象棋", false, false),
        ] {
            assert_eq!(is_indexed(DatabaseBackend::Sqlite, term), sqlite, "{term}");
            assert_eq!(is_indexed(DatabaseBackend::Postgres, term), postgres, "{term}");
        }
    }
}

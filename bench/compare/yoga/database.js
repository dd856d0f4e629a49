// The pool of connections to PostgreSQL.
import pg from 'pg';

const TIMESTAMPTZ = 1184;
const BIGINT = 20;

/** Returns a function that runs a statement, which each connection prepares once, and returns its rows. */
export function connect(connectionString) {
  pg.types.setTypeParser(TIMESTAMPTZ, (text) => new Date(text).toISOString());
  pg.types.setTypeParser(BIGINT, Number);
  const pool = new pg.Pool({ connectionString, max: 10 });
  const names = new Map();
  return async (text, values) => {
    if (!names.has(text)) names.set(text, `statement_${names.size}`);
    return (await pool.query({ name: names.get(text), text, values })).rows;
  };
}

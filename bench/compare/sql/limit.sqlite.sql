-- The tables of the limit on SQLite: what history and posts need.
PRAGMA journal_mode = WAL;
CREATE TABLE users (id TEXT PRIMARY KEY, name TEXT NOT NULL, image TEXT) WITHOUT ROWID;
CREATE TABLE auth_sessions (token TEXT PRIMARY KEY, user_id TEXT NOT NULL, expires_at TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE community_members (community_id TEXT NOT NULL, user_id TEXT NOT NULL, PRIMARY KEY (community_id, user_id)) WITHOUT ROWID;
CREATE TABLE community_messages (
  id TEXT PRIMARY KEY, community_id TEXT NOT NULL, user_id TEXT, content TEXT NOT NULL, message_type TEXT NOT NULL, created_at TEXT NOT NULL);
BEGIN;
INSERT INTO users SELECT id, name, nullif(image, '') FROM stage.users;
INSERT INTO auth_sessions SELECT token, user_id, '2099-01-01T00:00:00.000Z' FROM stage.sessions;
INSERT INTO community_members SELECT community_id, user_id FROM stage.members;
INSERT INTO community_messages SELECT id, community_id, user_id, content, 'text', created_at FROM stage.messages;
CREATE INDEX ix_messages ON community_messages (community_id, created_at);
COMMIT;
ANALYZE;

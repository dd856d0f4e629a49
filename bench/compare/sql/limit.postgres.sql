-- The tables of the limit and of graphql-yoga, with the indexes that a careful owner of their statements would make.
CREATE EXTENSION IF NOT EXISTS pg_trgm;
CREATE TABLE users (id uuid PRIMARY KEY, name text NOT NULL, email text NOT NULL UNIQUE, image text, created_at timestamptz NOT NULL);
CREATE TABLE auth_sessions (id uuid NOT NULL, token text PRIMARY KEY, user_id uuid NOT NULL REFERENCES users, expires_at timestamptz NOT NULL);
CREATE TABLE spaces (
  id uuid PRIMARY KEY, owner_id uuid NOT NULL REFERENCES users, name text NOT NULL, description text NOT NULL, category text NOT NULL,
  tags jsonb NOT NULL, definition jsonb NOT NULL, is_public boolean NOT NULL, created_at timestamptz NOT NULL, updated_at timestamptz NOT NULL);
CREATE TABLE space_sessions (
  id uuid PRIMARY KEY, space_id uuid NOT NULL REFERENCES spaces ON DELETE CASCADE, status text NOT NULL, created_at timestamptz NOT NULL);
CREATE TABLE space_participants (
  id uuid PRIMARY KEY, session_id uuid NOT NULL REFERENCES space_sessions ON DELETE CASCADE, user_id uuid REFERENCES users,
  is_connected boolean NOT NULL, joined_at timestamptz NOT NULL);
CREATE TABLE communities (id uuid PRIMARY KEY, creator_id uuid NOT NULL REFERENCES users, name text NOT NULL, created_at timestamptz NOT NULL);
CREATE TABLE community_members (
  id uuid PRIMARY KEY, community_id uuid NOT NULL REFERENCES communities, user_id uuid NOT NULL REFERENCES users, role text NOT NULL,
  UNIQUE (community_id, user_id));
CREATE TABLE community_messages (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(), community_id uuid NOT NULL REFERENCES communities, user_id uuid REFERENCES users,
  content text NOT NULL, message_type text NOT NULL DEFAULT 'text', created_at timestamptz NOT NULL DEFAULT now());

INSERT INTO users SELECT id, name, email, nullif(image, ''), created_at FROM stage.users;
INSERT INTO auth_sessions SELECT id, token, user_id, now() + interval '29 days' FROM stage.sessions;
INSERT INTO spaces SELECT id, owner_id, name, description, category, tags, definition, is_public, created_at, created_at FROM stage.spaces;
INSERT INTO space_sessions SELECT * FROM stage.space_sessions;
INSERT INTO space_participants SELECT * FROM stage.participants;
INSERT INTO communities SELECT id, creator_id, name, created_at FROM stage.communities;
INSERT INTO community_members SELECT id, community_id, user_id, role FROM stage.members;
INSERT INTO community_messages SELECT id, community_id, user_id, content, 'text', created_at FROM stage.messages;

CREATE INDEX ON spaces (created_at DESC) WHERE is_public;
CREATE INDEX ON spaces (category, created_at DESC) WHERE is_public;
CREATE INDEX ON spaces USING gin (name gin_trgm_ops) WHERE is_public;
CREATE INDEX ON spaces (owner_id);
CREATE INDEX ON space_sessions (space_id, created_at DESC);
CREATE INDEX ON space_participants (session_id);
CREATE INDEX ON community_members (user_id);
CREATE INDEX ON community_messages (community_id, created_at DESC);
DROP SCHEMA stage CASCADE;

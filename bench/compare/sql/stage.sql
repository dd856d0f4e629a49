-- The tables of the CSV files on PostgreSQL; what reads them drops the schema at its end.
CREATE SCHEMA stage;
CREATE TABLE stage.users (id uuid, name text, email text, image text, created_at timestamptz);
CREATE TABLE stage.sessions (id uuid, token text, token_hash text, user_id uuid, created_at timestamptz);
CREATE TABLE stage.spaces (id uuid, owner_id uuid, name text, description text, category text, tags jsonb, definition jsonb, is_public boolean, created_at timestamptz);
CREATE TABLE stage.space_sessions (id uuid, space_id uuid, status text, created_at timestamptz);
CREATE TABLE stage.participants (id uuid, session_id uuid, user_id uuid, is_connected boolean, joined_at timestamptz);
CREATE TABLE stage.communities (id uuid, creator_id uuid, name text, description text, category text, member_count integer, created_at timestamptz);
CREATE TABLE stage.members (id uuid, community_id uuid, user_id uuid, role text, joined_at timestamptz);
CREATE TABLE stage.messages (id uuid, community_id uuid, number bigint, user_id uuid, content text, created_at timestamptz);

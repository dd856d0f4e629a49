-- Rows for the tables that `plaza migrate` has made: what history and posts need. Adapt it when they change.
BEGIN;
INSERT INTO users (id, email, email_fold, email_verified, name, image, is_admin, created_at, updated_at)
  SELECT id, email, email, TRUE, name, nullif(image, ''), FALSE, created_at, created_at FROM stage.users;
INSERT INTO login_sessions (id, user_id, token_hash, created_at, updated_at, expires_at)
  SELECT unhex(id, '-'), user_id, token_hash, strftime('%Y-%m-%dT%H:%M:%S+00:00', 'now'), strftime('%Y-%m-%dT%H:%M:%S+00:00', 'now'),
    strftime('%Y-%m-%dT%H:%M:%S+00:00', 'now', '29 days') FROM stage.sessions;
INSERT INTO communities (id, creator_id, kind, name, description, search_fold, join_fee, monthly_fee, agent_call_fee, status, member_count, category, verified, cs_mode, created_at, updated_at)
  SELECT unhex(id, '-'), creator_id, 'club', name, description, lower(name || char(10) || description), 0, 0, 0, 'active', member_count, category, FALSE, 'ai_only', created_at, created_at
  FROM stage.communities;
INSERT INTO memberships (id, community_id, user_id, role, role_rank, joined_at, is_cancelled)
  SELECT unhex(id, '-'), unhex(community_id, '-'), user_id, role, CASE role WHEN 'creator' THEN 0 ELSE 2 END, joined_at, FALSE FROM stage.members;
INSERT INTO conversations (id, kind, scope, community_id, last_seq, message_count, last_micros, created_at)
  SELECT unhex(community_id, '-'), 'room', 'room:' || community_id, unhex(community_id, '-'), max(CAST(number AS INTEGER)), max(CAST(number AS INTEGER)),
    unixepoch(max(created_at)) * 1000000, min(created_at) FROM stage.messages GROUP BY community_id;
INSERT INTO messages (id, conversation_id, seq, number, author_id, kind, content, search_text, is_incomplete, created_at)
  SELECT unhex(id, '-'), unhex(community_id, '-'), number, number, user_id, 'text', content, content, FALSE, created_at FROM stage.messages;
INSERT INTO conversation_events (conversation_id, seq, kind, message_id, created_at)
  SELECT conversation_id, seq, 'message_posted', id, created_at FROM messages;
COMMIT;
ANALYZE;

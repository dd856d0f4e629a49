-- Rows for the tables that `plaza migrate` has made. Adapt it when they change.
INSERT INTO users (id, email, email_fold, email_verified, name, image, is_admin, created_at, updated_at)
  SELECT id::text, email, email, true, name, nullif(image, ''), false, created_at, created_at FROM stage.users;
INSERT INTO login_sessions (id, user_id, token_hash, created_at, updated_at, expires_at)
  SELECT id, user_id::text, token_hash, now(), now(), now() + interval '29 days' FROM stage.sessions;
INSERT INTO spaces (id, owner_id, name, name_fold, description, category, tags, definition, is_public, created_at, updated_at)
  SELECT id, owner_id::text, name, lower(name), description, category, tags, definition, is_public, created_at, created_at FROM stage.spaces;
INSERT INTO space_sessions (id, space_id, status, state, version, prize_pool, created_at, updated_at)
  SELECT id, space_id, status, '{}', 1, 0, created_at, created_at FROM stage.space_sessions;
INSERT INTO participants (id, session_id, user_id, role, control_mode, is_connected, joined_at)
  SELECT id, session_id, user_id::text, 'player', 'human', is_connected, joined_at FROM stage.participants;
INSERT INTO communities (id, creator_id, kind, name, description, search_fold, join_fee, monthly_fee, agent_call_fee, status, member_count, category, verified, cs_mode, created_at, updated_at)
  SELECT id, creator_id::text, 'club', name, description, lower(name || E'\n' || description), 0, 0, 0, 'active', member_count, category, false, 'ai_only', created_at, created_at
  FROM stage.communities;
INSERT INTO community_tallies (kind, category, count)
  SELECT coalesce(kind, '*'), coalesce(category, '*'), count(*) FROM communities GROUP BY CUBE (kind, category)
  ON CONFLICT (kind, category) DO UPDATE SET count = excluded.count;
INSERT INTO memberships (id, community_id, user_id, role, role_rank, joined_at, is_cancelled)
  SELECT id, community_id, user_id::text, role, CASE role WHEN 'creator' THEN 0 ELSE 2 END, joined_at, false FROM stage.members;
INSERT INTO conversations (id, kind, scope, community_id, last_seq, message_count, last_micros, created_at)
  SELECT community_id, 'room', 'room:' || community_id, community_id, max(number), max(number),
    (extract(epoch FROM max(created_at)) * 1000000)::bigint, min(created_at) FROM stage.messages GROUP BY community_id;
INSERT INTO messages (id, conversation_id, seq, number, author_id, kind, content, search_text, is_incomplete, created_at)
  SELECT id, community_id, number, number, user_id::text, 'text', content, content, false, created_at FROM stage.messages;
INSERT INTO conversation_events (conversation_id, seq, kind, message_id, created_at)
  SELECT conversation_id, seq, 'message_posted', id, created_at FROM messages;
DROP SCHEMA stage CASCADE;

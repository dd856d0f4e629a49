// What the resolvers of one request share: its viewer and its loaders.
import DataLoader from 'dataloader';
import { GraphQLError } from 'graphql';

const COOKIE = /(?:^|;\s*)better-auth\.session_token=([^;]+)/;
const SESSION = 'SELECT user_id FROM auth_sessions WHERE token = $1 AND expires_at > now()';
const MEMBER = 'SELECT 1 FROM community_members WHERE community_id = $1 AND user_id = $2';
const USERS = 'SELECT id, name, image FROM users WHERE id = ANY($1)';
const SESSIONS = `SELECT ss.id, ss.space_id AS "playgroundId", ss.status, ss.created_at AS "createdAt",
  (SELECT count(*) FROM space_participants p WHERE p.session_id = ss.id AND p.is_connected) AS "participantCount"
  FROM space_sessions ss WHERE ss.space_id = ANY($1) ORDER BY ss.created_at DESC`;

export function refuse(message, status, code) {
  return new GraphQLError(message, { extensions: { code, http: { status } } });
}

async function users(sql, ids) {
  const found = new Map((await sql(USERS, [ids])).map((row) => [row.id, row]));
  return ids.map((id) => found.get(id) ?? null);
}

async function sessions(sql, ids) {
  const found = new Map(ids.map((id) => [id, []]));
  for (const row of await sql(SESSIONS, [ids])) found.get(row.playgroundId).push(row);
  return ids.map((id) => found.get(id));
}

export function createContext(sql, cookies) {
  const token = COOKIE.exec(cookies ?? '')?.[1] ?? '';
  let identified;
  /** Returns the id of the viewer, which is read at its first use. */
  const viewer = () => {
    identified ??= sql(SESSION, [token]).then(([session]) => {
      if (!session) throw refuse('Unauthorized', 401, 'UNAUTHENTICATED');
      return session.user_id;
    });
    return identified;
  };
  /** Returns the id of the viewer, who is a member of a community. */
  const member = async (community) => {
    const user = await viewer();
    const [membership] = await sql(MEMBER, [community, user]);
    if (!membership) throw refuse('You must be a member', 403, 'FORBIDDEN');
    return user;
  };
  return {
    viewer,
    member,
    users: new DataLoader((ids) => users(sql, ids)),
    sessions: new DataLoader((ids) => sessions(sql, ids)),
  };
}

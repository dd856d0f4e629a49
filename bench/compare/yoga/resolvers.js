// Resolvers over the rows of the limit.
import { GraphQLScalarType } from 'graphql';
import { createPubSub } from 'graphql-yoga';
import { refuse } from './context.js';

const SPACE = `s.id, s.owner_id AS "ownerId", s.name, s.description, s.category, s.tags, s.definition,
  s.is_public AS "isPublic", s.created_at AS "createdAt", s.updated_at AS "updatedAt"`;
const MESSAGE = `m.id, m.user_id AS "userId", m.content, m.message_type AS "messageType", m.created_at AS "createdAt"`;
const ONE = `SELECT ${SPACE} FROM spaces s WHERE s.id = $1`;
const HISTORY = `SELECT ${MESSAGE} FROM community_messages m WHERE m.community_id = $1 ORDER BY m.created_at DESC LIMIT $2`;
const POST = `INSERT INTO community_messages AS m (community_id, user_id, content) VALUES ($1, $2, $3) RETURNING ${MESSAGE}`;

/** Returns a condition on spaces with its values. */
function filter({ search, category }) {
  const conditions = ['s.is_public'];
  const values = [];
  if (search != null) {
    values.push(`%${search.replace(/[\\%_]/g, '\\$&')}%`);
    conditions.push(`s.name ILIKE $${values.length}`);
  }
  if (category != null) {
    values.push(category);
    conditions.push(`s.category = $${values.length}`);
  }
  return { condition: conditions.join(' AND '), values };
}

async function browse(sql, args) {
  const page = Math.max(args.page ?? 1, 1);
  const size = Math.min(Math.max(args.limit ?? 20, 1), 50);
  const { condition, values } = filter(args);
  const [limit, offset] = [`$${values.length + 1}`, `$${values.length + 2}`];
  const rows = `SELECT ${SPACE} FROM spaces s WHERE ${condition} ORDER BY s.created_at DESC LIMIT ${limit} OFFSET ${offset}`;
  const [spaces, [{ total }]] = await Promise.all([
    sql(rows, [...values, size, (page - 1) * size]),
    sql(`SELECT count(*) AS total FROM spaces s WHERE ${condition}`, values),
  ]);
  return { spaces, total, page, totalPages: Math.ceil(total / size) };
}

export function resolvers(sql) {
  const hub = createPubSub();
  const author = async (message, context) => message.userId && context.users.load(message.userId);
  return {
    JSON: new GraphQLScalarType({ name: 'JSON' }),
    Query: {
      spaces: (_, args) => browse(sql, args),
      async space(_, { id }, context) {
        await context.viewer();
        const [space] = await sql(ONE, [id]);
        if (!space) throw refuse('Space not found', 404, 'NOT_FOUND');
        return space;
      },
      async communityMessages(_, { id, limit }, context) {
        await context.member(id);
        return { messages: await sql(HISTORY, [id, Math.min(Math.max(limit ?? 50, 1), 100)]) };
      },
    },
    Space: {
      owner: (space, _, context) => context.users.load(space.ownerId),
      sessions: (space, _, context) => context.sessions.load(space.id),
    },
    CommunityMessage: {
      userName: async (message, _, context) => (await author(message, context))?.name,
      userImage: async (message, _, context) => (await author(message, context))?.image,
    },
    Mutation: {
      async postCommunityMessage(_, { id, content }, context) {
        const user = await context.member(id);
        if (!content.trim() || content.length > 5000) throw refuse('Message must be 1-5000 characters', 400, 'INVALID');
        const [message] = await sql(POST, [id, user, content]);
        hub.publish('community', id, message);
        return message;
      },
    },
    Subscription: {
      communityMessageAdded: {
        async subscribe(_, { communityId }, context) {
          await context.member(communityId);
          return hub.subscribe('community', communityId);
        },
        resolve: (message) => message,
      },
    },
  };
}

// graphql-yoga and sofa-api on the rows of the limit, tuned as their users would.
// GraphQL at /graphql (HTTP and graphql-transport-ws), REST at /api. DATABASE_URL, PORT.
import { createServer } from 'node:http';
import { useGraphQlJit } from '@envelop/graphql-jit';
import { useSofa } from '@graphql-yoga/plugin-sofa';
import { execute, subscribe } from 'graphql';
import { useServer } from 'graphql-ws/use/ws';
import { createSchema, createYoga } from 'graphql-yoga';
import { WebSocketServer } from 'ws';
import { connect } from './database.js';
import { resolvers } from './resolvers.js';
import { typeDefs } from './schema.js';
import { createContext } from './context.js';

const sql = connect(process.env.DATABASE_URL);
const schema = createSchema({ typeDefs, resolvers: resolvers(sql) });
const routes = {
  'Query.spaces': { method: 'GET', path: '/spaces' },
  'Query.space': { method: 'GET', path: '/spaces/:id' },
  'Query.communityMessages': { method: 'GET', path: '/communities/:id/messages' },
  'Mutation.postCommunityMessage': { method: 'POST', path: '/communities/:id/messages', responseStatus: 201 },
};
const yoga = createYoga({
  schema,
  context: ({ request }) => createContext(sql, request.headers.get('cookie')),
  graphiql: false,
  landingPage: false,
  logging: false,
  multipart: false,
  cors: false,
  plugins: [useGraphQlJit(), useSofa({ basePath: '/api', depthLimit: 3, routes })],
});

const server = createServer(yoga);
useServer(
  { schema, execute, subscribe, context: (socket) => createContext(sql, socket.extra.request.headers.cookie) },
  new WebSocketServer({ server, path: '/graphql' }),
);
server.keepAliveTimeout = 60_000;
server.listen(Number(process.env.PORT), '127.0.0.1');

// The part of the documented API that is compared.
export const typeDefs = /* GraphQL */ `
  scalar JSON
  type User { id: ID! name: String! image: String }
  type SpaceSummary {
    id: ID! ownerId: ID! name: String! description: String! category: String! tags: JSON! definition: JSON!
    isPublic: Boolean! createdAt: String! updatedAt: String!
  }
  type SpacePage { spaces: [SpaceSummary!]! total: Int! page: Int! totalPages: Int! }
  type SpaceSession { id: ID! playgroundId: ID! status: String! createdAt: String! participantCount: Int! }
  type Space {
    id: ID! ownerId: ID! name: String! description: String! category: String! tags: JSON! definition: JSON!
    isPublic: Boolean! createdAt: String! updatedAt: String! owner: User! sessions: [SpaceSession!]!
  }
  type CommunityMessage {
    id: ID! userId: ID agentListingId: ID content: String! messageType: String! createdAt: String!
    userName: String userImage: String agentName: String ttsAudioUrl: String
  }
  type CommunityMessagePage { messages: [CommunityMessage!]! }
  type PostedMessage { id: ID! userId: ID! content: String! messageType: String! createdAt: String! }
  type Query {
    spaces(search: String, category: String, page: Int, limit: Int): SpacePage!
    space(id: ID!): Space!
    communityMessages(id: ID!, limit: Int): CommunityMessagePage!
  }
  type Mutation { postCommunityMessage(id: ID!, content: String!): PostedMessage! }
  type Subscription { communityMessageAdded(communityId: ID!): PostedMessage! }
`;

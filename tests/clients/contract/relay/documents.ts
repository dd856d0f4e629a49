// Documents of a Relay client: fragments that refetch themselves through `node`, pages, and deletions in the store.
declare const graphql: (parts: TemplateStringsArray) => unknown;

export const club = graphql`
  fragment documents_club on Club @refetchable(queryName: "documentsClubQuery") {
    id
    name
    isVerified
    members(first: 20) {
      edges {
        node {
          id
          user {
            id
            name
          }
        }
      }
    }
  }
`;

export const community = graphql`
  fragment documents_community on Community @refetchable(queryName: "documentsCommunityQuery") {
    id
    memberCount
    viewerMembership {
      id
      role
    }
  }
`;

export const conversation = graphql`
  fragment documents_conversation on Conversation
  @argumentDefinitions(count: { type: "Int", defaultValue: 20 }, cursor: { type: "String" })
  @refetchable(queryName: "documentsConversationQuery") {
    id
    unreadCount
    messages(last: $count, before: $cursor) @connection(key: "documents_messages") {
      edges {
        node {
          id
          content
        }
      }
    }
  }
`;

export const supportChat = graphql`
  fragment documents_supportChat on SupportChat @refetchable(queryName: "documentsSupportChatQuery") {
    id
    status
    community {
      id
      name
    }
  }
`;

export const spaces = graphql`
  fragment documents_spaces on Viewer
  @argumentDefinitions(count: { type: "Int", defaultValue: 20 }, cursor: { type: "String" })
  @refetchable(queryName: "documentsSpacesQuery") {
    id
    spaces(first: $count, after: $cursor) @connection(key: "documents_spaces") {
      edges {
        node {
          id
          name
        }
      }
    }
  }
`;

export const people = graphql`
  query documentsPeopleQuery {
    viewer {
      id
      name
      email
      user {
        id
        name
      }
      wallet {
        id
        balance
      }
      ...documents_spaces
    }
  }
`;

export const createSpace = graphql`
  mutation documentsCreateSpaceMutation($input: CreateSpaceInput!) {
    createSpace(input: $input) {
      space {
        id
        name
      }
    }
  }
`;

export const deleteSpace = graphql`
  mutation documentsDeleteSpaceMutation($input: DeleteSpaceInput!) {
    deleteSpace(input: $input) {
      deletedId @deleteRecord
    }
  }
`;

export const revokeApiKey = graphql`
  mutation documentsRevokeApiKeyMutation($input: RevokeApiKeyInput!) {
    revokeApiKey(input: $input) {
      deletedId @deleteRecord
    }
  }
`;

export const topUp = graphql`
  mutation documentsTopUpMutation($input: TopUpWalletInput!) {
    topUpWallet(input: $input) {
      wallet {
        id
        balance
      }
    }
  }
`;

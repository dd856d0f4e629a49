var e=class extends String{__apiType;value;__meta__;constructor(e,t){super(e),this.value=e,this.__meta__=t}toString(){return this.value}};new e(`
    fragment SpaceRow on Space {
  id
  name
  description
  category
  tags
  isPublic
  owner {
    id
    name
  }
}
    `,{fragmentName:`SpaceRow`}),new e(`
    fragment SessionParts on SpaceSession {
  id
  status
  state
  version
  currentPhase
  prizePool
  startedAt
  finishedAt
  participantCount
  space {
    id
    name
    definition
    owner {
      id
    }
  }
  conversation {
    id
  }
  participants {
    id
    role
    controlMode
    isConnected
    user {
      id
      name
      image
    }
  }
}
    `,{fragmentName:`SessionParts`});var t=new e(`
    query Spaces($search: String, $first: Int!, $after: String) {
  spaces(search: $search, first: $first, after: $after) {
    nodes {
      ...SpaceRow
    }
    pageInfo {
      hasNextPage
      endCursor
    }
  }
}
    fragment SpaceRow on Space {
  id
  name
  description
  category
  tags
  isPublic
  owner {
    id
    name
  }
}`),n=new e(`
    query OwnSpaces($first: Int!, $after: String) {
  viewer {
    spaces(first: $first, after: $after) {
      nodes {
        ...SpaceRow
      }
      pageInfo {
        hasNextPage
        endCursor
      }
    }
  }
}
    fragment SpaceRow on Space {
  id
  name
  description
  category
  tags
  isPublic
  owner {
    id
    name
  }
}`),r=new e(`
    query Space($id: ID!) {
  space(id: $id) {
    ...SpaceRow
    definition
  }
}
    fragment SpaceRow on Space {
  id
  name
  description
  category
  tags
  isPublic
  owner {
    id
    name
  }
}`),i=new e(`
    query SpaceSessions($id: ID!, $first: Int!, $after: String) {
  space(id: $id) {
    sessions(first: $first, after: $after) {
      nodes {
        id
        status
        currentPhase
        participantCount
        createdAt
      }
      pageInfo {
        hasNextPage
        endCursor
      }
    }
  }
}
    `),a=new e(`
    mutation CreateSpace($input: CreateSpaceInput!) {
  createSpace(input: $input) {
    space {
      id
    }
  }
}
    `),o=new e(`
    mutation UpdateSpace($input: UpdateSpaceInput!) {
  updateSpace(input: $input) {
    space {
      id
    }
  }
}
    `),s=new e(`
    mutation DeleteSpace($id: ID!) {
  deleteSpace(input: {spaceId: $id}) {
    deletedId
  }
}
    `),c=new e(`
    query People($text: String!) {
  searchUsers(text: $text) {
    id
    name
    image
  }
}
    `),l=new e(`
    mutation InviteToSpace($spaceId: ID!, $userId: ID!) {
  inviteToSpace(input: {spaceId: $spaceId, userId: $userId}) {
    space {
      id
    }
  }
}
    `),u=new e(`
    mutation RemoveFromSpace($spaceId: ID!, $userId: ID!) {
  removeFromSpace(input: {spaceId: $spaceId, userId: $userId}) {
    space {
      id
    }
  }
}
    `),d=new e(`
    mutation OpenSession($spaceId: ID!) {
  openSpaceSession(input: {spaceId: $spaceId}) {
    spaceSession {
      id
    }
  }
}
    `),f=new e(`
    query Session($id: ID!) {
  spaceSession(id: $id) {
    ...SessionParts
  }
}
    fragment SessionParts on SpaceSession {
  id
  status
  state
  version
  currentPhase
  prizePool
  startedAt
  finishedAt
  participantCount
  space {
    id
    name
    definition
    owner {
      id
    }
  }
  conversation {
    id
  }
  participants {
    id
    role
    controlMode
    isConnected
    user {
      id
      name
      image
    }
  }
}`),p=new e(`
    subscription SessionEvents($id: ID!, $after: String) {
  spaceSessionEvents(sessionId: $id, after: $after) {
    __typename
    position
    ... on SessionEvent {
      session {
        ...SessionParts
      }
    }
  }
}
    fragment SessionParts on SpaceSession {
  id
  status
  state
  version
  currentPhase
  prizePool
  startedAt
  finishedAt
  participantCount
  space {
    id
    name
    definition
    owner {
      id
    }
  }
  conversation {
    id
  }
  participants {
    id
    role
    controlMode
    isConnected
    user {
      id
      name
      image
    }
  }
}`),m=new e(`
    mutation JoinSession($id: ID!) {
  joinSpaceSession(input: {sessionId: $id}) {
    isNew
  }
}
    `),h=new e(`
    mutation LeaveSession($id: ID!) {
  leaveSpaceSession(input: {sessionId: $id}) {
    participant {
      id
    }
  }
}
    `),g=new e(`
    mutation UpdateSession($input: UpdateSpaceSessionInput!) {
  updateSpaceSession(input: $input) {
    spaceSession {
      ...SessionParts
    }
  }
}
    fragment SessionParts on SpaceSession {
  id
  status
  state
  version
  currentPhase
  prizePool
  startedAt
  finishedAt
  participantCount
  space {
    id
    name
    definition
    owner {
      id
    }
  }
  conversation {
    id
  }
  participants {
    id
    role
    controlMode
    isConnected
    user {
      id
      name
      image
    }
  }
}`),_=new e(`
    mutation RemoveFromSession($sessionId: ID!, $userId: ID!) {
  removeFromSpaceSession(input: {sessionId: $sessionId, userId: $userId}) {
    spaceSession {
      id
    }
  }
}
    `);export{o as _,h as a,c,f as d,p as f,g,t as h,m as i,_ as l,i as m,s as n,d as o,r as p,l as r,n as s,a as t,u};
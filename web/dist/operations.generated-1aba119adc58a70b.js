var e=class extends String{__apiType;value;__meta__;constructor(e,t){super(e),this.value=e,this.__meta__=t}toString(){return this.value}};new e(`
    fragment AgentRow on AgentListing {
  id
  agentName
  description
  status
  model
  owner {
    id
    name
  }
}
    `,{fragmentName:`AgentRow`});var t=new e(`
    query Agents($search: String, $first: Int!, $after: String) {
  agentListings(search: $search, first: $first, after: $after) {
    nodes {
      ...AgentRow
    }
    pageInfo {
      hasNextPage
      endCursor
    }
  }
}
    fragment AgentRow on AgentListing {
  id
  agentName
  description
  status
  model
  owner {
    id
    name
  }
}`),n=new e(`
    query WrittenAgents($first: Int!, $after: String) {
  viewer {
    agentListings(first: $first, after: $after) {
      nodes {
        ...AgentRow
      }
      pageInfo {
        hasNextPage
        endCursor
      }
    }
  }
}
    fragment AgentRow on AgentListing {
  id
  agentName
  description
  status
  model
  owner {
    id
    name
  }
}`),r=new e(`
    query Agent($id: ID!) {
  agentListing(id: $id) {
    ...AgentRow
    welcome
    inputCharLimit
    ttsVoice
    dailySpendCap
    systemPrompt
    knowledge {
      title
      text
    }
  }
}
    fragment AgentRow on AgentListing {
  id
  agentName
  description
  status
  model
  owner {
    id
    name
  }
}`),i=new e(`
    mutation CreateAgent($input: CreateAgentListingInput!) {
  createAgentListing(input: $input) {
    agentListing {
      id
    }
  }
}
    `),a=new e(`
    mutation UpdateAgent($input: UpdateAgentListingInput!) {
  updateAgentListing(input: $input) {
    agentListing {
      id
    }
  }
}
    `),o=new e(`
    mutation ArchiveAgent($id: ID!) {
  archiveAgentListing(input: {agentListingId: $id}) {
    agentListing {
      id
    }
  }
}
    `),s=new e(`
    query Places {
  viewer {
    createdCommunities(first: 20) {
      nodes {
        __typename
        id
        name
        kind
        status
        defaultAgentListingId
        agents {
          agentListing {
            id
          }
        }
        conversation {
          id
        }
        ... on Lounge {
          viewerChat {
            id
          }
        }
      }
    }
  }
}
    `),c=new e(`
    mutation CreateWorkshop($input: CreateLoungeInput!) {
  createLounge(input: $input) {
    lounge {
      id
    }
  }
}
    `),l=new e(`
    mutation StartTrial($loungeId: ID!) {
  startLoungeChat(input: {loungeId: $loungeId}) {
    conversation {
      id
    }
  }
}
    `);export{c as a,a as c,i,n as l,t as n,s as o,o as r,l as s,r as t};
var e=class extends String{__apiType;value;__meta__;constructor(e,t){super(e),this.value=e,this.__meta__=t}toString(){return this.value}};new e(`
    fragment QueueParts on SupportChat {
  id
  conversationId
  communityId
  status
  waitingSince
  unansweredSince
  lateSince
  noteCount
  customer {
    id
    name
    image
  }
  assignee {
    id
    name
  }
  conversation {
    lastMessage {
      content
      agentName
      author {
        name
      }
    }
  }
}
    `,{fragmentName:`QueueParts`});var t=new e(`
    subscription Queue($id: ID!) {
  supportQueue(communityId: $id) {
    isSnapshot
    removedIds
    orderedIds
    chats {
      ...QueueParts
    }
  }
}
    fragment QueueParts on SupportChat {
  id
  conversationId
  communityId
  status
  waitingSince
  unansweredSince
  lateSince
  noteCount
  customer {
    id
    name
    image
  }
  assignee {
    id
    name
  }
  conversation {
    lastMessage {
      content
      agentName
      author {
        name
      }
    }
  }
}`),n=new e(`
    query DeskHead($id: ID!) {
  community(id: $id) {
    __typename
    id
    name
    viewerMembership {
      role
    }
    ... on OfficialAccount {
      isSupportOpen
    }
  }
}
    `),r=new e(`
    query Team($id: ID!) {
  community(id: $id) {
    creator {
      id
      name
      image
    }
    moderators: members(role: MODERATOR, first: 50) {
      nodes {
        displayName
        user {
          id
          name
          image
        }
      }
    }
    agents: members(role: CS_AGENT, first: 50) {
      nodes {
        displayName
        user {
          id
          name
          image
        }
      }
    }
  }
}
    `),i=new e(`
    mutation Transfer($conversationId: ID!, $userId: ID!) {
  transferSupportChat(input: {conversationId: $conversationId, userId: $userId}) {
    supportChat {
      id
    }
  }
}
    `),a=new e(`
    query CannedAnswers($id: ID!) {
  cannedAnswers(communityId: $id) {
    id
    title
    text
  }
}
    `),o=new e(`
    mutation CreateCanned($communityId: ID!, $title: String!, $text: String!) {
  createCannedAnswer(
    input: {communityId: $communityId, title: $title, text: $text}
  ) {
    cannedAnswer {
      id
    }
  }
}
    `),s=new e(`
    mutation UpdateCanned($id: ID!, $title: String, $text: String) {
  updateCannedAnswer(input: {cannedAnswerId: $id, title: $title, text: $text}) {
    cannedAnswer {
      id
    }
  }
}
    `),c=new e(`
    mutation DeleteCanned($id: ID!) {
  deleteCannedAnswer(input: {cannedAnswerId: $id}) {
    deletedId
  }
}
    `),l=new e(`
    query Statistics($id: ID!) {
  supportStatistics(communityId: $id) {
    waitingNow
    servedNow
    episodes
    resolved
    resolvedByAi
    firstResponseP50Seconds
    firstResponseP90Seconds
    late
    rating
    ratings
    days {
      date
      episodes
      resolved
      resolvedByAi
    }
  }
}
    `),u=new e(`
    query SupportSettings($id: ID!) {
  supportSettings(communityId: $id) {
    callFee
    capacity
    answerWithinSeconds
    firstResponseWithinSeconds
    nextResponseWithinSeconds
    timeZone
    utcOffsetMinutes
    hours {
      day
      opens
      closes
    }
    awayMessage
    updatedAt
  }
}
    `),d=new e(`
    mutation UpdateSupportSettings($input: UpdateSupportSettingsInput!) {
  updateSupportSettings(input: $input) {
    supportSettings {
      updatedAt
    }
  }
}
    `);export{t as a,r as c,d,n as i,i as l,o as n,l as o,c as r,u as s,a as t,s as u};
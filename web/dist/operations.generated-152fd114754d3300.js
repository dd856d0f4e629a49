var e=class extends String{__apiType;value;__meta__;constructor(e,t){super(e),this.value=e,this.__meta__=t}toString(){return this.value}};new e(`
    fragment MessageParts on Message {
  id
  number
  cursor
  authorId
  author {
    id
    name
    image
  }
  agentListingId
  agentName
  kind
  content
  replyToId
  replyTo {
    id
    number
    cursor
    content
    deletedAt
    agentName
    author {
      name
    }
  }
  isFromBlocked
  isIncomplete
  ttsAudioUrl
  reactions {
    emoji
    count
    hasViewerReacted
  }
  createdAt
  editedAt
  deletedAt
  agentReply {
    id
    status
    agentListing {
      agentName
    }
  }
}
    `,{fragmentName:`MessageParts`}),new e(`
    fragment SupportParts on SupportChat {
  id
  conversationId
  communityId
  status
  waitingSince
  lateSince
  customer {
    id
    name
  }
  assignee {
    id
    name
  }
  currentEpisode {
    number
    rating
  }
}
    `,{fragmentName:`SupportParts`});var t=new e(`
    subscription Events($id: ID!, $after: String) {
  conversationEvents(conversationId: $id, after: $after, activity: true) {
    __typename
    position
    ... on ConversationSnapshot {
      conversation {
        id
        kind
        title
        communityId
        sessionId
        canSendVoice
        support {
          ...SupportParts
        }
      }
      messages(last: 50) {
        ...MessageParts
      }
    }
    ... on MessageEvent {
      change
      message {
        ...MessageParts
      }
    }
    ... on SupportEvent {
      support {
        ...SupportParts
      }
    }
    ... on ConversationActivity {
      presentCount
      typing {
        id
        name
      }
    }
  }
}
    fragment MessageParts on Message {
  id
  number
  cursor
  authorId
  author {
    id
    name
    image
  }
  agentListingId
  agentName
  kind
  content
  replyToId
  replyTo {
    id
    number
    cursor
    content
    deletedAt
    agentName
    author {
      name
    }
  }
  isFromBlocked
  isIncomplete
  ttsAudioUrl
  reactions {
    emoji
    count
    hasViewerReacted
  }
  createdAt
  editedAt
  deletedAt
  agentReply {
    id
    status
    agentListing {
      agentName
    }
  }
}
fragment SupportParts on SupportChat {
  id
  conversationId
  communityId
  status
  waitingSince
  lateSince
  customer {
    id
    name
  }
  assignee {
    id
    name
  }
  currentEpisode {
    number
    rating
  }
}`),n=new e(`
    query Earlier($id: ID!, $before: DateTime!, $limit: Int! = 50) {
  messages(conversationId: $id, before: $before, limit: $limit) {
    ...MessageParts
  }
}
    fragment MessageParts on Message {
  id
  number
  cursor
  authorId
  author {
    id
    name
    image
  }
  agentListingId
  agentName
  kind
  content
  replyToId
  replyTo {
    id
    number
    cursor
    content
    deletedAt
    agentName
    author {
      name
    }
  }
  isFromBlocked
  isIncomplete
  ttsAudioUrl
  reactions {
    emoji
    count
    hasViewerReacted
  }
  createdAt
  editedAt
  deletedAt
  agentReply {
    id
    status
    agentListing {
      agentName
    }
  }
}`),r=new e(`
    query Before($id: ID!, $cursor: String!) {
  conversation(id: $id) {
    messages(last: 25, before: $cursor) {
      nodes {
        ...MessageParts
      }
    }
  }
}
    fragment MessageParts on Message {
  id
  number
  cursor
  authorId
  author {
    id
    name
    image
  }
  agentListingId
  agentName
  kind
  content
  replyToId
  replyTo {
    id
    number
    cursor
    content
    deletedAt
    agentName
    author {
      name
    }
  }
  isFromBlocked
  isIncomplete
  ttsAudioUrl
  reactions {
    emoji
    count
    hasViewerReacted
  }
  createdAt
  editedAt
  deletedAt
  agentReply {
    id
    status
    agentListing {
      agentName
    }
  }
}`),i=new e(`
    query Later($id: ID!, $after: String) {
  conversation(id: $id) {
    messages(first: 50, after: $after) {
      nodes {
        ...MessageParts
      }
      pageInfo {
        hasNextPage
      }
    }
  }
}
    fragment MessageParts on Message {
  id
  number
  cursor
  authorId
  author {
    id
    name
    image
  }
  agentListingId
  agentName
  kind
  content
  replyToId
  replyTo {
    id
    number
    cursor
    content
    deletedAt
    agentName
    author {
      name
    }
  }
  isFromBlocked
  isIncomplete
  ttsAudioUrl
  reactions {
    emoji
    count
    hasViewerReacted
  }
  createdAt
  editedAt
  deletedAt
  agentReply {
    id
    status
    agentListing {
      agentName
    }
  }
}`),a=new e(`
    query Search($id: ID!, $text: String!) {
  conversation(id: $id) {
    search(text: $text, limit: 50) {
      ...MessageParts
    }
  }
}
    fragment MessageParts on Message {
  id
  number
  cursor
  authorId
  author {
    id
    name
    image
  }
  agentListingId
  agentName
  kind
  content
  replyToId
  replyTo {
    id
    number
    cursor
    content
    deletedAt
    agentName
    author {
      name
    }
  }
  isFromBlocked
  isIncomplete
  ttsAudioUrl
  reactions {
    emoji
    count
    hasViewerReacted
  }
  createdAt
  editedAt
  deletedAt
  agentReply {
    id
    status
    agentListing {
      agentName
    }
  }
}`),o=new e(`
    mutation Read($id: ID!) {
  markRead(input: {conversationId: $id}) {
    conversation {
      id
    }
  }
}
    `),s=new e(`
    mutation Typing($id: ID!) {
  setTyping(input: {conversationId: $id}) {
    conversation {
      id
    }
  }
}
    `),c=new e(`
    mutation Edit($id: ID!, $content: String!) {
  editMessage(input: {messageId: $id, content: $content}) {
    message {
      ...MessageParts
    }
  }
}
    fragment MessageParts on Message {
  id
  number
  cursor
  authorId
  author {
    id
    name
    image
  }
  agentListingId
  agentName
  kind
  content
  replyToId
  replyTo {
    id
    number
    cursor
    content
    deletedAt
    agentName
    author {
      name
    }
  }
  isFromBlocked
  isIncomplete
  ttsAudioUrl
  reactions {
    emoji
    count
    hasViewerReacted
  }
  createdAt
  editedAt
  deletedAt
  agentReply {
    id
    status
    agentListing {
      agentName
    }
  }
}`),l=new e(`
    mutation Delete($id: ID!) {
  deleteMessage(input: {messageId: $id}) {
    message {
      ...MessageParts
    }
  }
}
    fragment MessageParts on Message {
  id
  number
  cursor
  authorId
  author {
    id
    name
    image
  }
  agentListingId
  agentName
  kind
  content
  replyToId
  replyTo {
    id
    number
    cursor
    content
    deletedAt
    agentName
    author {
      name
    }
  }
  isFromBlocked
  isIncomplete
  ttsAudioUrl
  reactions {
    emoji
    count
    hasViewerReacted
  }
  createdAt
  editedAt
  deletedAt
  agentReply {
    id
    status
    agentListing {
      agentName
    }
  }
}`),u=new e(`
    mutation React($id: ID!, $emoji: String!) {
  addReaction(input: {messageId: $id, emoji: $emoji}) {
    message {
      ...MessageParts
    }
  }
}
    fragment MessageParts on Message {
  id
  number
  cursor
  authorId
  author {
    id
    name
    image
  }
  agentListingId
  agentName
  kind
  content
  replyToId
  replyTo {
    id
    number
    cursor
    content
    deletedAt
    agentName
    author {
      name
    }
  }
  isFromBlocked
  isIncomplete
  ttsAudioUrl
  reactions {
    emoji
    count
    hasViewerReacted
  }
  createdAt
  editedAt
  deletedAt
  agentReply {
    id
    status
    agentListing {
      agentName
    }
  }
}`),d=new e(`
    mutation Unreact($id: ID!, $emoji: String!) {
  removeReaction(input: {messageId: $id, emoji: $emoji}) {
    message {
      ...MessageParts
    }
  }
}
    fragment MessageParts on Message {
  id
  number
  cursor
  authorId
  author {
    id
    name
    image
  }
  agentListingId
  agentName
  kind
  content
  replyToId
  replyTo {
    id
    number
    cursor
    content
    deletedAt
    agentName
    author {
      name
    }
  }
  isFromBlocked
  isIncomplete
  ttsAudioUrl
  reactions {
    emoji
    count
    hasViewerReacted
  }
  createdAt
  editedAt
  deletedAt
  agentReply {
    id
    status
    agentListing {
      agentName
    }
  }
}`),f=new e(`
    subscription Answer($id: ID!, $after: String) {
  agentReply(id: $id, after: $after) {
    kind
    position
    ... on AgentReplyChunk {
      content
    }
    ... on AgentReplyError {
      message
    }
    ... on AgentReplyMeta {
      reply {
        asker {
          id
        }
        agentListing {
          agentName
        }
      }
    }
  }
}
    `),p=new e(`
    mutation StopAnswer($id: ID!) {
  stopAgentReply(input: {agentReplyId: $id}) {
    agentReply {
      id
    }
  }
}
    `),m=new e(`
    subscription Place($id: ID!) {
  supportQueuePosition(conversationId: $id) {
    position
  }
}
    `),h=new e(`
    mutation Rate($id: ID!, $rating: Int!) {
  rateSupportChat(input: {conversationId: $id, rating: $rating}) {
    supportChat {
      ...SupportParts
    }
  }
}
    fragment SupportParts on SupportChat {
  id
  conversationId
  communityId
  status
  waitingSince
  lateSince
  customer {
    id
    name
  }
  assignee {
    id
    name
  }
  currentEpisode {
    number
    rating
  }
}`),g=new e(`
    mutation RequestHuman($id: ID!) {
  requestHuman(input: {communityId: $id}) {
    supportChat {
      id
    }
  }
}
    `),_=new e(`
    mutation Resolve($communityId: ID!, $id: ID!) {
  resolveSupportChat(input: {communityId: $communityId, conversationId: $id}) {
    supportChat {
      id
    }
  }
}
    `),v=new e(`
    mutation Accept($communityId: ID!, $id: ID!) {
  acceptTransfer(input: {communityId: $communityId, conversationId: $id}) {
    supportChat {
      id
    }
  }
}
    `),y=new e(`
    mutation HandBack($id: ID!) {
  transferSupportChat(input: {conversationId: $id}) {
    supportChat {
      id
    }
  }
}
    `),b=new e(`
    mutation AddNote($id: ID!, $text: String!) {
  addSupportNote(input: {conversationId: $id, text: $text}) {
    supportNote {
      id
      text
      createdAt
      author {
        name
      }
    }
  }
}
    `),x=new e(`
    query Desk($communityId: ID!, $id: ID!) {
  cannedAnswers(communityId: $communityId) {
    id
    title
    text
  }
  supportNotes(conversationId: $id) {
    id
    text
    createdAt
    author {
      name
    }
  }
}
    `),S=new e(`
    mutation Subscribe($id: ID!, $price: Coins!) {
  subscribeToLounge(input: {loungeId: $id, expectedPrice: $price}) {
    loungeSubscription {
      id
    }
  }
}
    `),C=new e(`
    mutation Block($userId: ID!, $label: String) {
  blockUser(input: {userId: $userId, label: $label}) {
    blockedUser {
      userId
    }
  }
}
    `),w=new e(`
    query Reactors($id: ID!) {
  node(id: $id) {
    __typename
    ... on Message {
      reactions {
        emoji
        users {
          id
          name
        }
      }
    }
  }
}
    `);export{s as C,S,o as _,C as a,a as b,n as c,y as d,i as f,w as g,u as h,r as i,c as l,h as m,b as n,l as o,m as p,f as r,x as s,v as t,t as u,g as v,d as w,p as x,_ as y};
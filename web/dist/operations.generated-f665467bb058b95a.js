var e=class extends String{__apiType;value;__meta__;constructor(e,t){super(e),this.value=e,this.__meta__=t}toString(){return this.value}};new e(`
    fragment ReportParts on Report {
  id
  reporter {
    id
    name
  }
  community {
    id
    name
  }
  spaceId
  conversationId
  messageId
  content
  reported {
    id
    name
  }
  reportedName
  reason
  note
  status
  outcome
  closedBy {
    id
    name
  }
  closingNote
  createdAt
  closedAt
}
    `,{fragmentName:`ReportParts`});var t=new e(`
    query OwnReports($first: Int!, $after: String) {
  ownReports(first: $first, after: $after) {
    nodes {
      ...ReportParts
    }
    pageInfo {
      hasNextPage
      endCursor
    }
  }
}
    fragment ReportParts on Report {
  id
  reporter {
    id
    name
  }
  community {
    id
    name
  }
  spaceId
  conversationId
  messageId
  content
  reported {
    id
    name
  }
  reportedName
  reason
  note
  status
  outcome
  closedBy {
    id
    name
  }
  closingNote
  createdAt
  closedAt
}`),n=new e(`
    query Blocked($first: Int!, $after: String) {
  blockedUsers(first: $first, after: $after) {
    nodes {
      userId
      label
      createdAt
    }
    pageInfo {
      hasNextPage
      endCursor
    }
  }
}
    `),r=new e(`
    mutation Unblock($userId: ID!) {
  unblockUser(input: {userId: $userId}) {
    deletedId
  }
}
    `),i=new e(`
    mutation CreateReport($messageId: ID, $userId: ID, $conversationId: ID, $communityId: ID, $sessionId: ID, $reason: ReportReason!, $note: String) {
  createReport(
    input: {messageId: $messageId, userId: $userId, conversationId: $conversationId, communityId: $communityId, sessionId: $sessionId, reason: $reason, note: $note}
  ) {
    report {
      id
    }
  }
}
    `),a=new e(`
    query Reports($communityId: ID, $spaceId: ID, $status: ReportStatus, $first: Int!, $after: String) {
  reports(
    communityId: $communityId
    spaceId: $spaceId
    status: $status
    first: $first
    after: $after
  ) {
    nodes {
      ...ReportParts
    }
    pageInfo {
      hasNextPage
      endCursor
    }
  }
}
    fragment ReportParts on Report {
  id
  reporter {
    id
    name
  }
  community {
    id
    name
  }
  spaceId
  conversationId
  messageId
  content
  reported {
    id
    name
  }
  reportedName
  reason
  note
  status
  outcome
  closedBy {
    id
    name
  }
  closingNote
  createdAt
  closedAt
}`),o=new e(`
    subscription OpenReports($communityId: ID, $spaceId: ID) {
  reportEvents(communityId: $communityId, spaceId: $spaceId) {
    isSnapshot
    removedIds
    reports {
      ...ReportParts
    }
  }
}
    fragment ReportParts on Report {
  id
  reporter {
    id
    name
  }
  community {
    id
    name
  }
  spaceId
  conversationId
  messageId
  content
  reported {
    id
    name
  }
  reportedName
  reason
  note
  status
  outcome
  closedBy {
    id
    name
  }
  closingNote
  createdAt
  closedAt
}`),s=new e(`
    mutation CloseReport($id: ID!, $outcome: ReportOutcome!, $note: String) {
  closeReport(input: {reportId: $id, outcome: $outcome, note: $note}) {
    report {
      ...ReportParts
    }
  }
}
    fragment ReportParts on Report {
  id
  reporter {
    id
    name
  }
  community {
    id
    name
  }
  spaceId
  conversationId
  messageId
  content
  reported {
    id
    name
  }
  reportedName
  reason
  note
  status
  outcome
  closedBy {
    id
    name
  }
  closingNote
  createdAt
  closedAt
}`);export{t as a,o as i,s as n,a as o,i as r,r as s,n as t};
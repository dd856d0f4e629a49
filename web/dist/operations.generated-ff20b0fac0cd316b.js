var e=class extends String{__apiType;value;__meta__;constructor(e,t){super(e),this.value=e,this.__meta__=t}toString(){return this.value}},t=new e(`
    query Managed($id: ID!) {
  community(id: $id) {
    __typename
    id
    name
    kind
    status
    description
    category
    tags
    joinFee
    monthlyFee
    agentCallFee
    canMentionAgents
    language
    csMode
    defaultAgentListingId
    viewerMembership {
      role
    }
    agents {
      id
      addedAt
      agentListing {
        id
        agentName
        description
        status
        owner {
          name
        }
      }
    }
    ... on OfficialAccount {
      isVerified
      verification {
        id
        status
        businessName
        businessRegistration
        documentsUrl
        reviewerNotes
        createdAt
        reviewedAt
      }
    }
    ... on Lounge {
      freeMinutesPerDay
      subscriptionPrice
      timeZone
      voice {
        status
        reason
        samplesUrl
      }
    }
  }
}
    `),n=new e(`
    query OwnAgents {
  viewer {
    agentListings(first: 50) {
      nodes {
        id
        agentName
        status
      }
    }
  }
}
    `),r=new e(`
    mutation CreateCommunity($input: CreateCommunityInput!) {
  createCommunity(input: $input) {
    community {
      id
    }
  }
}
    `),i=new e(`
    mutation UpdateCommunity($input: UpdateCommunityInput!) {
  updateCommunity(input: $input) {
    community {
      id
    }
  }
}
    `),a=new e(`
    mutation CreateLounge($input: CreateLoungeInput!) {
  createLounge(input: $input) {
    lounge {
      id
    }
  }
}
    `),o=new e(`
    mutation UpdateLounge($input: UpdateLoungeInput!) {
  updateLounge(input: $input) {
    lounge {
      id
    }
  }
}
    `),s=new e(`
    mutation ArchiveCommunity($id: ID!) {
  archiveCommunity(input: {communityId: $id}) {
    community {
      id
    }
  }
}
    `),c=new e(`
    query Members($id: ID!, $role: MemberRole, $first: Int!, $after: String) {
  community(id: $id) {
    members(role: $role, first: $first, after: $after) {
      nodes {
        id
        role
        displayName
        joinedAt
        subscriptionStatus
        user {
          id
          name
          image
        }
        mute {
          until
          reason
        }
      }
      pageInfo {
        hasNextPage
        endCursor
      }
    }
  }
}
    `),l=new e(`
    query Bans($id: ID!, $first: Int!, $after: String) {
  community(id: $id) {
    bans(first: $first, after: $after) {
      nodes {
        id
        reason
        until
        createdAt
        user {
          id
          name
          image
        }
        by {
          name
        }
      }
      pageInfo {
        hasNextPage
        endCursor
      }
    }
  }
}
    `),u=new e(`
    mutation SetRole($communityId: ID!, $userId: ID!, $role: MemberRole!) {
  setMemberRole(input: {communityId: $communityId, userId: $userId, role: $role}) {
    membership {
      id
    }
  }
}
    `),d=new e(`
    mutation RemoveMember($communityId: ID!, $userId: ID!) {
  removeMember(input: {communityId: $communityId, userId: $userId}) {
    community {
      id
    }
  }
}
    `),f=new e(`
    mutation Ban($communityId: ID!, $userId: ID!, $reason: String, $until: DateTime) {
  banMember(
    input: {communityId: $communityId, userId: $userId, reason: $reason, until: $until}
  ) {
    ban {
      id
    }
  }
}
    `),p=new e(`
    mutation Unban($communityId: ID!, $userId: ID!) {
  unbanMember(input: {communityId: $communityId, userId: $userId}) {
    community {
      id
    }
  }
}
    `),m=new e(`
    mutation Mute($communityId: ID!, $userId: ID!, $reason: String, $until: DateTime) {
  muteMember(
    input: {communityId: $communityId, userId: $userId, reason: $reason, until: $until}
  ) {
    membership {
      id
    }
  }
}
    `),h=new e(`
    mutation Unmute($communityId: ID!, $userId: ID!) {
  unmuteMember(input: {communityId: $communityId, userId: $userId}) {
    membership {
      id
    }
  }
}
    `),g=new e(`
    mutation TransferOwnership($communityId: ID!, $userId: ID!) {
  transferOwnership(input: {communityId: $communityId, userId: $userId}) {
    community {
      id
    }
  }
}
    `),_=new e(`
    mutation InviteCsAgent($communityId: ID!, $userId: ID!) {
  inviteCsAgent(input: {communityId: $communityId, userId: $userId}) {
    membership {
      id
    }
  }
}
    `),v=new e(`
    query Catalogue($search: String, $first: Int!, $after: String) {
  agentListings(search: $search, first: $first, after: $after) {
    nodes {
      id
      agentName
      description
      owner {
        name
      }
    }
    pageInfo {
      hasNextPage
      endCursor
    }
  }
}
    `),y=new e(`
    mutation AddAgent($communityId: ID!, $listingId: ID!) {
  addCommunityAgent(
    input: {communityId: $communityId, agentListingId: $listingId}
  ) {
    communityAgent {
      id
    }
  }
}
    `),b=new e(`
    mutation RemoveAgent($communityId: ID!, $listingId: ID!) {
  removeCommunityAgent(
    input: {communityId: $communityId, agentListingId: $listingId}
  ) {
    deletedId
  }
}
    `),x=new e(`
    mutation RequestVerification($input: RequestVerificationInput!) {
  requestVerification(input: $input) {
    verificationRequest {
      id
    }
  }
}
    `),S=new e(`
    query Dashboard($id: ID!) {
  loungeDashboard(loungeId: $id) {
    memberCount
    activeSubscriptions
    totalConversations
    todayUsageSeconds
    days(last: 28) {
      date
      usageSeconds
      members
      subscriptions
      earnings
    }
  }
}
    `),C=new e(`
    mutation CloneVoice($id: ID!, $statement: String!) {
  cloneLoungeVoice(
    input: {loungeId: $id, consent: {isAccepted: true, statement: $statement}}
  ) {
    lounge {
      id
    }
  }
}
    `),w=new e(`
    mutation WithdrawVoice($id: ID!) {
  withdrawLoungeVoice(input: {loungeId: $id}) {
    lounge {
      id
    }
  }
}
    `);export{o as C,i as S,x as _,v as a,p as b,a as c,t as d,c as f,d as g,b as h,l as i,S as l,n as m,s as n,C as o,m as p,f as r,r as s,y as t,_ as u,u as v,w,h as x,g as y};
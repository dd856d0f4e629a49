import{a as e}from"./rolldown-runtime-56689dc2ec3d255a.js";import{n as t}from"./jsx-runtime-4f8e4449067893b6.js";import{a as n,n as r}from"./plaza-c07069489b1672a2.js";import{t as i}from"./refusal-5398e32f8355a68a.js";var a=e(t(),1),o=class extends String{__apiType;value;__meta__;constructor(e,t){super(e),this.value=e,this.__meta__=t}toString(){return this.value}},s=new o(`
    query Community($id: ID!) {
  community(id: $id) {
    __typename
    id
    name
    kind
    status
    description
    memberCount
    isVerified
    joinFee
    monthlyFee
    agentCallFee
    creator {
      id
      name
    }
    agents {
      agentListing {
        id
        agentName
        description
        status
      }
    }
    viewerMembership {
      role
      displayName
      subscriptionStatus
      paidUntil
      hasAutoRenewal
      agreedFee
    }
    conversation {
      id
    }
    ... on OfficialAccount {
      isSupportOpen
      csMode
    }
    ... on Lounge {
      freeMinutesPerDay
      subscriptionPrice
      allowance {
        leftSeconds
        isUnlimited
        resetsAt
      }
      voice {
        status
      }
      subscription {
        status
        paidUntil
        hasAutoRenewal
        agreedPrice
      }
    }
  }
}
    `),c=new o(`
    mutation Join($id: ID!, $total: Coins!) {
  joinCommunity(input: {communityId: $id, expectedTotal: $total}) {
    membership {
      id
    }
  }
}
    `),l=new o(`
    mutation Leave($id: ID!) {
  leaveCommunity(input: {communityId: $id}) {
    community {
      id
    }
  }
}
    `),u=new o(`
    mutation StartSupport($id: ID!) {
  startSupportChat(input: {communityId: $id}) {
    supportChat {
      conversationId
    }
  }
}
    `),d=new o(`
    mutation StartTalk($id: ID!) {
  startLoungeChat(input: {loungeId: $id}) {
    conversation {
      id
    }
  }
}
    `),f=new o(`
    mutation UpdateMembership($id: ID!, $displayName: String) {
  updateMembership(input: {communityId: $id, displayName: $displayName}) {
    membership {
      id
    }
  }
}
    `),p=new o(`
    mutation SetMembershipRenewal($id: ID!, $autoRenew: Boolean!) {
  updateMembership(input: {communityId: $id, hasAutoRenewal: $autoRenew}) {
    membership {
      id
    }
  }
}
    `),m=new o(`
    mutation CancelMembership($id: ID!) {
  cancelMembership(input: {communityId: $id}) {
    membership {
      id
    }
  }
}
    `),h=new o(`
    mutation ResumeMembership($id: ID!) {
  resumeMembership(input: {communityId: $id}) {
    membership {
      id
    }
  }
}
    `),g=new o(`
    mutation SetSubscriptionRenewal($id: ID!, $autoRenew: Boolean!) {
  setLoungeAutoRenew(input: {loungeId: $id, hasAutoRenewal: $autoRenew}) {
    loungeSubscription {
      id
    }
  }
}
    `),_=new o(`
    mutation CancelSubscription($id: ID!) {
  cancelLoungeSubscription(input: {loungeId: $id}) {
    loungeSubscription {
      id
    }
  }
}
    `);function v(e){let{run:t}=n(),o=r()===`open`,[c,l]=(0,a.useState)(),[u,d]=(0,a.useState)(0);return(0,a.useEffect)(()=>{if(!e)return;let n=!0;return t(s,{id:e}).then(({community:e})=>n&&l(e),e=>{e instanceof i&&(e.code===`NOT_FOUND`||e.code===`INVALID`)&&n&&l(null)}),()=>{n=!1}},[t,e,o,u]),[c,(0,a.useCallback)(()=>d(e=>e+1),[])]}export{l as a,g as c,f as d,c as i,u as l,m as n,h as o,_ as r,p as s,v as t,d as u};
import{a as e}from"./rolldown-runtime-56689dc2ec3d255a.js";import{o as t}from"./i18n-75b158de47cbc141.js";import{t as n}from"./page-a5c6ae6cca64ec70.js";import{t as r}from"./tabs-291d656833e7795c.js";import{t as i}from"./not-found-486d97552e4baec8.js";import{a,o,r as s}from"./plaza-c9236f82bb780399.js";import{h as c,n as l,p as u}from"./routes-3c508fcdbeddc879.js";import{t as d}from"./audit-log-4c9976820cb69d70.js";import{t as f}from"./report-list-bc2d0c8c5137e29d.js";import{n as p,t as m}from"./jsx-runtime-4f8e4449067893b6.js";import{t as h}from"./avatar-d5ef3b5b604023ec.js";import{a as g,i as _,n as v,r as y,s as b,t as x}from"./notices-8eaff88296c3a72f.js";import{n as S,r as C}from"./dialog-bfff8f329c7ce707.js";import{a as w,c as T,i as E,l as D,n as O,s as k,u as A}from"./field-03871a5cf514870c.js";import{n as j,t as M}from"./listing-2ae02942b79de201.js";import{n as N}from"./toast-6583c733a36299e4.js";/* empty css                      */import{a as P,t as F}from"./format-d6324d5b9452de7a.js";import{n as I}from"./figures-40ffcc4faa4501ed.js";import{n as L}from"./tag-dc9b9c9fd167fb15.js";import{i as R,n as z,r as B,t as ee}from"./menu-a7632e89751efb3b.js";import{t as V}from"./copy-dbe4fa0a795c6513.js";import{t as H}from"./delayed-9de8072a3fd493e3.js";import{t as U}from"./when-211010ea47d8b02c.js";var W={name:`badge-check`,size:24,node:[[`path`,{d:`M3.85 8.62a4 4 0 0 1 4.78-4.77 4 4 0 0 1 6.74 0 4 4 0 0 1 4.78 4.78 4 4 0 0 1 0 6.74 4 4 0 0 1-4.77 4.78 4 4 0 0 1-6.75 0 4 4 0 0 1-4.78-4.77 4 4 0 0 1 0-6.76Z`,key:`3c2336`}],[`path`,{d:`m16 9-5.5 5.5L8 12`,key:`xofnsj`}]],aliases:[`verified`]};W.node;var G=_(W),K=e(p(),1),q=class extends String{__apiType;value;__meta__;constructor(e,t){super(e),this.value=e,this.__meta__=t}toString(){return this.value}},J=new q(`
    query Users($search: String, $banned: Boolean, $admins: Boolean, $page: Int!) {
  users(search: $search, banned: $banned, admins: $admins, page: $page, limit: 30) {
    nodes {
      userId
      name
      email
      image
      isAdmin
      bannedAt
      banReason
      createdAt
    }
    totalCount
    page
    totalPages
  }
}
    `),Y=new q(`
    mutation BanUser($userId: ID!, $reason: String!) {
  banUser(input: {userId: $userId, reason: $reason}) {
    account {
      id
    }
  }
}
    `),X=new q(`
    mutation UnbanUser($userId: ID!) {
  unbanUser(input: {userId: $userId}) {
    account {
      id
    }
  }
}
    `),Z=new q(`
    mutation GrantCoins($userId: ID!, $amount: Coins!, $note: String!) {
  grantCoins(input: {userId: $userId, amount: $amount, note: $note}) {
    walletEntryId
  }
}
    `),Q=new q(`
    query VerificationRequests($status: VerificationStatus, $first: Int!, $after: String) {
  verificationRequests(status: $status, first: $first, after: $after) {
    nodes {
      id
      status
      businessName
      businessRegistration
      documentsUrl
      reviewerNotes
      createdAt
      community {
        id
        name
      }
      requester {
        id
        name
      }
      reviewer {
        name
      }
    }
    pageInfo {
      hasNextPage
      endCursor
    }
  }
}
    `),te=new q(`
    mutation ReviewVerification($id: ID!, $status: VerificationVerdict!, $notes: String) {
  reviewVerification(
    input: {verificationRequestId: $id, status: $status, reviewerNotes: $notes}
  ) {
    verificationRequest {
      id
    }
  }
}
    `),ne=new q(`
    query CommunitiesByStatus($status: CommunityStatus!, $first: Int!, $after: String) {
  communitiesByStatus(status: $status, first: $first, after: $after) {
    nodes {
      id
      name
      kind
      memberCount
      creator {
        name
      }
    }
    pageInfo {
      hasNextPage
      endCursor
    }
  }
}
    `),re=new q(`
    mutation SuspendCommunity($id: ID!, $reason: String!) {
  suspendCommunity(input: {communityId: $id, reason: $reason}) {
    community {
      id
    }
  }
}
    `),ie=new q(`
    mutation ReinstateCommunity($id: ID!) {
  reinstateCommunity(input: {communityId: $id}) {
    community {
      id
    }
  }
}
    `),ae=new q(`
    query LedgerState {
  platform {
    earnings
    ledger {
      issued
      available
      held
      earnings
      sum
    }
  }
}
    `),$=m();function oe({account:{userId:e,name:n},onClose:r,onDone:i}){let o=t(`admin`),c=t(`common`),{run:l}=a(),u=s(),d=async t=>{await u.attempt(()=>l(Y,{userId:e,reason:D(t,`reason`)}))&&(i(),r())};return(0,$.jsxs)(S,{title:o(`banTitle`,{name:n}),onClose:r,children:[(0,$.jsx)(`p`,{children:o(`banText`)}),(0,$.jsx)(k,{submission:u,onSubmit:e=>void d(e),onCancel:r,action:o(`ban`),isDangerous:!0,children:(0,$.jsx)(O,{label:c(`reason`),name:`reason`,required:!0,maxLength:500})})]})}function se({account:{userId:e,name:n},onClose:r}){let i=t(`admin`),{run:o,refreshMe:c}=a(),l=N(),u=s(),d=async t=>{let a=A(t,`amount`)??0;await u.attempt(()=>o(Z,{userId:e,amount:a,note:D(t,`note`)}))&&(l({text:i(`granted`,{count:a,name:n})}),c(),r())};return(0,$.jsxs)(S,{title:i(`grantTitle`,{name:n}),onClose:r,children:[(0,$.jsx)(`p`,{children:i(`grantText`)}),(0,$.jsxs)(k,{submission:u,onSubmit:e=>void d(e),onCancel:r,action:i(`grant`),children:[(0,$.jsx)(O,{label:i(`amount`),name:`amount`,type:`number`,min:1,step:1,required:!0}),(0,$.jsx)(O,{label:i(`grantNote`),name:`note`,required:!0,maxLength:200})]})]})}function ce({community:{id:e,name:n},onClose:r,onDone:i}){let o=t(`admin`),c=t(`common`),{run:l}=a(),u=s(),d=async t=>{await u.attempt(()=>l(re,{id:e,reason:D(t,`reason`)}))&&(i(),r())};return(0,$.jsxs)(S,{title:o(`suspendTitle`,{name:n}),onClose:r,children:[(0,$.jsx)(`p`,{children:o(`suspendText`)}),(0,$.jsx)(k,{submission:u,onSubmit:e=>void d(e),onCancel:r,action:o(`suspend`),isDangerous:!0,children:(0,$.jsx)(O,{label:c(`reason`),hint:o(`suspendHint`),name:`reason`,required:!0,maxLength:500})})]})}var le=[`ACTIVE`,`SUSPENDED`,`ARCHIVED`];function ue(){let e=t(`admin`),n=t(`community`),{run:r}=a(),i=C(),{isBusy:o,refusal:l,attempt:u}=s(),[d,f]=(0,K.useState)(`ACTIVE`),[p,m]=(0,K.useState)(null),_=j(ne,{status:d,first:30},({communitiesByStatus:e})=>e),y=async(t,n)=>{await i({title:e(`reinstateTitle`,{name:n}),text:e(`reinstateText`),action:e(`reinstate`)})&&await u(()=>r(ie,{id:t}))&&_.refresh()};return(0,$.jsxs)($.Fragment,{children:[(0,$.jsx)(`div`,{className:`page-line`,children:(0,$.jsx)(E,{label:e(`state`),value:d,onChange:({target:e})=>f(e.value),children:le.map(t=>(0,$.jsx)(`option`,{value:t,children:e(t)},t))})}),(0,$.jsx)(v,{message:l}),(0,$.jsx)(M,{list:_,empty:(0,$.jsx)(x,{title:e(`noCommunity`)}),children:t=>(0,$.jsx)(`ul`,{className:`cards`,children:t.map(({id:t,name:r,kind:i,memberCount:a,creator:s})=>(0,$.jsxs)(`li`,{className:`card`,children:[(0,$.jsx)(h,{name:r}),(0,$.jsxs)(`a`,{className:`card-text`,href:c(t),children:[(0,$.jsx)(`bdi`,{className:`card-title`,children:r}),(0,$.jsxs)(`span`,{className:`card-facts`,children:[n(i),` · `,n(`members`,{count:a}),` · `,n(`by`,{name:s.name})]})]}),d===`ACTIVE`&&(0,$.jsx)(g,{isSmall:!0,onClick:()=>m({id:t,name:r}),children:e(`suspend`)}),d===`SUSPENDED`&&(0,$.jsx)(g,{isSmall:!0,disabled:o,onClick:()=>void y(t,r),children:e(`reinstate`)})]},t))})}),p&&(0,$.jsx)(ce,{community:p,onClose:()=>m(null),onDone:_.refresh})]})}function de(){let e=t(`admin`),{data:n,error:r,refresh:i}=o(ae,{});if(!n?.platform)return r?(0,$.jsx)(v,{message:r.message,onRetry:i}):(0,$.jsx)(y,{});let{issued:a,available:s,held:c,earnings:l,sum:u}=n.platform.ledger;return(0,$.jsxs)($.Fragment,{children:[(0,$.jsx)(`p`,{className:`page-line`,children:(0,$.jsx)(L,{tone:u===0?`plain`:`warning`,children:u===0?e(`balances`):e(`offBy`,{sum:P(u)})})}),(0,$.jsx)(I,{figures:[{name:e(`issued`),value:P(a)},{name:e(`available`),value:P(s)},{name:e(`held`),value:P(c)},{name:e(`earnings`),value:P(l)}]}),(0,$.jsx)(`p`,{className:`card-facts`,children:e(`ledgerText`)})]})}function fe(){let e=t(`admin`),n=t(`common`),{run:r,user:i}=a(),c=C(),l=V(),{refusal:u,attempt:d}=s(),[f,p]=(0,K.useState)(``),[m,_]=(0,K.useState)(`all`),[S,w]=(0,K.useState)(1),[T,D]=(0,K.useState)(null),k=H(f.trim()),{data:A,error:j,refresh:M}=o(J,{search:k||null,banned:m===`banned`||null,admins:m===`admins`||null,page:S}),N=A?.users,P=async({userId:t,name:n})=>{await c({title:e(`unbanTitle`,{name:n}),text:e(`unbanText`),action:e(`unban`)})&&await d(()=>r(X,{userId:t}))&&M()};return(0,$.jsxs)($.Fragment,{children:[(0,$.jsxs)(`div`,{className:`page-line`,children:[(0,$.jsx)(O,{label:e(`searchUsers`),type:`search`,value:f,onChange:({target:e})=>{p(e.value),w(1)}}),(0,$.jsxs)(E,{label:e(`which`),value:m,onChange:({target:e})=>{_(e.value),w(1)},children:[(0,$.jsx)(`option`,{value:`all`,children:n(`all`)}),(0,$.jsx)(`option`,{value:`banned`,children:e(`banned`)}),(0,$.jsx)(`option`,{value:`admins`,children:e(`admins`)})]})]}),(0,$.jsx)(v,{message:u??j?.message,onRetry:j?M:void 0}),!N&&!j&&(0,$.jsx)(y,{}),N?.nodes.length===0&&(0,$.jsx)(x,{title:e(`noUser`)}),(0,$.jsx)(`ul`,{className:`cards`,children:N?.nodes.map(t=>(0,$.jsxs)(`li`,{className:`card`,children:[(0,$.jsx)(h,{name:t.name,image:t.image}),(0,$.jsxs)(`span`,{className:`card-text`,children:[(0,$.jsxs)(`span`,{className:`card-title`,children:[(0,$.jsx)(`bdi`,{children:t.name}),t.isAdmin&&(0,$.jsx)(L,{children:e(`admin`)}),t.bannedAt&&(0,$.jsx)(L,{tone:`warning`,children:e(`bannedSince`,{date:F(new Date(t.bannedAt))})})]}),(0,$.jsxs)(`span`,{className:`card-facts`,children:[(0,$.jsx)(`bdi`,{children:t.email}),` · `,e(`since`,{date:F(new Date(t.createdAt))}),t.banReason&&(0,$.jsxs)(`bdi`,{children:[` · `,t.banReason]})]})]}),(0,$.jsxs)(ee,{trigger:(0,$.jsx)(b,{label:e(`actionsOn`,{name:t.name}),icon:(0,$.jsx)(R,{size:19,"aria-hidden":`true`})}),children:[(0,$.jsx)(z,{onSelect:()=>D({kind:`grant`,account:t}),children:e(`grant`)}),(0,$.jsx)(z,{onSelect:()=>l(t.userId),children:e(`copyId`)}),t.userId!==i.userId&&(0,$.jsxs)($.Fragment,{children:[(0,$.jsx)(B,{}),t.bannedAt?(0,$.jsx)(z,{onSelect:()=>void P(t),children:e(`unban`)}):(0,$.jsx)(z,{isDangerous:!0,onSelect:()=>D({kind:`ban`,account:t}),children:e(`ban`)})]})]})]},t.userId))}),N&&N.totalPages>1&&(0,$.jsxs)(`p`,{className:`more`,children:[(0,$.jsx)(g,{disabled:S<=1,onClick:()=>w(S-1),children:e(`before`)}),(0,$.jsx)(`span`,{className:`more-text`,children:e(`page`,{page:S,pages:N.totalPages})}),(0,$.jsx)(g,{disabled:S>=N.totalPages,onClick:()=>w(S+1),children:e(`next`)})]}),T?.kind===`ban`&&(0,$.jsx)(oe,{account:T.account,onClose:()=>D(null),onDone:M}),T?.kind===`grant`&&(0,$.jsx)(se,{account:T.account,onClose:()=>D(null)})]})}var pe=[`PENDING`,`APPROVED`,`REJECTED`];function me(){let e=t(`admin`),[n,r]=(0,K.useState)(`PENDING`),[i,a]=(0,K.useState)(null),o=j(Q,{status:n,first:20},({verificationRequests:e})=>e);return(0,$.jsxs)($.Fragment,{children:[(0,$.jsx)(`div`,{className:`page-line`,children:(0,$.jsx)(E,{label:e(`state`),value:n,onChange:({target:e})=>r(e.value),children:pe.map(t=>(0,$.jsx)(`option`,{value:t,children:e(t)},t))})}),(0,$.jsx)(M,{list:o,empty:(0,$.jsx)(x,{icon:(0,$.jsx)(G,{size:28,"aria-hidden":`true`}),title:e(`noRequest`)}),children:t=>(0,$.jsx)(`ul`,{className:`cards`,children:t.map(t=>(0,$.jsxs)(`li`,{className:`card`,children:[(0,$.jsxs)(`span`,{className:`card-text`,children:[(0,$.jsxs)(`span`,{className:`card-title`,children:[(0,$.jsx)(`a`,{href:c(t.community.id),children:(0,$.jsx)(`bdi`,{children:t.community.name})}),(0,$.jsx)(L,{tone:t.status===`REJECTED`?`warning`:`plain`,children:e(t.status)}),(0,$.jsx)(U,{at:t.createdAt})]}),(0,$.jsx)(`span`,{className:`card-about`,children:(0,$.jsx)(`bdi`,{children:[t.businessName,t.businessRegistration].filter(Boolean).join(` · `)})}),(0,$.jsxs)(`span`,{className:`card-facts`,children:[e(`requestedBy`,{name:t.requester.name}),t.documentsUrl&&(0,$.jsxs)($.Fragment,{children:[` · `,(0,$.jsx)(`a`,{href:t.documentsUrl,target:`_blank`,rel:`noreferrer noopener`,children:e(`documents`)})]}),t.reviewerNotes&&(0,$.jsxs)(`bdi`,{children:[` · `,t.reviewerNotes]})]})]}),t.status===`PENDING`&&(0,$.jsx)(g,{isSmall:!0,look:`primary`,onClick:()=>a(t),children:e(`review`)})]},t.id))})}),i&&(0,$.jsx)(he,{request:i,onClose:()=>a(null),onDone:o.refresh})]})}function he({request:e,onClose:n,onDone:r}){let i=t(`admin`),{run:o}=a(),c=s(),l=async t=>{let i=t.get(`status`),a=T(t,`reviewerNotes`);await c.attempt(()=>o(te,{id:e.id,status:i,notes:a}))&&(r(),n())};return(0,$.jsxs)(S,{title:i(`reviewTitle`,{name:e.community.name}),onClose:n,children:[(0,$.jsx)(`p`,{children:i(`reviewText`)}),(0,$.jsxs)(k,{submission:c,onSubmit:e=>void l(e),onCancel:n,action:i(`decide`),children:[(0,$.jsxs)(E,{label:i(`decision`),name:`status`,children:[(0,$.jsx)(`option`,{value:`APPROVED`,children:i(`APPROVED`)}),(0,$.jsx)(`option`,{value:`REJECTED`,children:i(`REJECTED`)})]}),(0,$.jsx)(w,{label:i(`reviewNotes`),name:`reviewerNotes`})]})]})}function ge({tab:e=`users`}){let o=t(`admin`),{me:s}=a();return s&&!s.isAdmin?(0,$.jsx)(i,{title:o(`refusedTitle`),children:o(`refusedText`)}):(0,$.jsx)(n,{title:o(`title`),about:o(`about`),back:`#/`,children:(0,$.jsx)(r,{label:o(`title`),value:e,onChange:e=>u(`${l}/${e}`),tabs:[{id:`users`,label:o(`users`),content:(0,$.jsx)(fe,{})},{id:`reports`,label:o(`reports`),content:(0,$.jsx)(f,{scope:{}})},{id:`verification`,label:o(`verification`),content:(0,$.jsx)(me,{})},{id:`communities`,label:o(`communities`),content:(0,$.jsx)(ue,{})},{id:`audit`,label:o(`audit`),content:(0,$.jsx)(d,{})},{id:`ledger`,label:o(`ledger`),content:(0,$.jsx)(de,{})}]})})}export{ge as default};
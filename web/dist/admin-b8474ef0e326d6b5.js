import{a as e}from"./rolldown-runtime-56689dc2ec3d255a.js";import{c as t}from"./i18n-ad3f895b65fa99e4.js";import{t as n}from"./page-fc11c26865bfed2e.js";import{t as r}from"./tabs-8264b8fe985f896e.js";import{t as i}from"./not-found-6e865a5e32f21c9c.js";import{a,o,r as s}from"./plaza-c07069489b1672a2.js";import{h as c,n as l,p as u}from"./routes-3c508fcdbeddc879.js";import{t as d}from"./audit-log-5aa549580f8e01e5.js";import{t as f}from"./report-list-1218f742f46504f9.js";import{n as p,t as m}from"./jsx-runtime-4f8e4449067893b6.js";import{t as h}from"./avatar-d5ef3b5b604023ec.js";import{a as g,i as _,n as v,r as y,s as b,t as x}from"./notices-d3b7736df522830b.js";import{n as S,r as C}from"./dialog-ce13303e8f4c1187.js";import{a as w,c as T,i as E,l as D,n as O,s as k,u as A}from"./field-3b1e575dafb5c229.js";import{n as j,t as M}from"./listing-c5eecbd5a8abc4e8.js";import{n as N}from"./toast-94fcfb670d0791be.js";/* empty css                      */import{a as P,l as ee,t as F}from"./format-9211ed6e1f1743ad.js";import{n as I}from"./figures-14d58ae441eb9e01.js";import{n as L}from"./tag-40126fe7c2f7ad09.js";import{i as te,n as R,r as z,t as ne}from"./menu-ff8bf0161d5bd8e9.js";import{t as B}from"./copy-143d56c93cf3f481.js";import{t as V}from"./delayed-9de8072a3fd493e3.js";import{t as H}from"./when-d38400705992b9a0.js";var U={name:`badge-check`,size:24,node:[[`path`,{d:`M3.85 8.62a4 4 0 0 1 4.78-4.77 4 4 0 0 1 6.74 0 4 4 0 0 1 4.78 4.78 4 4 0 0 1 0 6.74 4 4 0 0 1-4.77 4.78 4 4 0 0 1-6.75 0 4 4 0 0 1-4.78-4.77 4 4 0 0 1 0-6.76Z`,key:`3c2336`}],[`path`,{d:`m16 9-5.5 5.5L8 12`,key:`xofnsj`}]],aliases:[`verified`]};U.node;var W=_(U),G=e(p(),1),K=class extends String{__apiType;value;__meta__;constructor(e,t){super(e),this.value=e,this.__meta__=t}toString(){return this.value}},q=new K(`
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
    `),J=new K(`
    mutation BanUser($userId: ID!, $reason: String!) {
  banUser(input: {userId: $userId, reason: $reason}) {
    account {
      id
    }
  }
}
    `),Y=new K(`
    mutation UnbanUser($userId: ID!) {
  unbanUser(input: {userId: $userId}) {
    account {
      id
    }
  }
}
    `),X=new K(`
    mutation GrantCoins($userId: ID!, $amount: Coins!, $note: String!) {
  grantCoins(input: {userId: $userId, amount: $amount, note: $note}) {
    walletEntryId
  }
}
    `),Z=new K(`
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
    `),Q=new K(`
    mutation ReviewVerification($id: ID!, $status: VerificationVerdict!, $notes: String) {
  reviewVerification(
    input: {verificationRequestId: $id, status: $status, reviewerNotes: $notes}
  ) {
    verificationRequest {
      id
    }
  }
}
    `),re=new K(`
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
    `),ie=new K(`
    mutation SuspendCommunity($id: ID!, $reason: String!) {
  suspendCommunity(input: {communityId: $id, reason: $reason}) {
    community {
      id
    }
  }
}
    `),ae=new K(`
    mutation ReinstateCommunity($id: ID!) {
  reinstateCommunity(input: {communityId: $id}) {
    community {
      id
    }
  }
}
    `),oe=new K(`
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
    `),se=new K(`
    query OpenConnections($first: Int!, $after: String) {
  openConnections(first: $first, after: $after) {
    nodes {
      id
      kind
      address
      openedAt
      subscriptionCount
      user {
        id
        name
      }
    }
    silentServerIds
    pageInfo {
      hasNextPage
      endCursor
    }
  }
}
    `),ce=new K(`
    mutation EndConnection($id: ID!) {
  endConnection(input: {connectionId: $id}) {
    deletedId
    isConfirmed
  }
}
    `),$=m();function le({account:{userId:e,name:n},onClose:r,onDone:i}){let o=t(`admin`),c=t(`common`),{run:l}=a(),u=s(),d=async t=>{await u.attempt(()=>l(J,{userId:e,reason:D(t,`reason`)}))&&(i(),r())};return(0,$.jsxs)(S,{title:o(`banTitle`,{name:n}),onClose:r,children:[(0,$.jsx)(`p`,{children:o(`banText`)}),(0,$.jsx)(k,{submission:u,onSubmit:e=>void d(e),onCancel:r,action:o(`ban`),isDangerous:!0,children:(0,$.jsx)(O,{label:c(`reason`),name:`reason`,required:!0,maxLength:500})})]})}function ue({account:{userId:e,name:n},onClose:r}){let i=t(`admin`),{run:o,refreshMe:c}=a(),l=N(),u=s(),d=async t=>{let a=A(t,`amount`)??0;await u.attempt(()=>o(X,{userId:e,amount:a,note:D(t,`note`)}))&&(l({text:i(`granted`,{count:a,name:n})}),c(),r())};return(0,$.jsxs)(S,{title:i(`grantTitle`,{name:n}),onClose:r,children:[(0,$.jsx)(`p`,{children:i(`grantText`)}),(0,$.jsxs)(k,{submission:u,onSubmit:e=>void d(e),onCancel:r,action:i(`grant`),children:[(0,$.jsx)(O,{label:i(`amount`),name:`amount`,type:`number`,min:1,step:1,required:!0}),(0,$.jsx)(O,{label:i(`grantNote`),name:`note`,required:!0,maxLength:200})]})]})}function de({community:{id:e,name:n},onClose:r,onDone:i}){let o=t(`admin`),c=t(`common`),{run:l}=a(),u=s(),d=async t=>{await u.attempt(()=>l(ie,{id:e,reason:D(t,`reason`)}))&&(i(),r())};return(0,$.jsxs)(S,{title:o(`suspendTitle`,{name:n}),onClose:r,children:[(0,$.jsx)(`p`,{children:o(`suspendText`)}),(0,$.jsx)(k,{submission:u,onSubmit:e=>void d(e),onCancel:r,action:o(`suspend`),isDangerous:!0,children:(0,$.jsx)(O,{label:c(`reason`),hint:o(`suspendHint`),name:`reason`,required:!0,maxLength:500})})]})}var fe=[`ACTIVE`,`SUSPENDED`,`ARCHIVED`];function pe(){let e=t(`admin`),n=t(`community`),{run:r}=a(),i=C(),{isBusy:o,refusal:l,attempt:u}=s(),[d,f]=(0,G.useState)(`ACTIVE`),[p,m]=(0,G.useState)(null),_=j(re,{status:d,first:30},({communitiesByStatus:e})=>e),y=async(t,n)=>{await i({title:e(`reinstateTitle`,{name:n}),text:e(`reinstateText`),action:e(`reinstate`)})&&await u(()=>r(ae,{id:t}))&&_.refresh()};return(0,$.jsxs)($.Fragment,{children:[(0,$.jsx)(`div`,{className:`page-line`,children:(0,$.jsx)(E,{label:e(`state`),value:d,onChange:({target:e})=>f(e.value),children:fe.map(t=>(0,$.jsx)(`option`,{value:t,children:e(t)},t))})}),(0,$.jsx)(v,{message:l}),(0,$.jsx)(M,{list:_,empty:(0,$.jsx)(x,{title:e(`noCommunity`)}),children:t=>(0,$.jsx)(`ul`,{className:`cards`,children:t.map(({id:t,name:r,kind:i,memberCount:a,creator:s})=>(0,$.jsxs)(`li`,{className:`card`,children:[(0,$.jsx)(h,{name:r}),(0,$.jsxs)(`a`,{className:`card-text`,href:c(t),children:[(0,$.jsx)(`span`,{className:`card-title`,children:(0,$.jsx)(`bdi`,{children:r})}),(0,$.jsxs)(`span`,{className:`card-facts`,children:[n(i),` · `,n(`members`,{count:a}),` · `,n(`by`,{name:s.name})]})]}),d===`ACTIVE`&&(0,$.jsx)(g,{isSmall:!0,onClick:()=>m({id:t,name:r}),children:e(`suspend`)}),d===`SUSPENDED`&&(0,$.jsx)(g,{isSmall:!0,disabled:o,onClick:()=>void y(t,r),children:e(`reinstate`)})]},t))})}),p&&(0,$.jsx)(de,{community:p,onClose:()=>m(null),onDone:_.refresh})]})}function me(){let e=t(`admin`),{run:n}=a(),r=C(),{isBusy:i,refusal:o,attempt:c}=s(),[l,u]=(0,G.useState)(0),d=j(se,{first:30},({openConnections:e})=>(u(e?.silentServerIds.length??0),e)),f=async t=>{await r({title:e(`endTitle`),text:e(`endText`),action:e(`end`)})&&await c(()=>n(ce,{id:t}))&&d.refresh()};return(0,$.jsxs)($.Fragment,{children:[(0,$.jsx)(v,{message:o??(l>0?e(`silentServers`,{count:l}):null)}),(0,$.jsx)(M,{list:d,empty:(0,$.jsx)(x,{title:e(`noConnection`)}),children:t=>(0,$.jsx)(`ul`,{className:`cards`,children:t.map(({id:t,kind:n,user:r,address:a,openedAt:o,subscriptionCount:s})=>(0,$.jsxs)(`li`,{className:`card`,children:[(0,$.jsx)(h,{name:r?.name??`?`}),(0,$.jsxs)(`span`,{className:`card-text`,children:[(0,$.jsx)(`span`,{className:`card-title`,children:(0,$.jsx)(`bdi`,{children:r?.name??e(`signedOut`)})}),(0,$.jsxs)(`span`,{className:`card-facts`,children:[e(n),` · `,(0,$.jsx)(`bdi`,{children:a??`?`}),` · `,ee(new Date(o)),` ·`,` `,e(`subscriptions`,{count:s})]})]}),(0,$.jsx)(g,{isSmall:!0,disabled:i,onClick:()=>void f(t),children:e(`end`)})]},t))})})]})}function he(){let e=t(`admin`),{data:n,error:r,refresh:i}=o(oe,{});if(!n?.platform)return r?(0,$.jsx)(v,{message:r.message,onRetry:i}):(0,$.jsx)(y,{});let{issued:a,available:s,held:c,earnings:l,sum:u}=n.platform.ledger;return(0,$.jsxs)($.Fragment,{children:[(0,$.jsx)(`p`,{className:`page-line`,children:(0,$.jsx)(L,{tone:u===0?`plain`:`warning`,children:u===0?e(`balances`):e(`offBy`,{sum:P(u)})})}),(0,$.jsx)(I,{figures:[{name:e(`issued`),value:P(a)},{name:e(`available`),value:P(s)},{name:e(`held`),value:P(c)},{name:e(`earnings`),value:P(l)}]}),(0,$.jsx)(`p`,{className:`card-facts`,children:e(`ledgerText`)})]})}function ge(){let e=t(`admin`),n=t(`common`),{run:r,user:i}=a(),c=C(),l=B(),{refusal:u,attempt:d}=s(),[f,p]=(0,G.useState)(``),[m,_]=(0,G.useState)(`all`),[S,w]=(0,G.useState)(1),[T,D]=(0,G.useState)(null),k=V(f.trim()),{data:A,error:j,refresh:M}=o(q,{search:k||null,banned:m===`banned`||null,admins:m===`admins`||null,page:S}),N=A?.users,P=async({userId:t,name:n})=>{await c({title:e(`unbanTitle`,{name:n}),text:e(`unbanText`),action:e(`unban`)})&&await d(()=>r(Y,{userId:t}))&&M()};return(0,$.jsxs)($.Fragment,{children:[(0,$.jsxs)(`div`,{className:`page-line`,children:[(0,$.jsx)(O,{label:e(`searchUsers`),type:`search`,value:f,onChange:({target:e})=>{p(e.value),w(1)}}),(0,$.jsxs)(E,{label:e(`which`),value:m,onChange:({target:e})=>{_(e.value),w(1)},children:[(0,$.jsx)(`option`,{value:`all`,children:n(`all`)}),(0,$.jsx)(`option`,{value:`banned`,children:e(`banned`)}),(0,$.jsx)(`option`,{value:`admins`,children:e(`admins`)})]})]}),(0,$.jsx)(v,{message:u??j?.message,onRetry:j?M:void 0}),!N&&!j&&(0,$.jsx)(y,{}),N?.nodes.length===0&&(0,$.jsx)(x,{title:e(`noUser`)}),(0,$.jsx)(`ul`,{className:`cards`,children:N?.nodes.map(t=>(0,$.jsxs)(`li`,{className:`card`,children:[(0,$.jsx)(h,{name:t.name,image:t.image}),(0,$.jsxs)(`span`,{className:`card-text`,children:[(0,$.jsxs)(`span`,{className:`card-title`,children:[(0,$.jsx)(`bdi`,{children:t.name}),t.isAdmin&&(0,$.jsx)(L,{children:e(`admin`)}),t.bannedAt&&(0,$.jsx)(L,{tone:`warning`,children:e(`bannedSince`,{date:F(new Date(t.bannedAt))})})]}),(0,$.jsxs)(`span`,{className:`card-facts`,children:[(0,$.jsx)(`bdi`,{children:t.email}),` · `,e(`since`,{date:F(new Date(t.createdAt))}),t.banReason&&(0,$.jsxs)(`bdi`,{children:[` · `,t.banReason]})]})]}),(0,$.jsxs)(ne,{trigger:(0,$.jsx)(b,{label:e(`actionsOn`,{name:t.name}),icon:(0,$.jsx)(te,{size:19,"aria-hidden":`true`})}),children:[(0,$.jsx)(R,{onSelect:()=>D({kind:`grant`,account:t}),children:e(`grant`)}),(0,$.jsx)(R,{onSelect:()=>l(t.userId),children:e(`copyId`)}),t.userId!==i.userId&&(0,$.jsxs)($.Fragment,{children:[(0,$.jsx)(z,{}),t.bannedAt?(0,$.jsx)(R,{onSelect:()=>void P(t),children:e(`unban`)}):(0,$.jsx)(R,{isDangerous:!0,onSelect:()=>D({kind:`ban`,account:t}),children:e(`ban`)})]})]})]},t.userId))}),N&&N.totalPages>1&&(0,$.jsxs)(`p`,{className:`more`,children:[(0,$.jsx)(g,{disabled:S<=1,onClick:()=>w(S-1),children:e(`before`)}),(0,$.jsx)(`span`,{className:`more-text`,children:e(`page`,{page:S,pages:N.totalPages})}),(0,$.jsx)(g,{disabled:S>=N.totalPages,onClick:()=>w(S+1),children:e(`next`)})]}),T?.kind===`ban`&&(0,$.jsx)(le,{account:T.account,onClose:()=>D(null),onDone:M}),T?.kind===`grant`&&(0,$.jsx)(ue,{account:T.account,onClose:()=>D(null)})]})}var _e=[`PENDING`,`APPROVED`,`REJECTED`];function ve(){let e=t(`admin`),[n,r]=(0,G.useState)(`PENDING`),[i,a]=(0,G.useState)(null),o=j(Z,{status:n,first:20},({verificationRequests:e})=>e);return(0,$.jsxs)($.Fragment,{children:[(0,$.jsx)(`div`,{className:`page-line`,children:(0,$.jsx)(E,{label:e(`state`),value:n,onChange:({target:e})=>r(e.value),children:_e.map(t=>(0,$.jsx)(`option`,{value:t,children:e(t)},t))})}),(0,$.jsx)(M,{list:o,empty:(0,$.jsx)(x,{icon:(0,$.jsx)(W,{size:28,"aria-hidden":`true`}),title:e(`noRequest`)}),children:t=>(0,$.jsx)(`ul`,{className:`cards`,children:t.map(t=>(0,$.jsxs)(`li`,{className:`card`,children:[(0,$.jsxs)(`span`,{className:`card-text`,children:[(0,$.jsxs)(`span`,{className:`card-title`,children:[(0,$.jsx)(`a`,{href:c(t.community.id),children:(0,$.jsx)(`bdi`,{children:t.community.name})}),(0,$.jsx)(L,{tone:t.status===`REJECTED`?`warning`:`plain`,children:e(t.status)}),(0,$.jsx)(H,{at:t.createdAt})]}),(0,$.jsx)(`span`,{className:`card-about`,children:(0,$.jsx)(`bdi`,{children:[t.businessName,t.businessRegistration].filter(Boolean).join(` · `)})}),(0,$.jsxs)(`span`,{className:`card-facts`,children:[e(`requestedBy`,{name:t.requester.name}),t.documentsUrl&&(0,$.jsxs)($.Fragment,{children:[` · `,(0,$.jsx)(`a`,{href:t.documentsUrl,target:`_blank`,rel:`noreferrer noopener`,children:e(`documents`)})]}),t.reviewerNotes&&(0,$.jsxs)(`bdi`,{children:[` · `,t.reviewerNotes]})]})]}),t.status===`PENDING`&&(0,$.jsx)(g,{isSmall:!0,look:`primary`,onClick:()=>a(t),children:e(`review`)})]},t.id))})}),i&&(0,$.jsx)(ye,{request:i,onClose:()=>a(null),onDone:o.refresh})]})}function ye({request:e,onClose:n,onDone:r}){let i=t(`admin`),{run:o}=a(),c=s(),l=async t=>{let i=t.get(`status`),a=T(t,`reviewerNotes`);await c.attempt(()=>o(Q,{id:e.id,status:i,notes:a}))&&(r(),n())};return(0,$.jsxs)(S,{title:i(`reviewTitle`,{name:e.community.name}),onClose:n,children:[(0,$.jsx)(`p`,{children:i(`reviewText`)}),(0,$.jsxs)(k,{submission:c,onSubmit:e=>void l(e),onCancel:n,action:i(`decide`),children:[(0,$.jsxs)(E,{label:i(`decision`),name:`status`,children:[(0,$.jsx)(`option`,{value:`APPROVED`,children:i(`APPROVED`)}),(0,$.jsx)(`option`,{value:`REJECTED`,children:i(`REJECTED`)})]}),(0,$.jsx)(w,{label:i(`reviewNotes`),name:`reviewerNotes`})]})]})}function be({tab:e=`users`}){let o=t(`admin`),{me:s}=a();return s&&!s.isAdmin?(0,$.jsx)(i,{title:o(`refusedTitle`),children:o(`refusedText`)}):(0,$.jsx)(n,{title:o(`title`),about:o(`about`),back:`#/`,children:(0,$.jsx)(r,{label:o(`title`),value:e,onChange:e=>u(`${l}/${e}`),tabs:[{id:`users`,label:o(`users`),content:(0,$.jsx)(ge,{})},{id:`reports`,label:o(`reports`),content:(0,$.jsx)(f,{scope:{}})},{id:`verification`,label:o(`verification`),content:(0,$.jsx)(ve,{})},{id:`communities`,label:o(`communities`),content:(0,$.jsx)(pe,{})},{id:`connections`,label:o(`connections`),content:(0,$.jsx)(me,{})},{id:`audit`,label:o(`audit`),content:(0,$.jsx)(d,{})},{id:`ledger`,label:o(`ledger`),content:(0,$.jsx)(he,{})}]})})}export{be as default};
import{a as e}from"./rolldown-runtime-56689dc2ec3d255a.js";import{n as t,t as n}from"./jsx-runtime-4f8e4449067893b6.js";import{o as r}from"./i18n-914ce8009f9e4e9b.js";import{i}from"./field-2aecdf834dc2f5de.js";import{t as a}from"./notices-cf95163a37f56b20.js";import{t as o}from"./when-c3505bd89a51db4c.js";import{n as s,t as c}from"./listing-dcc99fceaf5c865c.js";import{h as l}from"./routes-3c508fcdbeddc879.js";/* empty css                      */var u=e(t(),1),d=new class extends String{__apiType;value;__meta__;constructor(e,t){super(e),this.value=e,this.__meta__=t}toString(){return this.value}}(`
    query AuditEvents($communityId: ID, $action: AuditAction, $first: Int!, $after: String) {
  auditEvents(
    communityId: $communityId
    action: $action
    first: $first
    after: $after
  ) {
    nodes {
      id
      action
      actor {
        id
        name
      }
      user {
        id
        name
      }
      community {
        id
        name
      }
      details
      createdAt
    }
    pageInfo {
      hasNextPage
      endCursor
    }
  }
}
    `),f=n(),p=`ROLE_CHANGED.MEMBER_REMOVED.MEMBER_BANNED.MEMBER_UNBANNED.MEMBER_MUTED.MEMBER_UNMUTED.OWNERSHIP_TRANSFERRED.COMMUNITY_ARCHIVED.COMMUNITY_SUSPENDED.COMMUNITY_REINSTATED.FEES_CHANGED.AGENT_ADDED.AGENT_REMOVED.PARTICIPANT_REMOVED.SPACE_GUEST_REMOVED.MESSAGE_DELETED.ANSWER_STOPPED.REPORT_CLOSED.CUSTOMER_HANDED_ON.CUSTOMER_RESOLVED.SUPPORT_SETTINGS_CHANGED.VERIFICATION_APPROVED.VERIFICATION_REJECTED.COINS_GRANTED.ACCOUNT_BANNED.ACCOUNT_UNBANNED.ACCOUNT_PROMOTED.ACCOUNT_DEMOTED.PASSWORD_RESET.CONNECTION_ENDED`.split(`.`);function m({communityId:e}){let t=r(`audit`),n=r(`common`),[m,g]=(0,u.useState)(``),_=s(d,{communityId:e,action:m||null,first:40},({auditEvents:e})=>e);return(0,f.jsxs)(f.Fragment,{children:[(0,f.jsx)(`div`,{className:`page-line`,children:(0,f.jsxs)(i,{label:t(`action`),value:m,onChange:({target:e})=>g(e.value),children:[(0,f.jsx)(`option`,{value:``,children:n(`all`)}),p.map(e=>(0,f.jsx)(`option`,{value:e,children:t(e)},e))]})}),(0,f.jsx)(c,{list:_,empty:(0,f.jsx)(a,{title:t(`empty`),children:t(`emptyText`)}),children:n=>(0,f.jsx)(`ul`,{className:`cards`,children:n.map(({id:n,action:r,actor:i,user:a,community:s,details:c,createdAt:u})=>(0,f.jsx)(`li`,{className:`card`,children:(0,f.jsxs)(`span`,{className:`card-text`,children:[(0,f.jsxs)(`span`,{className:`card-title`,children:[t(r),` `,a&&(0,f.jsx)(`bdi`,{children:a.name}),` `,(0,f.jsx)(o,{at:u})]}),(0,f.jsxs)(`span`,{className:`card-facts`,children:[t(`by`,{name:i?.name??t(`operator`)}),!e&&s&&(0,f.jsxs)(f.Fragment,{children:[` · `,(0,f.jsx)(`a`,{href:l(s.id),children:(0,f.jsx)(`bdi`,{children:s.name})})]})]}),(0,f.jsx)(h,{details:c})]})},n))})})]})}function h({details:e}){if(typeof e!=`object`||!e)return null;let t=Object.entries(e).filter(([,e])=>e!==null);return t.length===0?null:(0,f.jsx)(`span`,{className:`card-facts`,dir:`ltr`,children:t.map(([e,t])=>`${e}: ${typeof t==`object`?JSON.stringify(t):String(t)}`).join(` · `)})}export{m as t};
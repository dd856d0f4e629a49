import{a as e}from"./rolldown-runtime-56689dc2ec3d255a.js";import{n as t,t as n}from"./jsx-runtime-4f8e4449067893b6.js";import{c as r}from"./i18n-ad3f895b65fa99e4.js";import{l as i}from"./format-9211ed6e1f1743ad.js";import{i as a}from"./field-3b1e575dafb5c229.js";import{t as o}from"./notices-d3b7736df522830b.js";import{t as s}from"./when-d38400705992b9a0.js";import{n as c,t as l}from"./listing-c5eecbd5a8abc4e8.js";import{h as u}from"./routes-3c508fcdbeddc879.js";/* empty css                      */var d=e(t(),1),f=new class extends String{__apiType;value;__meta__;constructor(e,t){super(e),this.value=e,this.__meta__=t}toString(){return this.value}}(`
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
    `),p=n(),m=`ROLE_CHANGED.MEMBER_REMOVED.MEMBER_BANNED.MEMBER_UNBANNED.MEMBER_MUTED.MEMBER_UNMUTED.OWNERSHIP_TRANSFERRED.COMMUNITY_ARCHIVED.COMMUNITY_SUSPENDED.COMMUNITY_REINSTATED.FEES_CHANGED.AGENT_ADDED.AGENT_REMOVED.PARTICIPANT_REMOVED.SPACE_GUEST_REMOVED.MESSAGE_DELETED.ANSWER_STOPPED.REPORT_CLOSED.CUSTOMER_HANDED_ON.CUSTOMER_RESOLVED.SUPPORT_SETTINGS_CHANGED.VERIFICATION_APPROVED.VERIFICATION_REJECTED.COINS_GRANTED.ACCOUNT_BANNED.ACCOUNT_UNBANNED.ACCOUNT_PROMOTED.ACCOUNT_DEMOTED.PASSWORD_RESET.CONNECTION_ENDED`.split(`.`);function h({communityId:e}){let t=r(`audit`),n=r(`common`),[i,h]=(0,d.useState)(``),_=c(f,{communityId:e,action:i||null,first:40},({auditEvents:e})=>e);return(0,p.jsxs)(p.Fragment,{children:[(0,p.jsx)(`div`,{className:`page-line`,children:(0,p.jsxs)(a,{label:t(`action`),value:i,onChange:({target:e})=>h(e.value),children:[(0,p.jsx)(`option`,{value:``,children:n(`all`)}),m.map(e=>(0,p.jsx)(`option`,{value:e,children:t(e)},e))]})}),(0,p.jsx)(l,{list:_,empty:(0,p.jsx)(o,{title:t(`empty`),children:t(`emptyText`)}),children:n=>(0,p.jsx)(`ul`,{className:`cards`,children:n.map(({id:n,action:r,actor:i,user:a,community:o,details:c,createdAt:l})=>(0,p.jsx)(`li`,{className:`card`,children:(0,p.jsxs)(`span`,{className:`card-text`,children:[(0,p.jsxs)(`span`,{className:`card-title`,children:[t(r),` `,a&&(0,p.jsx)(`bdi`,{children:a.name}),` `,(0,p.jsx)(s,{at:l})]}),(0,p.jsxs)(`span`,{className:`card-facts`,children:[t(`by`,{name:i?.name??t(`operator`)}),!e&&o&&(0,p.jsxs)(p.Fragment,{children:[` · `,(0,p.jsx)(`a`,{href:u(o.id),children:(0,p.jsx)(`bdi`,{children:o.name})})]})]}),(0,p.jsx)(g,{details:c})]})},n))})})]})}function g({details:e}){let t=r(`audit`);if(typeof e!=`object`||!e)return null;let n=Object.entries(e).filter(([,e])=>e!==null);if(n.length===0)return null;let i=e=>{let n=t(`detail_${e}`);return n.startsWith(`detail_`)?e:n};return(0,p.jsx)(`span`,{className:`card-facts`,children:n.map(([e,t])=>(0,p.jsxs)(d.Fragment,{children:[i(e),`: `,(0,p.jsx)(`bdi`,{children:_(t)}),` `]},e))})}function _(e){return typeof e==`string`?/^\d{4}-\d\d-\d\dT/.test(e)?i(new Date(e)):e:JSON.stringify(e)}export{h as t};
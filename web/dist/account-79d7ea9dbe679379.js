import{a as e}from"./rolldown-runtime-56689dc2ec3d255a.js";import{o as t}from"./i18n-5b13a62e918d90d6.js";import{a as n,i as r,n as i,r as a,s as o}from"./notices-7710f51cd3f1b1f6.js";import{t as s}from"./page-6c84a57c96a8fe27.js";import{n as c,t as l}from"./listing-cb2b3ce3df2e00c1.js";import{a as u,o as d,r as f}from"./plaza-60d9b04ddcf77696.js";import{n as p,t as m}from"./jsx-runtime-4f8e4449067893b6.js";import{n as h,r as g}from"./dialog-913d87f1e8997ccd.js";import{l as _,n as v,s as y,t as b}from"./field-abf202100611de95.js";import{t as x}from"./copy-345374e7b6c2a47d.js";import{t as S}from"./when-3592f58e6502fdeb.js";import{n as C}from"./toast-32973220195218bc.js";import{t as w}from"./copy-35be33b42939c69d.js";import{t as T}from"./format-d298652d3764a5a4.js";import{t as E}from"./avatar-d5ef3b5b604023ec.js";import{n as D}from"./tag-dc9b9c9fd167fb15.js";/* empty css                      */var O={name:`key-round`,size:24,node:[[`path`,{d:`M2.586 17.414A2 2 0 0 0 2 18.828V21a1 1 0 0 0 1 1h3a1 1 0 0 0 1-1v-1a1 1 0 0 1 1-1h1a1 1 0 0 0 1-1v-1a1 1 0 0 1 1-1h.172a2 2 0 0 0 1.414-.586l.814-.814a6.5 6.5 0 1 0-4-4z`,key:`1s6t7t`}],[`circle`,{cx:`16.5`,cy:`7.5`,r:`.5`,fill:`currentColor`,key:`w0ekpg`}]]};O.node;var k=r(O),A={name:`laptop`,size:24,node:[[`path`,{d:`M18 5a2 2 0 0 1 2 2v8.526a2 2 0 0 0 .212.897l1.068 2.127a1 1 0 0 1-.9 1.45H3.62a1 1 0 0 1-.9-1.45l1.068-2.127A2 2 0 0 0 4 15.526V7a2 2 0 0 1 2-2z`,key:`1pdavp`}],[`path`,{d:`M20.054 15.987H3.946`,key:`14rxg9`}]]};A.node;var j=r(A),M={name:`smartphone`,size:24,node:[[`rect`,{x:`6`,y:`2`,width:`12`,height:`20`,rx:`2`,ry:`2`,key:`681lq1`}],[`path`,{d:`M12 18h.01`,key:`mhygvu`}]]};M.node;var N=r(M),P=e(p(),1),F=class extends String{__apiType;value;__meta__;constructor(e,t){super(e),this.value=e,this.__meta__=t}toString(){return this.value}},I=new F(`
    query Profile {
  viewer {
    userId
    name
    email
    image
    createdAt
    apiKeys {
      id
      name
      prefix
      lastUsedAt
      createdAt
    }
  }
}
    `),L=new F(`
    query SignIns($first: Int!, $after: String) {
  viewer {
    userId
    sessions(first: $first, after: $after) {
      nodes {
        id
        isCurrent
        ipAddress
        userAgent
        updatedAt
      }
      pageInfo {
        hasNextPage
        endCursor
      }
    }
  }
}
    `),R=new F(`
    mutation UpdateProfile($name: String) {
  updateProfile(input: {name: $name}) {
    viewer {
      userId
    }
  }
}
    `),z=new F(`
    mutation ChangePassword($currentPassword: String!, $newPassword: String!, $revokeApiKeys: Boolean!) {
  changePassword(
    input: {currentPassword: $currentPassword, newPassword: $newPassword, revokeApiKeys: $revokeApiKeys}
  ) {
    viewer {
      userId
    }
  }
}
    `),B=new F(`
    mutation RevokeSession($id: ID!) {
  revokeSession(input: {loginSessionId: $id}) {
    viewer {
      userId
    }
  }
}
    `),V=new F(`
    mutation CreateKey($name: String!) {
  createApiKey(input: {name: $name}) {
    key
    apiKey {
      id
    }
  }
}
    `),H=new F(`
    mutation RevokeKey($id: ID!) {
  revokeApiKey(input: {apiKeyId: $id}) {
    deletedId
  }
}
    `),U=new F(`
    mutation DeleteAccount($password: String!) {
  deleteAccount(input: {password: $password}) {
    deletedId
  }
}
    `),W=m();function G(){let e=t(`account`),{run:r,refreshAccount:i}=u(),a=f(),[o,s]=(0,P.useState)(!1),c=async e=>{let t=e.get(`password`);await a.attempt(()=>r(U,{password:t}))&&i()};return(0,W.jsxs)(`section`,{children:[(0,W.jsx)(`h2`,{children:e(`deletion`)}),(0,W.jsx)(`p`,{className:`card-facts`,children:e(`deletionText`)}),(0,W.jsx)(`p`,{className:`page-line`,children:(0,W.jsx)(n,{look:`danger`,onClick:()=>s(!0),children:e(`deleteAccount`)})}),o&&(0,W.jsxs)(h,{title:e(`deleteTitle`),onClose:()=>s(!1),children:[(0,W.jsx)(`p`,{children:e(`deletionText`)}),(0,W.jsx)(y,{submission:a,onSubmit:e=>void c(e),onCancel:()=>s(!1),action:e(`deleteAccount`),isDangerous:!0,children:(0,W.jsx)(v,{label:e(`currentPassword`),name:`password`,type:`password`,autoComplete:`current-password`,required:!0})})]})]})}function K({keys:e,onChanged:r}){let a=t(`account`),{run:o}=u(),s=g(),{isBusy:c,refusal:l,attempt:d}=f(),p=f(),[m,h]=(0,P.useState)(null),b=async(e,t)=>{await p.attempt(async()=>h((await o(V,{name:_(e,`name`)})).createApiKey?.key??null))&&(t.reset(),r())},x=async({id:e,name:t})=>{await s({title:a(`revokeTitle`,{name:t}),text:a(`revokeText`),action:a(`revoke`),isDangerous:!0})&&await d(()=>o(H,{id:e}))&&r()};return(0,W.jsxs)(`section`,{children:[(0,W.jsx)(`h2`,{children:a(`keys`)}),(0,W.jsx)(`p`,{className:`card-facts`,children:a(`keysAbout`)}),(0,W.jsx)(i,{message:l}),(0,W.jsx)(`ul`,{className:`cards`,children:e.map(e=>(0,W.jsxs)(`li`,{className:`card`,children:[(0,W.jsx)(k,{size:20,"aria-hidden":`true`}),(0,W.jsxs)(`span`,{className:`card-text`,children:[(0,W.jsx)(`bdi`,{className:`card-title`,children:e.name}),(0,W.jsxs)(`span`,{className:`card-facts`,children:[(0,W.jsxs)(`code`,{children:[e.prefix,`…`]}),` `,e.lastUsedAt?a(`lastUsed`):a(`neverUsed`),` `,e.lastUsedAt&&(0,W.jsx)(S,{at:e.lastUsedAt})]})]}),(0,W.jsx)(n,{isSmall:!0,onClick:()=>void x(e),disabled:c,children:a(`revoke`)})]},e.id))}),(0,W.jsx)(y,{submission:p,onSubmit:(e,t)=>void b(e,t),action:a(`createKey`),children:(0,W.jsx)(v,{label:a(`keyName`),name:`name`,hint:a(`keyNameHint`),required:!0,maxLength:100,autoComplete:`off`})}),m&&(0,W.jsx)(q,{secret:m,onClose:()=>h(null)})]})}function q({secret:e,onClose:r}){let i=t(`account`),a=t(`common`),o=x();return(0,W.jsxs)(h,{title:i(`newKey`),onClose:r,actions:(0,W.jsxs)(W.Fragment,{children:[(0,W.jsx)(n,{onClick:r,children:a(`close`)}),(0,W.jsx)(n,{look:`primary`,onClick:()=>o(e),children:a(`copy`)})]}),children:[(0,W.jsx)(`p`,{children:i(`newKeyText`)}),(0,W.jsx)(`p`,{children:(0,W.jsx)(`code`,{className:`secret`,children:e})})]})}function J({onChanged:e}){let n=t(`account`),{run:r}=u(),i=C(),a=f(),o=async(t,o)=>{await a.attempt(()=>r(z,{currentPassword:t.get(`currentPassword`),newPassword:t.get(`newPassword`),revokeApiKeys:t.has(`revokeApiKeys`)}))&&(o.reset(),i({text:n(`passwordChanged`)}),e())};return(0,W.jsxs)(`section`,{children:[(0,W.jsx)(`h2`,{children:n(`password`)}),(0,W.jsxs)(y,{submission:a,onSubmit:(e,t)=>void o(e,t),action:n(`changePassword`),children:[(0,W.jsx)(v,{label:n(`currentPassword`),name:`currentPassword`,type:`password`,autoComplete:`current-password`,required:!0}),(0,W.jsx)(v,{label:n(`newPassword`),name:`newPassword`,type:`password`,autoComplete:`new-password`,required:!0,hint:n(`passwordHint`)}),(0,W.jsx)(b,{label:n(`revokeKeysToo`),name:`revokeApiKeys`})]})]})}function Y({viewer:{userId:e,name:n,email:r,image:i,createdAt:a},onChanged:s}){let c=t(`account`),l=t(`common`),{run:d,refreshAccount:p}=u(),m=C(),h=x(),g=f(),b=async e=>{await g.attempt(()=>d(R,{name:_(e,`name`)}))&&(m({text:l(`saved`)}),p(),s())};return(0,W.jsxs)(`section`,{children:[(0,W.jsxs)(`div`,{className:`card`,children:[(0,W.jsx)(E,{name:n,image:i,size:56}),(0,W.jsxs)(`span`,{className:`card-text`,children:[(0,W.jsx)(`bdi`,{className:`card-title`,children:r}),(0,W.jsx)(`span`,{className:`card-facts`,children:c(`since`,{date:T(new Date(a))})}),(0,W.jsxs)(`span`,{className:`card-facts`,children:[c(`id`),` `,(0,W.jsx)(`code`,{children:e}),` `]})]}),(0,W.jsx)(o,{label:c(`copyId`),icon:(0,W.jsx)(w,{size:17,"aria-hidden":`true`}),onClick:()=>h(e)})]}),(0,W.jsx)(y,{submission:g,onSubmit:e=>void b(e),action:l(`save`),children:(0,W.jsx)(v,{label:l(`name`),name:`name`,defaultValue:n,hint:c(`nameHint`),maxLength:100,required:!0,autoComplete:`name`})})]})}var X=[[/Edg\//,`Edge`],[/OPR\//,`Opera`],[/SamsungBrowser\//,`Samsung Internet`],[/Firefox\//,`Firefox`],[/Chrome\//,`Chrome`],[/Safari\//,`Safari`],[/^curl\//,`curl`]],Z=[[/iPhone|iPad/,`iOS`],[/Android/,`Android`],[/Windows/,`Windows`],[/Mac OS X/,`macOS`],[/Linux/,`Linux`]];function Q(e){let t=t=>t.find(([t])=>t.test(e))?.[1],n=t(X)??e.split(/[/ ]/)[0]??``,r=t(Z);return{name:r?`${n} · ${r}`:n,isPhone:/iPhone|Android.*Mobile/.test(e)}}function $({list:e}){let r=t(`account`),{run:a}=u(),{isBusy:o,refusal:s,attempt:c}=f(),d=async t=>{await c(()=>a(B,{id:t}))&&e.refresh()};return(0,W.jsxs)(`section`,{children:[(0,W.jsx)(`h2`,{children:r(`sessions`)}),(0,W.jsx)(i,{message:s}),(0,W.jsx)(l,{list:e,empty:null,children:e=>(0,W.jsx)(`ul`,{className:`cards`,children:e.map(({id:e,isCurrent:t,ipAddress:i,userAgent:a,updatedAt:s})=>{let{name:c,isPhone:l}=Q(a??``);return(0,W.jsxs)(`li`,{className:`card`,children:[(0,W.jsx)(l?N:j,{size:22,"aria-hidden":`true`}),(0,W.jsxs)(`span`,{className:`card-text`,children:[(0,W.jsxs)(`span`,{className:`card-title`,children:[(0,W.jsx)(`bdi`,{children:c||r(`unknownDevice`)}),` `,t&&(0,W.jsx)(D,{children:r(`thisDevice`)})]}),(0,W.jsxs)(`span`,{className:`card-facts`,children:[(0,W.jsx)(`bdi`,{children:i}),` `,(0,W.jsx)(S,{at:s})]})]}),!t&&(0,W.jsx)(n,{isSmall:!0,onClick:()=>void d(e),disabled:o,children:r(`endSession`)})]},e)})})})]})}function ee(){let e=t(`account`),{data:n,error:r,refresh:o}=d(I,{}),l=c(L,{first:20},({viewer:e})=>e?.sessions),u=n?.viewer;return(0,W.jsxs)(s,{title:e(`title`),about:e(`about`),back:`#/`,children:[(0,W.jsx)(i,{message:r?.message,onRetry:o}),!u&&!r&&(0,W.jsx)(a,{}),u&&(0,W.jsxs)(W.Fragment,{children:[(0,W.jsx)(Y,{viewer:u,onChanged:o}),(0,W.jsx)(J,{onChanged:()=>{o(),l.refresh()}}),(0,W.jsx)($,{list:l}),(0,W.jsx)(K,{keys:u.apiKeys,onChanged:o}),(0,W.jsx)(G,{})]})]})}export{ee as default};
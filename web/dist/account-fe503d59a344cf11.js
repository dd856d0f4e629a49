import{a as e}from"./rolldown-runtime-56689dc2ec3d255a.js";import{o as t}from"./i18n-5b13a62e918d90d6.js";import{a as n,i as r,n as i,r as a,s as o}from"./notices-7710f51cd3f1b1f6.js";import{t as s}from"./page-6c84a57c96a8fe27.js";import{a as c,o as l,r as u}from"./plaza-60d9b04ddcf77696.js";import{n as d,t as f}from"./jsx-runtime-4f8e4449067893b6.js";import{n as p,r as m}from"./dialog-913d87f1e8997ccd.js";import{l as h,n as g,s as _,t as v}from"./field-abf202100611de95.js";import{t as y}from"./copy-345374e7b6c2a47d.js";import{t as b}from"./when-3592f58e6502fdeb.js";import{n as x}from"./toast-32973220195218bc.js";import{t as S}from"./copy-35be33b42939c69d.js";import{t as C}from"./format-d298652d3764a5a4.js";import{t as w}from"./avatar-d5ef3b5b604023ec.js";import{n as T}from"./tag-dc9b9c9fd167fb15.js";/* empty css                      */var E={name:`key-round`,size:24,node:[[`path`,{d:`M2.586 17.414A2 2 0 0 0 2 18.828V21a1 1 0 0 0 1 1h3a1 1 0 0 0 1-1v-1a1 1 0 0 1 1-1h1a1 1 0 0 0 1-1v-1a1 1 0 0 1 1-1h.172a2 2 0 0 0 1.414-.586l.814-.814a6.5 6.5 0 1 0-4-4z`,key:`1s6t7t`}],[`circle`,{cx:`16.5`,cy:`7.5`,r:`.5`,fill:`currentColor`,key:`w0ekpg`}]]};E.node;var D=r(E),O={name:`laptop`,size:24,node:[[`path`,{d:`M18 5a2 2 0 0 1 2 2v8.526a2 2 0 0 0 .212.897l1.068 2.127a1 1 0 0 1-.9 1.45H3.62a1 1 0 0 1-.9-1.45l1.068-2.127A2 2 0 0 0 4 15.526V7a2 2 0 0 1 2-2z`,key:`1pdavp`}],[`path`,{d:`M20.054 15.987H3.946`,key:`14rxg9`}]]};O.node;var k=r(O),A={name:`smartphone`,size:24,node:[[`rect`,{x:`6`,y:`2`,width:`12`,height:`20`,rx:`2`,ry:`2`,key:`681lq1`}],[`path`,{d:`M12 18h.01`,key:`mhygvu`}]]};A.node;var j=r(A),M=e(d(),1),N=class extends String{__apiType;value;__meta__;constructor(e,t){super(e),this.value=e,this.__meta__=t}toString(){return this.value}},P=new N(`
    query Profile {
  viewer {
    userId
    name
    email
    image
    createdAt
    sessions {
      id
      isCurrent
      ipAddress
      userAgent
      createdAt
      updatedAt
    }
    apiKeys {
      id
      name
      prefix
      lastUsedAt
      createdAt
    }
  }
}
    `),F=new N(`
    mutation UpdateProfile($name: String) {
  updateProfile(input: {name: $name}) {
    viewer {
      userId
    }
  }
}
    `),I=new N(`
    mutation ChangePassword($currentPassword: String!, $newPassword: String!, $revokeApiKeys: Boolean!) {
  changePassword(
    input: {currentPassword: $currentPassword, newPassword: $newPassword, revokeApiKeys: $revokeApiKeys}
  ) {
    viewer {
      userId
    }
  }
}
    `),L=new N(`
    mutation RevokeSession($id: ID!) {
  revokeSession(input: {loginSessionId: $id}) {
    viewer {
      userId
    }
  }
}
    `),R=new N(`
    mutation CreateKey($name: String!) {
  createApiKey(input: {name: $name}) {
    key
    apiKey {
      id
    }
  }
}
    `),z=new N(`
    mutation RevokeKey($id: ID!) {
  revokeApiKey(input: {apiKeyId: $id}) {
    deletedId
  }
}
    `),B=new N(`
    mutation DeleteAccount($password: String!) {
  deleteAccount(input: {password: $password}) {
    deletedId
  }
}
    `),V=f();function H(){let e=t(`account`),{run:r,refreshAccount:i}=c(),a=u(),[o,s]=(0,M.useState)(!1),l=async e=>{let t=e.get(`password`);await a.attempt(()=>r(B,{password:t}))&&i()};return(0,V.jsxs)(`section`,{children:[(0,V.jsx)(`h2`,{children:e(`deletion`)}),(0,V.jsx)(`p`,{className:`card-facts`,children:e(`deletionText`)}),(0,V.jsx)(`p`,{className:`page-line`,children:(0,V.jsx)(n,{look:`danger`,onClick:()=>s(!0),children:e(`deleteAccount`)})}),o&&(0,V.jsxs)(p,{title:e(`deleteTitle`),onClose:()=>s(!1),children:[(0,V.jsx)(`p`,{children:e(`deletionText`)}),(0,V.jsx)(_,{submission:a,onSubmit:e=>void l(e),onCancel:()=>s(!1),action:e(`deleteAccount`),isDangerous:!0,children:(0,V.jsx)(g,{label:e(`currentPassword`),name:`password`,type:`password`,autoComplete:`current-password`,required:!0})})]})]})}function U({keys:e,onChanged:r}){let a=t(`account`),{run:o}=c(),s=m(),{isBusy:l,refusal:d,attempt:f}=u(),p=u(),[v,y]=(0,M.useState)(null),x=async(e,t)=>{await p.attempt(async()=>y((await o(R,{name:h(e,`name`)})).createApiKey?.key??null))&&(t.reset(),r())},S=async({id:e,name:t})=>{await s({title:a(`revokeTitle`,{name:t}),text:a(`revokeText`),action:a(`revoke`),isDangerous:!0})&&await f(()=>o(z,{id:e}))&&r()};return(0,V.jsxs)(`section`,{children:[(0,V.jsx)(`h2`,{children:a(`keys`)}),(0,V.jsx)(`p`,{className:`card-facts`,children:a(`keysAbout`)}),(0,V.jsx)(i,{message:d}),(0,V.jsx)(`ul`,{className:`cards`,children:e.map(e=>(0,V.jsxs)(`li`,{className:`card`,children:[(0,V.jsx)(D,{size:20,"aria-hidden":`true`}),(0,V.jsxs)(`span`,{className:`card-text`,children:[(0,V.jsx)(`bdi`,{className:`card-title`,children:e.name}),(0,V.jsxs)(`span`,{className:`card-facts`,children:[(0,V.jsxs)(`code`,{children:[e.prefix,`…`]}),` `,e.lastUsedAt?a(`lastUsed`):a(`neverUsed`),` `,e.lastUsedAt&&(0,V.jsx)(b,{at:e.lastUsedAt})]})]}),(0,V.jsx)(n,{isSmall:!0,onClick:()=>void S(e),disabled:l,children:a(`revoke`)})]},e.id))}),(0,V.jsx)(_,{submission:p,onSubmit:(e,t)=>void x(e,t),action:a(`createKey`),children:(0,V.jsx)(g,{label:a(`keyName`),name:`name`,hint:a(`keyNameHint`),required:!0,maxLength:100,autoComplete:`off`})}),v&&(0,V.jsx)(W,{secret:v,onClose:()=>y(null)})]})}function W({secret:e,onClose:r}){let i=t(`account`),a=t(`common`),o=y();return(0,V.jsxs)(p,{title:i(`newKey`),onClose:r,actions:(0,V.jsxs)(V.Fragment,{children:[(0,V.jsx)(n,{onClick:r,children:a(`close`)}),(0,V.jsx)(n,{look:`primary`,onClick:()=>o(e),children:a(`copy`)})]}),children:[(0,V.jsx)(`p`,{children:i(`newKeyText`)}),(0,V.jsx)(`p`,{children:(0,V.jsx)(`code`,{className:`secret`,children:e})})]})}function G({onChanged:e}){let n=t(`account`),{run:r}=c(),i=x(),a=u(),o=async(t,o)=>{await a.attempt(()=>r(I,{currentPassword:t.get(`currentPassword`),newPassword:t.get(`newPassword`),revokeApiKeys:t.has(`revokeApiKeys`)}))&&(o.reset(),i({text:n(`passwordChanged`)}),e())};return(0,V.jsxs)(`section`,{children:[(0,V.jsx)(`h2`,{children:n(`password`)}),(0,V.jsxs)(_,{submission:a,onSubmit:(e,t)=>void o(e,t),action:n(`changePassword`),children:[(0,V.jsx)(g,{label:n(`currentPassword`),name:`currentPassword`,type:`password`,autoComplete:`current-password`,required:!0}),(0,V.jsx)(g,{label:n(`newPassword`),name:`newPassword`,type:`password`,autoComplete:`new-password`,required:!0,hint:n(`passwordHint`)}),(0,V.jsx)(v,{label:n(`revokeKeysToo`),name:`revokeApiKeys`})]})]})}function K({viewer:{userId:e,name:n,email:r,image:i,createdAt:a},onChanged:s}){let l=t(`account`),d=t(`common`),{run:f,refreshAccount:p}=c(),m=x(),v=y(),b=u(),T=async e=>{await b.attempt(()=>f(F,{name:h(e,`name`)}))&&(m({text:d(`saved`)}),p(),s())};return(0,V.jsxs)(`section`,{children:[(0,V.jsxs)(`div`,{className:`card`,children:[(0,V.jsx)(w,{name:n,image:i,size:56}),(0,V.jsxs)(`span`,{className:`card-text`,children:[(0,V.jsx)(`bdi`,{className:`card-title`,children:r}),(0,V.jsx)(`span`,{className:`card-facts`,children:l(`since`,{date:C(new Date(a))})}),(0,V.jsxs)(`span`,{className:`card-facts`,children:[l(`id`),` `,(0,V.jsx)(`code`,{children:e}),` `]})]}),(0,V.jsx)(o,{label:l(`copyId`),icon:(0,V.jsx)(S,{size:17,"aria-hidden":`true`}),onClick:()=>v(e)})]}),(0,V.jsx)(_,{submission:b,onSubmit:e=>void T(e),action:d(`save`),children:(0,V.jsx)(g,{label:d(`name`),name:`name`,defaultValue:n,hint:l(`nameHint`),maxLength:100,required:!0,autoComplete:`name`})})]})}var q=[[/Edg\//,`Edge`],[/OPR\//,`Opera`],[/SamsungBrowser\//,`Samsung Internet`],[/Firefox\//,`Firefox`],[/Chrome\//,`Chrome`],[/Safari\//,`Safari`],[/^curl\//,`curl`]],J=[[/iPhone|iPad/,`iOS`],[/Android/,`Android`],[/Windows/,`Windows`],[/Mac OS X/,`macOS`],[/Linux/,`Linux`]];function Y(e){let t=t=>t.find(([t])=>t.test(e))?.[1],n=t(q)??e.split(/[/ ]/)[0]??``,r=t(J);return{name:r?`${n} · ${r}`:n,isPhone:/iPhone|Android.*Mobile/.test(e)}}function X({sessions:e,onChanged:r}){let a=t(`account`),{run:o}=c(),{isBusy:s,refusal:l,attempt:d}=u(),f=async e=>{await d(()=>o(L,{id:e}))&&r()};return(0,V.jsxs)(`section`,{children:[(0,V.jsx)(`h2`,{children:a(`sessions`)}),(0,V.jsx)(i,{message:l}),(0,V.jsx)(`ul`,{className:`cards`,children:e.map(({id:e,isCurrent:t,ipAddress:r,userAgent:i,updatedAt:o})=>{let{name:c,isPhone:l}=Y(i??``);return(0,V.jsxs)(`li`,{className:`card`,children:[(0,V.jsx)(l?j:k,{size:22,"aria-hidden":`true`}),(0,V.jsxs)(`span`,{className:`card-text`,children:[(0,V.jsxs)(`span`,{className:`card-title`,children:[(0,V.jsx)(`bdi`,{children:c||a(`unknownDevice`)}),` `,t&&(0,V.jsx)(T,{children:a(`thisDevice`)})]}),(0,V.jsxs)(`span`,{className:`card-facts`,children:[(0,V.jsx)(`bdi`,{children:r}),` `,(0,V.jsx)(b,{at:o})]})]}),!t&&(0,V.jsx)(n,{isSmall:!0,onClick:()=>void f(e),disabled:s,children:a(`endSession`)})]},e)})})]})}function Z(){let e=t(`account`),{data:n,error:r,refresh:o}=l(P,{}),c=n?.viewer;return(0,V.jsxs)(s,{title:e(`title`),about:e(`about`),back:`#/`,children:[(0,V.jsx)(i,{message:r?.message,onRetry:o}),!c&&!r&&(0,V.jsx)(a,{}),c&&(0,V.jsxs)(V.Fragment,{children:[(0,V.jsx)(K,{viewer:c,onChanged:o}),(0,V.jsx)(G,{onChanged:o}),(0,V.jsx)(X,{sessions:c.sessions,onChanged:o}),(0,V.jsx)(U,{keys:c.apiKeys,onChanged:o}),(0,V.jsx)(H,{})]})]})}export{Z as default};
import{a as e}from"./rolldown-runtime-56689dc2ec3d255a.js";import{c as t}from"./i18n-ad3f895b65fa99e4.js";import{a as n,i as r,n as i,r as a,s as o}from"./notices-d3b7736df522830b.js";import{t as s}from"./page-fc11c26865bfed2e.js";import{n as c,t as l}from"./listing-c5eecbd5a8abc4e8.js";import{a as u,o as d,r as f,u as p}from"./plaza-c07069489b1672a2.js";import{n as m,t as h}from"./jsx-runtime-4f8e4449067893b6.js";import{n as g,r as _}from"./dialog-ce13303e8f4c1187.js";import{l as v,n as y,s as b,t as x}from"./field-3b1e575dafb5c229.js";import{t as S}from"./copy-143d56c93cf3f481.js";import{t as C}from"./when-d38400705992b9a0.js";import{n as w}from"./toast-94fcfb670d0791be.js";import{t as T}from"./copy-edb0acd9b895d1e2.js";import{t as E}from"./format-9211ed6e1f1743ad.js";import{t as ee}from"./avatar-d5ef3b5b604023ec.js";import{n as D}from"./tag-40126fe7c2f7ad09.js";/* empty css                      */var O={name:`image-up`,size:24,node:[[`path`,{d:`M10.3 21H5a2 2 0 0 1-2-2V5a2 2 0 0 1 2-2h14a2 2 0 0 1 2 2v10l-3.1-3.1a2 2 0 0 0-2.814.014L6 21`,key:`9csbqa`}],[`path`,{d:`m14 19.5 3-3 3 3`,key:`9vmjn0`}],[`path`,{d:`M17 22v-5.5`,key:`1aa6fl`}],[`circle`,{cx:`9`,cy:`9`,r:`2`,key:`af1f0g`}]]};O.node;var k=r(O),A={name:`key-round`,size:24,node:[[`path`,{d:`M2.586 17.414A2 2 0 0 0 2 18.828V21a1 1 0 0 0 1 1h3a1 1 0 0 0 1-1v-1a1 1 0 0 1 1-1h1a1 1 0 0 0 1-1v-1a1 1 0 0 1 1-1h.172a2 2 0 0 0 1.414-.586l.814-.814a6.5 6.5 0 1 0-4-4z`,key:`1s6t7t`}],[`circle`,{cx:`16.5`,cy:`7.5`,r:`.5`,fill:`currentColor`,key:`w0ekpg`}]]};A.node;var j=r(A),M={name:`laptop`,size:24,node:[[`path`,{d:`M18 5a2 2 0 0 1 2 2v8.526a2 2 0 0 0 .212.897l1.068 2.127a1 1 0 0 1-.9 1.45H3.62a1 1 0 0 1-.9-1.45l1.068-2.127A2 2 0 0 0 4 15.526V7a2 2 0 0 1 2-2z`,key:`1pdavp`}],[`path`,{d:`M20.054 15.987H3.946`,key:`14rxg9`}]]};M.node;var N=r(M),P={name:`smartphone`,size:24,node:[[`rect`,{x:`6`,y:`2`,width:`12`,height:`20`,rx:`2`,ry:`2`,key:`681lq1`}],[`path`,{d:`M12 18h.01`,key:`mhygvu`}]]};P.node;var F=r(P),I=e(m(),1),L=class extends String{__apiType;value;__meta__;constructor(e,t){super(e),this.value=e,this.__meta__=t}toString(){return this.value}},R=new L(`
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
    `),z=new L(`
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
    `),B=new L(`
    mutation UpdateProfile($name: String) {
  updateProfile(input: {name: $name}) {
    viewer {
      userId
    }
  }
}
    `),V=new L(`
    mutation UploadPicture($picture: Upload!) {
  uploadProfilePicture(input: {picture: $picture}) {
    viewer {
      userId
      image
    }
  }
}
    `),H=new L(`
    mutation RemovePicture {
  updateProfile(input: {image: null}) {
    viewer {
      userId
      image
    }
  }
}
    `),U=new L(`
    mutation ChangePassword($currentPassword: String!, $newPassword: String!, $revokeApiKeys: Boolean!) {
  changePassword(
    input: {currentPassword: $currentPassword, newPassword: $newPassword, revokeApiKeys: $revokeApiKeys}
  ) {
    viewer {
      userId
    }
  }
}
    `),W=new L(`
    mutation RevokeSession($id: ID!) {
  revokeSession(input: {loginSessionId: $id}) {
    viewer {
      userId
    }
  }
}
    `),G=new L(`
    mutation CreateKey($name: String!) {
  createApiKey(input: {name: $name}) {
    key
    apiKey {
      id
    }
  }
}
    `),K=new L(`
    mutation RevokeKey($id: ID!) {
  revokeApiKey(input: {apiKeyId: $id}) {
    deletedId
  }
}
    `),q=new L(`
    mutation DeleteAccount($password: String!) {
  deleteAccount(input: {password: $password}) {
    deletedId
  }
}
    `),J=h();function Y(){let e=t(`account`),{run:r,refreshAccount:i}=u(),a=f(),[o,s]=(0,I.useState)(!1),c=async e=>{let t=e.get(`password`);await a.attempt(()=>r(q,{password:t}))&&i()};return(0,J.jsxs)(`section`,{children:[(0,J.jsx)(`h2`,{children:e(`deletion`)}),(0,J.jsx)(`p`,{className:`card-facts`,children:e(`deletionText`)}),(0,J.jsx)(`p`,{className:`page-line`,children:(0,J.jsx)(n,{look:`danger`,onClick:()=>s(!0),children:e(`deleteAccount`)})}),o&&(0,J.jsxs)(g,{title:e(`deleteTitle`),onClose:()=>s(!1),children:[(0,J.jsx)(`p`,{children:e(`deletionText`)}),(0,J.jsx)(b,{submission:a,onSubmit:e=>void c(e),onCancel:()=>s(!1),action:e(`deleteAccount`),isDangerous:!0,children:(0,J.jsx)(y,{label:e(`currentPassword`),name:`password`,type:`password`,autoComplete:`current-password`,required:!0})})]})]})}function X({keys:e,onChanged:r}){let a=t(`account`),{run:o}=u(),s=_(),{isBusy:c,refusal:l,attempt:d}=f(),p=f(),[m,h]=(0,I.useState)(null),g=async(e,t)=>{await p.attempt(async()=>h((await o(G,{name:v(e,`name`)})).createApiKey?.key??null))&&(t.reset(),r())},x=async({id:e,name:t})=>{await s({title:a(`revokeTitle`,{name:t}),text:a(`revokeText`),action:a(`revoke`),isDangerous:!0})&&await d(()=>o(K,{id:e}))&&r()};return(0,J.jsxs)(`section`,{children:[(0,J.jsx)(`h2`,{children:a(`keys`)}),(0,J.jsx)(`p`,{className:`card-facts`,children:a(`keysAbout`)}),(0,J.jsx)(i,{message:l}),(0,J.jsx)(`ul`,{className:`cards`,children:e.map(e=>(0,J.jsxs)(`li`,{className:`card`,children:[(0,J.jsx)(j,{size:20,"aria-hidden":`true`}),(0,J.jsxs)(`span`,{className:`card-text`,children:[(0,J.jsx)(`span`,{className:`card-title`,children:(0,J.jsx)(`bdi`,{children:e.name})}),(0,J.jsxs)(`span`,{className:`card-facts`,children:[(0,J.jsxs)(`code`,{children:[e.prefix,`…`]}),` `,e.lastUsedAt?a(`lastUsed`):a(`neverUsed`),` `,e.lastUsedAt&&(0,J.jsx)(C,{at:e.lastUsedAt})]})]}),(0,J.jsx)(n,{isSmall:!0,onClick:()=>void x(e),disabled:c,children:a(`revoke`)})]},e.id))}),(0,J.jsx)(b,{submission:p,onSubmit:(e,t)=>void g(e,t),action:a(`createKey`),children:(0,J.jsx)(y,{label:a(`keyName`),name:`name`,hint:a(`keyNameHint`),required:!0,maxLength:100,autoComplete:`off`})}),m&&(0,J.jsx)(Z,{secret:m,onClose:()=>h(null)})]})}function Z({secret:e,onClose:r}){let i=t(`account`),a=t(`common`),o=S();return(0,J.jsxs)(g,{title:i(`newKey`),onClose:r,actions:(0,J.jsxs)(J.Fragment,{children:[(0,J.jsx)(n,{onClick:r,children:a(`close`)}),(0,J.jsx)(n,{look:`primary`,onClick:()=>o(e),children:a(`copy`)})]}),children:[(0,J.jsx)(`p`,{children:i(`newKeyText`)}),(0,J.jsx)(`p`,{children:(0,J.jsx)(`code`,{className:`secret`,children:e})})]})}function Q({onChanged:e}){let n=t(`account`),{run:r}=u(),i=w(),a=f(),o=async(t,o)=>{await a.attempt(()=>r(U,{currentPassword:t.get(`currentPassword`),newPassword:t.get(`newPassword`),revokeApiKeys:t.has(`revokeApiKeys`)}))&&(o.reset(),i({text:n(`passwordChanged`)}),e())};return(0,J.jsxs)(`section`,{children:[(0,J.jsx)(`h2`,{children:n(`password`)}),(0,J.jsxs)(b,{submission:a,onSubmit:(e,t)=>void o(e,t),action:n(`changePassword`),children:[(0,J.jsx)(y,{label:n(`currentPassword`),name:`currentPassword`,type:`password`,autoComplete:`current-password`,required:!0}),(0,J.jsx)(y,{label:n(`newPassword`),name:`newPassword`,type:`password`,autoComplete:`new-password`,required:!0,hint:n(`passwordHint`)}),(0,J.jsx)(x,{label:n(`revokeKeysToo`),name:`revokeApiKeys`})]})]})}var $=512;async function te(e){let t=await createImageBitmap(e),n=document.createElement(`canvas`);n.width=n.height=$;let r=Math.min(t.width,t.height),[i,a]=[(t.width-r)/2,(t.height-r)/2];return n.getContext(`2d`)?.drawImage(t,i,a,r,r,0,0,$,$),t.close(),new Promise((e,t)=>{n.toBlob(n=>n?e(n):t(Error(`The picture cannot be written.`)),`image/webp`,.85)})}function ne({isSet:e,onChanged:r}){let a=t(`account`),{run:o,server:s}=u(),c=f(),l=(0,I.useRef)(null),d=async e=>{let t=await te(e).catch(()=>{throw Error(a(`noPicture`))});await s.upload(V,{picture:null},`picture`,t).catch(p)},m=async({target:e})=>{let t=e.files?.[0];t&&await c.attempt(()=>d(t))&&r(),e.value=``},h=async()=>{await c.attempt(()=>o(H,{}))&&r()};return(0,J.jsxs)(J.Fragment,{children:[(0,J.jsxs)(`p`,{className:`page-line`,children:[(0,J.jsxs)(n,{isSmall:!0,disabled:c.isBusy,onClick:()=>l.current?.click(),children:[(0,J.jsx)(k,{size:15,"aria-hidden":`true`}),` `,a(`choosePicture`)]}),e&&(0,J.jsx)(n,{isSmall:!0,disabled:c.isBusy,onClick:()=>void h(),children:a(`removePicture`)}),(0,J.jsx)(`input`,{ref:l,type:`file`,hidden:!0,accept:`image/*`,"aria-label":a(`choosePicture`),onChange:e=>void m(e)})]}),(0,J.jsx)(i,{message:c.refusal})]})}function re({viewer:{userId:e,name:n,email:r,image:i,createdAt:a},onChanged:s}){let c=t(`account`),l=t(`common`),{run:d,refreshAccount:p}=u(),m=w(),h=S(),g=f(),_=()=>{p(),s()},x=async e=>{await g.attempt(()=>d(B,{name:v(e,`name`)}))&&(m({text:l(`saved`)}),_())};return(0,J.jsxs)(`section`,{children:[(0,J.jsxs)(`div`,{className:`card`,children:[(0,J.jsx)(ee,{name:n,image:i,size:56}),(0,J.jsxs)(`span`,{className:`card-text`,children:[(0,J.jsx)(`span`,{className:`card-title`,children:(0,J.jsx)(`bdi`,{children:r})}),(0,J.jsx)(`span`,{className:`card-facts`,children:c(`since`,{date:E(new Date(a))})}),(0,J.jsxs)(`span`,{className:`card-facts`,children:[c(`id`),` `,(0,J.jsx)(`code`,{children:e}),` `]})]}),(0,J.jsx)(o,{label:c(`copyId`),icon:(0,J.jsx)(T,{size:17,"aria-hidden":`true`}),onClick:()=>h(e)})]}),(0,J.jsx)(ne,{isSet:i!==null,onChanged:_}),(0,J.jsx)(b,{submission:g,onSubmit:e=>void x(e),action:l(`save`),children:(0,J.jsx)(y,{label:l(`name`),name:`name`,defaultValue:n,hint:c(`nameHint`),maxLength:100,required:!0,autoComplete:`name`})})]})}var ie=[[/Edg\//,`Edge`],[/OPR\//,`Opera`],[/SamsungBrowser\//,`Samsung Internet`],[/Firefox\//,`Firefox`],[/Chrome\//,`Chrome`],[/Safari\//,`Safari`],[/^curl\//,`curl`]],ae=[[/iPhone|iPad/,`iOS`],[/Android/,`Android`],[/Windows/,`Windows`],[/Mac OS X/,`macOS`],[/Linux/,`Linux`]];function oe(e){let t=t=>t.find(([t])=>t.test(e))?.[1],n=t(ie)??e.split(/[/ ]/)[0]??``,r=t(ae);return{name:r?`${n} · ${r}`:n,isPhone:/iPhone|Android.*Mobile/.test(e)}}function se({list:e}){let r=t(`account`),{run:a}=u(),{isBusy:o,refusal:s,attempt:c}=f(),d=async t=>{await c(()=>a(W,{id:t}))&&e.refresh()};return(0,J.jsxs)(`section`,{children:[(0,J.jsx)(`h2`,{children:r(`sessions`)}),(0,J.jsx)(i,{message:s}),(0,J.jsx)(l,{list:e,empty:null,children:e=>(0,J.jsx)(`ul`,{className:`cards`,children:e.map(({id:e,isCurrent:t,ipAddress:i,userAgent:a,updatedAt:s})=>{let{name:c,isPhone:l}=oe(a??``);return(0,J.jsxs)(`li`,{className:`card`,children:[(0,J.jsx)(l?F:N,{size:22,"aria-hidden":`true`}),(0,J.jsxs)(`span`,{className:`card-text`,children:[(0,J.jsxs)(`span`,{className:`card-title`,children:[(0,J.jsx)(`bdi`,{children:c||r(`unknownDevice`)}),` `,t&&(0,J.jsx)(D,{children:r(`thisDevice`)})]}),(0,J.jsxs)(`span`,{className:`card-facts`,children:[(0,J.jsx)(`bdi`,{children:i}),` `,(0,J.jsx)(C,{at:s})]})]}),!t&&(0,J.jsx)(n,{isSmall:!0,onClick:()=>void d(e),disabled:o,children:r(`endSession`)})]},e)})})})]})}function ce(){let e=t(`account`),{data:n,error:r,refresh:o}=d(R,{}),l=c(z,{first:20},({viewer:e})=>e?.sessions),u=n?.viewer;return(0,J.jsxs)(s,{title:e(`title`),about:e(`about`),back:`#/`,children:[(0,J.jsx)(i,{message:r?.message,onRetry:o}),!u&&!r&&(0,J.jsx)(a,{}),u&&(0,J.jsxs)(J.Fragment,{children:[(0,J.jsx)(re,{viewer:u,onChanged:o}),(0,J.jsx)(Q,{onChanged:()=>{o(),l.refresh()}}),(0,J.jsx)(se,{list:l}),(0,J.jsx)(X,{keys:u.apiKeys,onChanged:o}),(0,J.jsx)(Y,{})]})]})}export{ce as default};
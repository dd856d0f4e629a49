import{a as e}from"./rolldown-runtime-56689dc2ec3d255a.js";import{t}from"./coins-b645ffad30b251ba.js";import{n,t as r}from"./jsx-runtime-4f8e4449067893b6.js";import{o as i}from"./i18n-9c2ef3bfcd738eda.js";import{a}from"./format-f052cd4a02b65ce4.js";import{a as o,t as s}from"./notices-c2b0e59d6a0a45b6.js";import{n as c}from"./dialog-c525ea7dfd276a7e.js";import{c as l,n as u,s as d,u as f}from"./field-ec03c080e0cb67d9.js";import{n as p}from"./figures-4a32e9ef4498e316.js";import{t as m}from"./page-41bfba162af6ff43.js";import{n as h}from"./toast-f8895c0bab81a5aa.js";import{t as g}from"./when-cbef02ec8b21e607.js";import{n as _,t as v}from"./listing-6b24b27768dc9f59.js";import{a as y,r as b}from"./plaza-86d019b06fde75a6.js";import{h as x}from"./routes-3c508fcdbeddc879.js";/* empty css                      */var S=e(n(),1),C=class extends String{__apiType;value;__meta__;constructor(e,t){super(e),this.value=e,this.__meta__=t}toString(){return this.value}},w=new C(`
    query Wallet($first: Int!, $after: String) {
  viewer {
    userId
    wallet {
      balance
      held
      entries(first: $first, after: $after) {
        nodes {
          id
          kind
          amount
          balance
          description
          createdAt
          cause {
            kind
            objectId
          }
        }
        pageInfo {
          hasNextPage
          endCursor
        }
      }
    }
  }
}
    `),T=new C(`
    mutation TopUp($amount: Coins!, $receiptId: String) {
  topUpWallet(input: {amount: $amount, receiptId: $receiptId}) {
    wallet {
      balance
    }
  }
}
    `),E=r();function D(){let e=i(`wallet`),{me:n}=y(),[r,c]=(0,S.useState)(),[l,u]=(0,S.useState)(!1),d=_(w,{first:30},({viewer:e})=>(c(e?.wallet.held),e?.wallet.entries)),f=[{name:e(`balance`),value:a(n?.wallet.balance??0)},...r?[{name:e(`held`),value:a(r),note:e(`heldNote`)}]:[]];return(0,E.jsxs)(m,{title:e(`title`),about:e(`about`),back:`#/`,actions:(0,E.jsx)(o,{onClick:()=>u(!0),children:e(`topUp`)}),children:[n&&(0,E.jsx)(p,{figures:f}),(0,E.jsx)(v,{list:d,empty:(0,E.jsx)(s,{icon:(0,E.jsx)(t,{size:28,"aria-hidden":`true`}),title:e(`emptyTitle`),children:e(`sources`)}),children:t=>(0,E.jsx)(`ul`,{className:`cards`,"aria-label":e(`entries`),children:t.map(e=>(0,E.jsx)(O,{entry:e},e.id))})}),l&&(0,E.jsx)(k,{onClose:()=>u(!1),onDone:d.refresh})]})}function O({entry:{kind:e,amount:t,balance:n,description:r,cause:o,createdAt:s}}){let c=i(`wallet`);return(0,E.jsxs)(`li`,{className:`card`,children:[(0,E.jsxs)(`span`,{className:`card-text`,children:[(0,E.jsxs)(`span`,{className:`card-title`,children:[c(e),` `,(0,E.jsx)(g,{at:s})]}),(0,E.jsx)(`span`,{className:`card-facts`,children:o.kind===`COMMUNITY`?(0,E.jsx)(`a`,{href:x(o.objectId),children:(0,E.jsx)(`bdi`,{children:r})}):(0,E.jsx)(`bdi`,{children:r})})]}),(0,E.jsxs)(`span`,{className:`card-number`,children:[(0,E.jsx)(`bdi`,{children:t>0?`+${a(t)}`:a(t)}),(0,E.jsx)(`span`,{className:`card-facts`,children:c(`after`,{balance:a(n)})})]})]})}function k({onClose:e,onDone:t}){let n=i(`wallet`),{run:r,refreshMe:a}=y(),o=h(),s=b(),p=async i=>{let c=f(i,`amount`)??0;await s.attempt(()=>r(T,{amount:c,receiptId:l(i,`receiptId`)}))&&(o({text:n(`toppedUp`,{count:c})}),a(),t(),e())};return(0,E.jsxs)(c,{title:n(`topUp`),onClose:e,children:[(0,E.jsx)(`p`,{children:n(`sources`)}),(0,E.jsxs)(d,{submission:s,onSubmit:e=>void p(e),onCancel:e,action:n(`topUpAction`),children:[(0,E.jsx)(u,{label:n(`amount`),name:`amount`,type:`number`,min:1,step:1,defaultValue:100,required:!0}),(0,E.jsx)(u,{label:n(`receipt`),name:`receiptId`,hint:n(`receiptHint`),maxLength:200})]})]})}export{D as default};
import{a as e}from"./rolldown-runtime-56689dc2ec3d255a.js";import{t}from"./coins-2398192b40d7ecc2.js";import{n,t as r}from"./jsx-runtime-4f8e4449067893b6.js";import{c as i}from"./i18n-ad3f895b65fa99e4.js";import{a}from"./format-9211ed6e1f1743ad.js";import{a as o,t as s}from"./notices-d3b7736df522830b.js";import{n as c}from"./dialog-ce13303e8f4c1187.js";import{c as l,n as u,s as d,u as f}from"./field-3b1e575dafb5c229.js";import{n as p}from"./figures-14d58ae441eb9e01.js";import{t as m}from"./page-fc11c26865bfed2e.js";import{n as h}from"./toast-94fcfb670d0791be.js";import{t as g}from"./when-d38400705992b9a0.js";import{n as _,t as v}from"./listing-c5eecbd5a8abc4e8.js";import{a as y,r as b}from"./plaza-c07069489b1672a2.js";import{h as x}from"./routes-3c508fcdbeddc879.js";/* empty css                      */var S=e(n(),1),C=class extends String{__apiType;value;__meta__;constructor(e,t){super(e),this.value=e,this.__meta__=t}toString(){return this.value}},w=new C(`
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
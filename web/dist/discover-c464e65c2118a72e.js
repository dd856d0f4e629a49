import{a as e}from"./rolldown-runtime-56689dc2ec3d255a.js";import{n as t,t as n}from"./jsx-runtime-4f8e4449067893b6.js";import{c as r}from"./i18n-ad3f895b65fa99e4.js";import{t as i}from"./avatar-d5ef3b5b604023ec.js";import{a,o,t as s}from"./notices-d3b7736df522830b.js";import{r as c}from"./field-3b1e575dafb5c229.js";import{t as l}from"./page-fc11c26865bfed2e.js";import{n as u}from"./tag-40126fe7c2f7ad09.js";import{t as d}from"./delayed-9de8072a3fd493e3.js";import{n as f,t as p}from"./listing-c5eecbd5a8abc4e8.js";import{h as m,i as h}from"./routes-3c508fcdbeddc879.js";import{t as g}from"./fees-869ad296264b2e11.js";/* empty css                      */var _=e(t(),1),v=new class extends String{__apiType;value;__meta__;constructor(e,t){super(e),this.value=e,this.__meta__=t}toString(){return this.value}}(`
    query Communities($kind: CommunityKind, $search: String, $first: Int!, $after: String) {
  communities(
    kind: $kind
    search: $search
    sort: MEMBERS
    first: $first
    after: $after
  ) {
    nodes {
      id
      name
      kind
      description
      memberCount
      isVerified
      joinFee
      monthlyFee
    }
    pageInfo {
      hasNextPage
      endCursor
    }
  }
}
    `),y=n(),b=[`ALL`,`CLUB`,`OFFICIAL`,`LOUNGE`];function x(){let e=r(`discover`),t=r(`community`),[n,x]=(0,_.useState)(`ALL`),[S,C]=(0,_.useState)(``),w=d(S.trim()),T=f(v,{kind:n===`ALL`?null:n,search:w||null,first:30},({communities:e})=>e);return(0,y.jsxs)(l,{title:e(`title`),about:e(`about`),back:`#/`,actions:(0,y.jsx)(o,{href:h,children:t(`create`)}),children:[(0,y.jsxs)(`div`,{className:`filters`,children:[(0,y.jsx)(c,{label:e(`search`),value:S,onSearch:C}),(0,y.jsx)(`div`,{className:`kinds`,role:`group`,"aria-label":e(`kind`),children:b.map(t=>(0,y.jsx)(a,{isSmall:!0,"aria-pressed":n===t,onClick:()=>x(t),children:e(t)},t))})]}),(0,y.jsx)(p,{list:T,empty:(0,y.jsx)(s,{title:e(`noneFound`),actions:(0,y.jsx)(o,{href:h,children:t(`create`)})}),children:e=>(0,y.jsx)(`ul`,{className:`cards`,children:e.map(e=>(0,y.jsx)(`li`,{children:(0,y.jsxs)(`a`,{className:`card`,href:m(e.id),children:[(0,y.jsx)(i,{name:e.name,size:46}),(0,y.jsxs)(`span`,{className:`card-text`,children:[(0,y.jsxs)(`span`,{className:`card-title`,children:[(0,y.jsx)(`bdi`,{children:e.name}),e.isVerified&&(0,y.jsx)(u,{children:t(`verified`)})]}),(0,y.jsx)(`bdi`,{className:`card-about`,children:e.description}),(0,y.jsxs)(`span`,{className:`card-facts`,children:[t(e.kind),` · `,t(`members`,{count:e.memberCount}),` · `,g(t,e)]})]})]})},e.id))})})]})}export{x as default};
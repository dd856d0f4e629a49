import{a as e}from"./rolldown-runtime-56689dc2ec3d255a.js";import{n as t,t as n}from"./jsx-runtime-4f8e4449067893b6.js";import{n as r,o as i,r as a,s as o,t as s}from"./client-4b81e92f590b975c.js";import{i as c,n as l,r as u,t as d}from"./refusal-5398e32f8355a68a.js";import{c as f,i as p}from"./i18n-ad3f895b65fa99e4.js";var m=e(t(),1),ee=class{#e;#t;#n=new Map;#r=new Set;constructor({account:e,store:t}){this.#e=e,this.#t=t}async load(){for(let{conversationId:e,text:t,replyTo:n}of await this.#t.load(this.#e))this.#n.has(e)||this.#n.set(e,{text:t,replyTo:n});this.#i()}listen=e=>(this.#r.add(e),()=>void this.#r.delete(e));of(e){return this.#n.get(e)??h}set(e,t){let n={...this.of(e),...t};this.#n.set(e,n),n.text||n.replyTo?this.#t.put({account:this.#e,conversationId:e,...n}):this.#t.remove(this.#e,e),this.#i()}#i(){for(let e of this.#r)e()}},h={text:``,replyTo:null},te={conversation:null,messages:[],hasEarlier:!1,past:null,isPrepended:!1,typing:[],presentCount:0,ended:null,position:void 0,outdated:null};function ne(e,t){let n=re(e,t),r=t.type===`earlier`;return n.isPrepended===r?n:{...n,isPrepended:r}}function re(e,t){switch(t.type){case`event`:return{...ae(e,t.event),position:t.event.position??e.position};case`messages`:return g(e,t.messages);case`earlier`:return _(e,t.messages);case`later`:return e.past?v(e,{...e.past,messages:b(e.past.messages,t.messages)},t.hasLater):e;case`past`:return v(e,{messages:t.messages,hasEarlier:t.hasEarlier},t.hasLater);case`present`:return{...e,past:null};case`reread`:return se(e,t.messages);case`blocked`:return oe(e,t.userId);case`ended`:return{...e,ended:t.refusal??{message:`This conversation is over.`,code:void 0}}}}var ie=e=>e.past??e;function ae(e,t){switch(t.__typename){case`ConversationSnapshot`:return y(e,t);case`MessageEvent`:return g(e,[t.message]);case`SupportEvent`:return e.conversation?{...e,conversation:{...e.conversation,support:t.support}}:e;case`ConversationActivity`:return{...e,typing:t.typing,presentCount:t.presentCount};default:return e}}function g(e,t){let n=e.messages[0]?.number??0,r=b(e.messages,t.filter(({number:e})=>e>=n));if(!e.past)return{...e,messages:r};let{messages:i}=e.past,[a,o]=[i[0]?.number??0,i.at(-1)?.number??0],s=t.filter(({number:e})=>e>=a&&e<=o);return{...e,messages:r,past:{...e.past,messages:b(i,s)}}}function oe(e,t){let n=e=>e.map(e=>e.authorId===t?{...e,isFromBlocked:!0}:e);return{...e,messages:n(e.messages),past:e.past&&{...e.past,messages:n(e.past.messages)}}}function _(e,t){let n=t.length>=50;return e.past?{...e,past:{messages:b(e.past.messages,t),hasEarlier:n}}:{...e,messages:b(e.messages,t),hasEarlier:n}}function v(e,t,n){let r=e.messages[0]?.number??1/0,i=t.messages.at(-1)?.number??0;if(n&&i+1<r)return{...e,past:t};let a=(t.messages[0]?.number??1/0)<r;return{...e,messages:b(t.messages,e.messages),hasEarlier:a?t.hasEarlier:e.hasEarlier,past:null}}function y(e,{conversation:t,messages:n}){let r=n??[],[i,a]=[e.messages[0],r[0]],o=r.length>=50;if(!i||!a||!o)return{...e,conversation:t,messages:r,hasEarlier:o,past:null,ended:null,outdated:null};let s=i.number<a.number,c=e.messages.filter(({number:e})=>e<a.number);return{...e,conversation:t,messages:b(c,r),hasEarlier:s?e.hasEarlier:o,past:null,ended:null,outdated:s?{before:a.createdAt,number:a.number,from:i.number}:null}}function se(e,t){if(!e.outdated)return e;let{number:n,from:r}=e.outdated,i=t[0],a=t.length>=50&&i!==void 0,o=!a||i.number<=r,s=a?i.number:0,c=e.messages.filter(e=>e.number<s||e.number>=n);return{...e,messages:b(c,t),hasEarlier:a&&(e.hasEarlier||i.number<r),outdated:o?null:{before:i.createdAt,number:i.number,from:r}}}function b(e,t){if(t.length===0)return e;let n=e.slice();for(let e of t){let t=x(n,e.number),r=n[t]?.number===e.number;n.splice(t,+!!r,e)}return n}function x(e,t){let[n,r]=[0,e.length];if(r>0&&(e[r-1]?.number??0)<t)return r;for(;n<r;){let i=n+r>>1;(e[i]?.number??0)<t?n=i+1:r=i}return n}function ce(e){let t=e.filter(({agentReply:e})=>e?.status===`RUNNING`);if(t.length===0)return le;let n=new Set(e.filter(({agentListingId:e})=>e).map(({replyToId:e})=>e));return t.filter(({id:e})=>!n.has(e))}var le=[],ue=20,de=class{#e=new Map;of(e){return this.#e.get(e)??te}clear(){this.#e.clear()}keep(e,t){if(this.#e.delete(e),t.ended||t.position===void 0)return;this.#e.set(e,{...t,past:null,typing:[],presentCount:0});let n=this.#e.keys().next();this.#e.size>ue&&!n.done&&this.#e.delete(n.value)}},fe=3e3,pe=class{#e;#t;#n;#r;#i;#a;#o;#s;#c;#l=[];#u=new Map;#d=new Set;#f=new Set;#p=new Set;#m=!1;#h=!1;constructor({account:e,store:t,send:n,onSent:r,onSignedOut:a,newKey:o,now:s=Date.now,timers:c,random:l=Math.random}){this.#e=e,this.#t=t,this.#n=n,this.#r=r,this.#i=a,this.#a=o,this.#o=s,this.#s=l,this.#c=new i(c)}async load(){if(this.#h)return;let e=new Set(this.#l.map(({key:e})=>e)),t=(await this.#t.load(this.#e)).filter(({key:t})=>!e.has(t)).map(e=>e.status===`failed`?e:{...e,status:`queued`});this.#x([...this.#l,...t].sort((e,t)=>e.order-t.order));for(let e of new Set(t.map(({conversationId:e})=>e)))this.#g(e)}listen=e=>(this.#d.add(e),()=>void this.#d.delete(e));of(e){return this.#u.get(e)??me}get size(){return this.#l.length}add(e,t){let n=Math.max(this.#o(),(this.#l.at(-1)?.order??0)+1),r={...t,key:this.#a(),account:this.#e,conversationId:e,order:n,status:`queued`};return this.#x([...this.#l,r]),this.#t.put(r),this.#g(e),r}retry(e){this.#y(e,e=>({...e,...S}))}edit(e,t){this.#y(e,e=>({...e,...S,...t,key:this.#a()}))&&this.#t.remove(e)}remove(e){let t=this.#l.find(t=>t.key===e);t&&t.status!==`sending`&&(this.#x(this.#l.filter(e=>e!==t)),this.#t.remove(e),this.#c.wake())}wake(){for(let e of this.#p)this.#o()-e.since>fe&&e.controller.abort();this.#c.wake()}resume(){this.#m=!1;for(let e of this.#u.keys())this.#g(e)}stop(){this.#h=!0,this.#d.clear();for(let e of this.#p)e.controller.abort();this.#c.wake()}async#g(e){if(!this.#f.has(e)){for(this.#f.add(e);!this.#m&&!this.#h;){let t=this.of(e).find(({status:e})=>e!==`failed`);if(!t)break;let n=await this.#_(t);n!==null&&!this.#h&&await this.#c.wait(n)}this.#f.delete(e)}}async#_(e){let t=(e.attempts??0)+1;this.#b(e.key,{status:`sending`,attempts:t});let n={controller:new AbortController,since:this.#o()};this.#p.add(n);try{let t=await this.#n(e,n.controller.signal);return this.#v(e,t),null}catch(r){if(this.#h)return null;if(n.controller.signal.aborted)return this.#b(e.key,{status:`waiting`}),0;let i=u(r)?(e.faults??0)+1:0,a=c(r,i),s=r instanceof d&&r.code||null;if(a===`refused`){this.#b(e.key,{status:`failed`,reason:r instanceof Error?r.message:String(r),code:s});let t=this.#l.find(({key:t})=>t===e.key);return t&&this.#t.put(t),null}if(this.#b(e.key,{status:`waiting`,faults:i,code:s}),a===`signIn`)return this.#m=!0,this.#i(),null;let l=r instanceof d&&r.retryAfter||0;return Math.max(o(t-1,this.#s),l*1e3)}finally{this.#p.delete(n)}}#v(e,t){this.#r?.(e,t),this.#t.remove(e.key);let n=this.#l.filter(({key:t})=>t!==e.key);this.#x(n.map(n=>t&&n.conversationId===e.conversationId?{...n,afterNumber:Math.max(n.afterNumber??0,t.number)}:n))}#y(e,t){let n=this.#l.find(t=>t.key===e);if(n?.status!==`failed`)return!1;let r=t(n);return this.#x(this.#l.map(e=>e===n?r:e)),this.#t.put(r),this.#g(n.conversationId),!0}#b(e,t){this.#x(this.#l.map(n=>n.key===e?{...n,...t}:n))}#x(e){let t=this.#u;this.#l=e,this.#u=he(e);for(let[e,n]of this.#u){let r=t.get(e);r?.length===n.length&&n.every((e,t)=>e===r[t])&&this.#u.set(e,r)}for(let e of this.#d)e()}},me=[],S={status:`queued`,reason:null,code:null,attempts:0,faults:0};function he(e){let t=new Map;for(let n of e){let{conversationId:e}=n;t.set(e,[...t.get(e)??[],n])}return t}function ge(e,t,n){let r=new Set;return e.filter(({status:e,content:i,afterNumber:a=0})=>{if(e===`failed`)return!0;let o=t.find(e=>e.number>a&&e.authorId===n&&e.content===i&&!r.has(e.number));return o&&r.add(o.number),!o})}var C=(e,t)=>t.some(t=>e instanceof t),_e,ve;function ye(){return _e||=[IDBIndex,IDBObjectStore,IDBCursor,IDBDatabase,IDBTransaction]}function be(){return ve||=[`advance`,`continue`,`continuePrimaryKey`].map(e=>IDBCursor.prototype[e])}var w=new WeakMap,T=new WeakMap,E=new WeakMap;function xe(e){let t=new Promise((t,n)=>{let r=()=>{e.removeEventListener(`success`,i),e.removeEventListener(`error`,a)},i=()=>{t(j(e.result)),r()},a=()=>{n(e.error),r()};e.addEventListener(`success`,i),e.addEventListener(`error`,a)});return E.set(t,e),t}function Se(e){if(w.has(e))return;let t=new Promise((t,n)=>{let r=()=>{e.removeEventListener(`complete`,i),e.removeEventListener(`error`,a),e.removeEventListener(`abort`,a)},i=()=>{t(),r()},a=()=>{n(e.error||new DOMException(`AbortError`,`AbortError`)),r()};e.addEventListener(`complete`,i),e.addEventListener(`error`,a),e.addEventListener(`abort`,a)});w.set(e,t)}var D={get(e,t,n){if(e instanceof IDBTransaction){if(t===`done`)return w.get(e);if(t===`store`)return n.objectStoreNames[1]?void 0:n.objectStore(n.objectStoreNames[0])}return j(e[t])},set(e,t,n){return e[t]=n,!0},has(e,t){return e instanceof IDBTransaction&&(t===`done`||t===`store`)||t in e}};function O(e){D=e(D)}function k(e){return be().includes(e)?function(...t){return e.apply(M(this),t),j(this.request)}:function(...t){return j(e.apply(M(this),t))}}function A(e){return typeof e==`function`?k(e):(e instanceof IDBTransaction&&Se(e),C(e,ye())?new Proxy(e,D):e)}function j(e){if(e instanceof IDBRequest)return xe(e);if(T.has(e))return T.get(e);let t=A(e);return Object.is(t,e)||(T.set(e,t),E.set(t,e)),t}var M=e=>E.get(e);function Ce(e,t,{blocked:n,upgrade:r,blocking:i,terminated:a}={}){let o=indexedDB.open(e,t),s=j(o);return r&&o.addEventListener(`upgradeneeded`,e=>{r(j(o.result),e.oldVersion,e.newVersion,j(o.transaction),e)}),n&&o.addEventListener(`blocked`,e=>n(e.oldVersion,e.newVersion,e)),s.then(e=>{a&&e.addEventListener(`close`,()=>a()),i&&e.addEventListener(`versionchange`,e=>i(e.oldVersion,e.newVersion,e))}).catch(()=>{}),s}var we=[`get`,`getKey`,`getAll`,`getAllKeys`,`count`],Te=[`put`,`add`,`delete`,`clear`],N={};function P(e,t){if(!(e instanceof IDBDatabase&&!(t in e)&&typeof t==`string`))return;if(N[t])return N[t];let n=t.replace(/FromIndex$/,``),r=t!==n,i=Te.includes(n);return!(n in(r?IDBIndex:IDBObjectStore).prototype)||!(i||we.includes(n))?void 0:N[t]=async function(e,...t){let a=this.transaction(e,i?`readwrite`:`readonly`),o=a.store;return r&&(o=o.index(t.shift())),(await Promise.all([o[n](...t),i&&a.done]))[0]}}O(e=>({...e,get:(t,n,r)=>P(t,n)||e.get(t,n,r),has:(t,n)=>!!P(t,n)||e.has(t,n)}));var Ee=[`advance`,`continue`,`continuePrimaryKey`],F={},I=new WeakMap,L=new WeakMap,De={get(e,t){if(!Ee.includes(t))return e[t];let n=F[t];return n||=F[t]=function(...e){I.set(this,L.get(this)[t](...e))},n}};async function*Oe(...e){let t=this;if(t instanceof IDBCursor||(t=await t.openCursor(...e)),!t)return;t=t;let n=new Proxy(t,De);for(L.set(n,t),E.set(n,M(t));t;)yield n,t=await(I.get(n)||t.continue()),I.delete(n)}function R(e,t){return t===Symbol.asyncIterator&&C(e,[IDBIndex,IDBObjectStore,IDBCursor])||t===`iterate`&&C(e,[IDBIndex,IDBObjectStore])}O(e=>({...e,get(t,n,r){return R(t,n)?Oe:e.get(t,n,r)},has(t,n){return R(t,n)||e.has(t,n)}}));var z=`outbox`,B=`drafts`,V;function ke(){return V??=Ce(`plaza`,1,{upgrade(e){e.createObjectStore(z,{keyPath:`key`}).createIndex(`account`,`account`),e.createObjectStore(B,{keyPath:[`account`,`conversationId`]}).createIndex(`account`,`account`)},terminated:()=>V=void 0}),V}async function H(e,t){try{return await e(await ke())}catch(e){return console.warn(`Nothing can be kept in this browser.`,e),t}}var U=crypto.getRandomValues(new Uint32Array(4)).join(`-`),W=e=>`plaza-page-${e}`,G=navigator.locks;G?.request(W(U),()=>new Promise(()=>{}));var K=new BroadcastChannel(`plaza-outbox`);function Ae(e){let t=new Set,n=n=>{t.has(n)||(t.add(n),G?.request(W(n),()=>{}).then(e))},r=({data:e})=>n(e);K.addEventListener(`message`,r);let i=e=>(K.postMessage(U),H(async t=>void await t.put(z,{...e,page:U}),void 0));return{async load(e){let t=await H(t=>t.getAllFromIndex(z,`account`,e),[]),{held:r=[]}=await G?.query()??{},a=new Set(r.map(({name:e})=>e)),o=({page:e})=>e!==U&&a.has(W(e));for(let{page:e}of t.filter(o))n(e);let s=t.filter(e=>!o(e));return s.forEach(e=>void i(e)),s},put:i,remove:e=>H(t=>t.delete(z,e),void 0),close:()=>K.removeEventListener(`message`,r)}}var je={load:e=>H(t=>t.getAllFromIndex(B,`account`,e),[]),put:e=>H(async t=>void await t.put(B,e),void 0),remove:(e,t)=>H(n=>n.delete(B,[e,t]),void 0)},q=class extends String{__apiType;value;__meta__;constructor(e,t){super(e),this.value=e,this.__meta__=t}toString(){return this.value}},Me=new q(`
    query Me {
  viewer {
    userId
    name
    image
    isAdmin
    wallet {
      balance
    }
    memberships(first: 100) {
      nodes {
        role
        community {
          id
          kind
          name
        }
      }
    }
  }
}
    `),Ne=new q(`
    subscription Inbox {
  inbox {
    isSnapshot
    removedIds
    conversations {
      id
      kind
      title
      unreadCount
      readCount
      updatedAt
      support {
        customer {
          id
          name
        }
      }
      lastMessage {
        content
        agentName
        author {
          name
        }
      }
    }
  }
}
    `),Pe=new q(`
    mutation Post($id: ID!, $content: String!, $clientKey: String!, $replyToId: ID) {
  postMessage(
    input: {conversationId: $id, content: $content, clientKey: $clientKey, replyToId: $replyToId}
  ) {
    message {
      agentRefusal {
        message
      }
      ...MessageParts
    }
  }
}
    fragment MessageParts on Message {
  id
  number
  cursor
  authorId
  author {
    id
    name
    image
  }
  agentListingId
  agentName
  kind
  content
  replyToId
  replyTo {
    id
    number
    cursor
    content
    deletedAt
    agentName
    author {
      name
    }
  }
  isFromBlocked
  isIncomplete
  ttsAudioUrl
  reactions {
    emoji
    count
    hasViewerReacted
  }
  createdAt
  editedAt
  deletedAt
  agentReply {
    id
    status
    agentListing {
      agentName
    }
  }
}`),Fe=new q(`
    mutation AskAgent($id: ID!, $listingId: ID!, $content: String!, $clientKey: String!, $fee: Coins!) {
  askAgent(
    input: {conversationId: $id, agentListingId: $listingId, content: $content, clientKey: $clientKey, expectedFee: $fee}
  ) {
    agentReply {
      id
      question {
        ...MessageParts
      }
    }
  }
}
    fragment MessageParts on Message {
  id
  number
  cursor
  authorId
  author {
    id
    name
    image
  }
  agentListingId
  agentName
  kind
  content
  replyToId
  replyTo {
    id
    number
    cursor
    content
    deletedAt
    agentName
    author {
      name
    }
  }
  isFromBlocked
  isIncomplete
  ttsAudioUrl
  reactions {
    emoji
    count
    hasViewerReacted
  }
  createdAt
  editedAt
  deletedAt
  agentReply {
    id
    status
    agentListing {
      agentName
    }
  }
}`),Ie=new q(`
    mutation AskLounge($loungeId: ID!, $content: String!, $voice: Boolean, $clientKey: String!, $fee: Coins!) {
  askLounge(
    input: {loungeId: $loungeId, content: $content, voice: $voice, clientKey: $clientKey, expectedFee: $fee}
  ) {
    agentReply {
      id
      question {
        ...MessageParts
      }
    }
  }
}
    fragment MessageParts on Message {
  id
  number
  cursor
  authorId
  author {
    id
    name
    image
  }
  agentListingId
  agentName
  kind
  content
  replyToId
  replyTo {
    id
    number
    cursor
    content
    deletedAt
    agentName
    author {
      name
    }
  }
  isFromBlocked
  isIncomplete
  ttsAudioUrl
  reactions {
    emoji
    count
    hasViewerReacted
  }
  createdAt
  editedAt
  deletedAt
  agentReply {
    id
    status
    agentListing {
      agentName
    }
  }
}`),Le=new q(`
    mutation VoiceMessage($id: ID!, $audio: Upload!, $clientKey: String!) {
  sendVoiceMessage(
    input: {conversationId: $id, audio: $audio, clientKey: $clientKey}
  ) {
    message {
      ...MessageParts
    }
  }
}
    fragment MessageParts on Message {
  id
  number
  cursor
  authorId
  author {
    id
    name
    image
  }
  agentListingId
  agentName
  kind
  content
  replyToId
  replyTo {
    id
    number
    cursor
    content
    deletedAt
    agentName
    author {
      name
    }
  }
  isFromBlocked
  isIncomplete
  ttsAudioUrl
  reactions {
    emoji
    count
    hasViewerReacted
  }
  createdAt
  editedAt
  deletedAt
  agentReply {
    id
    status
    agentListing {
      agentName
    }
  }
}`),Re=new q(`
    query Account {
  viewer {
    userId
    name
    email
    image
  }
}
    `),ze=new q(`
    mutation SignIn($email: String!, $password: String!) {
  signIn(input: {email: $email, password: $password}) {
    viewer {
      userId
    }
  }
}
    `),Be=new q(`
    mutation SignUp($email: String!, $password: String!, $name: String!) {
  signUp(input: {email: $email, password: $password, name: $name}) {
    viewer {
      userId
    }
  }
}
    `),Ve=new q(`
    mutation SignOut {
  signOut {
    deletedId
  }
}
    `);async function He(e,t,n){let{key:r,conversationId:i,content:a}=t;switch(t.kind){case`agent`:{let{listingId:o,fee:s}=t;return(await e.request(Fe,{id:i,listingId:o,content:a,clientKey:r,fee:s},{signal:n})).askAgent?.agentReply.question??null}case`lounge`:{let{loungeId:i,voice:o,fee:s}=t;return(await e.request(Ie,{loungeId:i,content:a,voice:o,clientKey:r,fee:s},{signal:n})).askLounge?.agentReply.question??null}case`voice`:return(await e.upload(Le,{id:i,audio:null,clientKey:r},`audio`,t.audio,{signal:n})).sendVoiceMessage?.message??null;case`post`:{let o=t.replyTo?.id;return(await e.request(Pe,{id:i,content:a,clientKey:r,replyToId:o},{signal:n})).postMessage?.message??null}}}function J(e){let t=e instanceof l?`unreachable`:e instanceof d&&p!==`en`?e.code:void 0;if(t===void 0||!(e instanceof Error))return e;let n=f(`refusal`)(t);return n!==t&&(e.message=n),e}function Y(e){throw J(e)}var Ue=n(),We=2e3,Ge=5e3,X=(0,m.createContext)(null);function Z(){let e=(0,m.use)(X);if(!e)throw Error(`This is not inside of a PlazaProvider.`);return e}function Q({user:e,onSignedOut:t,children:n}){let[r,i]=(0,m.useState)(null),[a,o]=(0,m.useState)(null);(0,m.useEffect)(()=>{let n=Ke(e.userId,t);return o(n),n.close},[e.userId,t]);let s=(0,m.useCallback)(async(e,n,r)=>{if(!a)throw new l(`The page is not ready.`);try{return await a.server.request(e,n,r)}catch(e){throw e instanceof d&&e.code===`UNAUTHENTICATED`&&t(),e instanceof l&&a.connection.check(),J(e)}},[a,t]),c=(0,m.useCallback)(()=>{s(Me,{}).then(({viewer:e})=>e&&i(e),()=>{})},[s]);(0,m.useEffect)(c,[c]);let u=(0,m.useMemo)(()=>a&&{user:e,me:r,run:s,refreshMe:c,refreshAccount:()=>void t(),...a},[e,r,s,c,t,a]);return u&&(0,Ue.jsx)(X,{value:u,children:n})}function Ke(e,t){let n=new Set,i=async()=>{await t(),setTimeout(()=>u.resume(),Ge)},o=new s({onSignedOut:()=>void t()}),{connection:c}=o,l=Ae(()=>void u.load()),u=new pe({account:e,store:l,send:(e,t)=>He(o,e,t).catch(Y),onSent:(e,t)=>n.forEach(n=>n(e,t)),onSignedOut:()=>void i(),newKey:r}),d=new ee({account:e,store:je}),f=Promise.race([Promise.all([u.load(),d.load()]),new Promise(e=>setTimeout(e,We))]),p=a(()=>u.wake());return c.listen(()=>{c.state===`open`&&u.wake()}),{server:o,connection:c,outbox:u,drafts:d,logs:new de,ready:f,onPosted(e){return n.add(e),()=>void n.delete(e)},close:()=>{p(),o.close(),u.stop(),l.close()}}}function $(){let{connection:e}=Z();return(0,m.useSyncExternalStore)(e.listen,()=>e.state)}function qe(e){let{drafts:t}=Z();return(0,m.useSyncExternalStore)(t.listen,()=>t.of(e))}function Je(e){let{outbox:t}=Z();return(0,m.useSyncExternalStore)(t.listen,()=>t.of(e))}function Ye(e,t,n){let{server:r}=Z(),i=(0,m.useRef)(n);(0,m.useEffect)(()=>{i.current=n});let a=JSON.stringify(t);(0,m.useEffect)(()=>{if(e)return r.subscribe(e,JSON.parse(a),{start:i.current.start,positionOf:e=>i.current.positionOf?.(e),next:e=>i.current.next(e),ended:e=>i.current.ended?.(J(e))})},[r,e,a])}function Xe(){let[e,t]=(0,m.useState)(!1),[n,r]=(0,m.useState)(null),i=(0,m.useCallback)(async e=>{t(!0),r(null);try{return await e(),!0}catch(e){let t=e instanceof Error?e.message:String(e);return r({message:t,field:e instanceof d&&e.field||null}),!1}finally{t(!1)}},[]);return{isBusy:e,refusal:n?.message??null,field:n?.field??null,attempt:i}}function Ze(e,t){let{run:n}=Z(),[r,i]=(0,m.useState)({key:``,error:null}),[a,o]=(0,m.useState)(0),s=$()===`open`,c=JSON.stringify(t);(0,m.useEffect)(()=>{if(!e)return;let t=new AbortController;return n(e,JSON.parse(c),{signal:t.signal}).then(e=>{t.signal.aborted||i({key:c,data:e,error:null})},e=>{t.signal.aborted||i(t=>({...t,key:c,error:e}))}),()=>t.abort()},[n,e,c,a,s]);let l=(0,m.useCallback)(()=>o(e=>e+1),[]);return{data:r.data,error:r.error,isCurrent:r.key===c,refresh:l}}export{x as _,Z as a,ie as b,Ye as c,Re as d,Ne as f,ge as g,Be as h,qe as i,J as l,Ve as m,$ as n,Ze as o,ze as p,Xe as r,Je as s,Q as t,Y as u,ce as v,ne as y};
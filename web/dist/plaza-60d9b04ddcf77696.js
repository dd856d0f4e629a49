import{a as e}from"./rolldown-runtime-56689dc2ec3d255a.js";import{n as t,t as n}from"./jsx-runtime-4f8e4449067893b6.js";import{c as r,d as i,l as a,n as o,o as s,r as c,s as l,t as u,u as d}from"./client-6cae3789bbcabaab.js";import{o as f,r as p}from"./i18n-5b13a62e918d90d6.js";var m=e(t(),1),h=class extends String{__apiType;value;__meta__;constructor(e,t){super(e),this.value=e,this.__meta__=t}toString(){return this.value}},g=new h(`
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
    `),ee=new h(`
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
    `),te=new h(`
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
}`),ne=new h(`
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
}`),re=new h(`
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
}`),ie=new h(`
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
}`),ae=new h(`
    query Account {
  viewer {
    userId
    name
    email
    image
  }
}
    `),oe=new h(`
    mutation SignIn($email: String!, $password: String!) {
  signIn(input: {email: $email, password: $password}) {
    viewer {
      userId
    }
  }
}
    `),se=new h(`
    mutation SignUp($email: String!, $password: String!, $name: String!) {
  signUp(input: {email: $email, password: $password, name: $name}) {
    viewer {
      userId
    }
  }
}
    `),ce=new h(`
    mutation SignOut {
  signOut {
    deletedId
  }
}
    `);function _(e){let t=e instanceof l?`unreachable`:e instanceof s&&p!==`en`?e.code:void 0;if(t===void 0||!(e instanceof Error))return e;let n=f(`refusal`)(t);return n!==t&&(e.message=n),e}function v(e){throw _(e)}var le=class{#e;#t;#n=new Map;#r=new Set;constructor({account:e,store:t}){this.#e=e,this.#t=t}async load(){for(let{conversationId:e,text:t,replyTo:n}of await this.#t.load(this.#e))this.#n.has(e)||this.#n.set(e,{text:t,replyTo:n});this.#i()}listen=e=>(this.#r.add(e),()=>void this.#r.delete(e));of(e){return this.#n.get(e)??ue}set(e,t){let n={...this.of(e),...t};this.#n.set(e,n),n.text||n.replyTo?this.#t.put({account:this.#e,conversationId:e,...n}):this.#t.remove(this.#e,e),this.#i()}#i(){for(let e of this.#r)e()}},ue={text:``,replyTo:null},de={conversation:null,messages:[],hasEarlier:!1,past:null,isPrepended:!1,typing:[],presentCount:0,ended:null,position:void 0,outdated:null};function fe(e,t){let n=pe(e,t),r=t.type===`earlier`;return n.isPrepended===r?n:{...n,isPrepended:r}}function pe(e,t){switch(t.type){case`event`:return{...he(e,t.event),position:t.event.position??e.position};case`messages`:return y(e,t.messages);case`earlier`:return ge(e,t.messages);case`later`:return e.past?b(e,{...e.past,messages:x(e.past.messages,t.messages)},t.hasLater):e;case`past`:return b(e,{messages:t.messages,hasEarlier:t.hasEarlier},t.hasLater);case`present`:return{...e,past:null};case`reread`:return ve(e,t.messages);case`ended`:return{...e,ended:t.refusal??{message:`This conversation is over.`,code:void 0}}}}var me=e=>e.past??e;function he(e,t){switch(t.__typename){case`ConversationSnapshot`:return _e(e,t);case`MessageEvent`:return y(e,[t.message]);case`SupportEvent`:return e.conversation?{...e,conversation:{...e.conversation,support:t.support}}:e;case`ConversationActivity`:return{...e,typing:t.typing,presentCount:t.presentCount};default:return e}}function y(e,t){let n=e.messages[0]?.number??0,r=x(e.messages,t.filter(({number:e})=>e>=n));if(!e.past)return{...e,messages:r};let{messages:i}=e.past,[a,o]=[i[0]?.number??0,i.at(-1)?.number??0],s=t.filter(({number:e})=>e>=a&&e<=o);return{...e,messages:r,past:{...e.past,messages:x(i,s)}}}function ge(e,t){let n=t.length>=50;return e.past?{...e,past:{messages:x(e.past.messages,t),hasEarlier:n}}:{...e,messages:x(e.messages,t),hasEarlier:n}}function b(e,t,n){let r=e.messages[0]?.number??1/0,i=t.messages.at(-1)?.number??0;if(n&&i+1<r)return{...e,past:t};let a=(t.messages[0]?.number??1/0)<r;return{...e,messages:x(t.messages,e.messages),hasEarlier:a?t.hasEarlier:e.hasEarlier,past:null}}function _e(e,{conversation:t,messages:n}){let r=n??[],[i,a]=[e.messages[0],r[0]],o=r.length>=50;if(!i||!a||!o)return{...e,conversation:t,messages:r,hasEarlier:o,past:null,ended:null,outdated:null};let s=i.number<a.number,c=e.messages.filter(({number:e})=>e<a.number);return{...e,conversation:t,messages:x(c,r),hasEarlier:s?e.hasEarlier:o,past:null,ended:null,outdated:s?{before:a.createdAt,number:a.number,from:i.number}:null}}function ve(e,t){if(!e.outdated)return e;let{number:n,from:r}=e.outdated,i=t[0],a=t.length>=50&&i!==void 0,o=!a||i.number<=r,s=a?i.number:0,c=e.messages.filter(e=>e.number<s||e.number>=n);return{...e,messages:x(c,t),hasEarlier:a&&(e.hasEarlier||i.number<r),outdated:o?null:{before:i.createdAt,number:i.number,from:r}}}function x(e,t){if(t.length===0)return e;let n=e.slice();for(let e of t){let t=S(n,e.number),r=n[t]?.number===e.number;n.splice(t,+!!r,e)}return n}function S(e,t){let[n,r]=[0,e.length];if(r>0&&(e[r-1]?.number??0)<t)return r;for(;n<r;){let i=n+r>>1;(e[i]?.number??0)<t?n=i+1:r=i}return n}function ye(e){let t=e.filter(({agentReply:e})=>e?.status===`RUNNING`);if(t.length===0)return be;let n=new Set(e.filter(({agentListingId:e})=>e).map(({replyToId:e})=>e));return t.filter(({id:e})=>!n.has(e))}var be=[],xe=20,Se=class{#e=new Map;of(e){return this.#e.get(e)??de}keep(e,t){if(this.#e.delete(e),t.ended||t.position===void 0)return;this.#e.set(e,{...t,past:null,typing:[],presentCount:0});let n=this.#e.keys().next();this.#e.size>xe&&!n.done&&this.#e.delete(n.value)}},Ce=3e3,we=class{#e;#t;#n;#r;#i;#a;#o;#s;#c;#l=[];#u=new Map;#d=new Set;#f=new Set;#p=new Set;#m=!1;#h=!1;constructor({account:e,store:t,send:n,onSent:r,onSignedOut:i,newKey:a,now:o=Date.now,timers:s,random:c=Math.random}){this.#e=e,this.#t=t,this.#n=n,this.#r=r,this.#i=i,this.#a=a,this.#o=o,this.#s=c,this.#c=new d(s)}async load(){if(this.#h)return;let e=new Set(this.#l.map(({key:e})=>e)),t=(await this.#t.load(this.#e)).filter(({key:t})=>!e.has(t)).map(e=>e.status===`failed`?e:{...e,status:`queued`});this.#x([...this.#l,...t].sort((e,t)=>e.order-t.order));for(let e of new Set(t.map(({conversationId:e})=>e)))this.#g(e)}listen=e=>(this.#d.add(e),()=>void this.#d.delete(e));of(e){return this.#u.get(e)??Te}get size(){return this.#l.length}add(e,t){let n=Math.max(this.#o(),(this.#l.at(-1)?.order??0)+1),r={...t,key:this.#a(),account:this.#e,conversationId:e,order:n,status:`queued`};return this.#x([...this.#l,r]),this.#t.put(r),this.#g(e),r}retry(e){this.#y(e,e=>({...e,...C}))}edit(e,t){this.#y(e,e=>({...e,...C,...t,key:this.#a()}))&&this.#t.remove(e)}remove(e){let t=this.#l.find(t=>t.key===e);t&&t.status!==`sending`&&(this.#x(this.#l.filter(e=>e!==t)),this.#t.remove(e),this.#c.wake())}wake(){for(let e of this.#p)this.#o()-e.since>Ce&&e.controller.abort();this.#c.wake()}resume(){this.#m=!1;for(let e of this.#u.keys())this.#g(e)}stop(){this.#h=!0,this.#d.clear();for(let e of this.#p)e.controller.abort();this.#c.wake()}async#g(e){if(!this.#f.has(e)){for(this.#f.add(e);!this.#m&&!this.#h;){let t=this.of(e).find(({status:e})=>e!==`failed`);if(!t)break;let n=await this.#_(t);n!==null&&!this.#h&&await this.#c.wait(n)}this.#f.delete(e)}}async#_(e){let t=(e.attempts??0)+1;this.#b(e.key,{status:`sending`,attempts:t});let n={controller:new AbortController,since:this.#o()};this.#p.add(n);try{let t=await this.#n(e,n.controller.signal);return this.#v(e,t),null}catch(o){if(this.#h)return null;if(n.controller.signal.aborted)return this.#b(e.key,{status:`waiting`}),0;let c=r(o)?(e.faults??0)+1:0,l=a(o,c),u=o instanceof s&&o.code||null;if(l===`refused`){this.#b(e.key,{status:`failed`,reason:o instanceof Error?o.message:String(o),code:u});let t=this.#l.find(({key:t})=>t===e.key);return t&&this.#t.put(t),null}if(this.#b(e.key,{status:`waiting`,faults:c,code:u}),l===`signIn`)return this.#m=!0,this.#i(),null;let d=o instanceof s&&o.retryAfter||0;return Math.max(i(t-1,this.#s),d*1e3)}finally{this.#p.delete(n)}}#v(e,t){this.#r?.(e,t),this.#t.remove(e.key);let n=this.#l.filter(({key:t})=>t!==e.key);this.#x(n.map(n=>t&&n.conversationId===e.conversationId?{...n,afterNumber:Math.max(n.afterNumber??0,t.number)}:n))}#y(e,t){let n=this.#l.find(t=>t.key===e);if(n?.status!==`failed`)return!1;let r=t(n);return this.#x(this.#l.map(e=>e===n?r:e)),this.#t.put(r),this.#g(n.conversationId),!0}#b(e,t){this.#x(this.#l.map(n=>n.key===e?{...n,...t}:n))}#x(e){let t=this.#u;this.#l=e,this.#u=w(e);for(let[e,n]of this.#u){let r=t.get(e);r?.length===n.length&&n.every((e,t)=>e===r[t])&&this.#u.set(e,r)}for(let e of this.#d)e()}},Te=[],C={status:`queued`,reason:null,code:null,attempts:0,faults:0};function w(e){let t=new Map;for(let n of e){let{conversationId:e}=n;t.set(e,[...t.get(e)??[],n])}return t}function T(e,t,n){let r=new Set;return e.filter(({status:e,content:i,afterNumber:a=0})=>{if(e===`failed`)return!0;let o=t.find(e=>e.number>a&&e.authorId===n&&e.content===i&&!r.has(e.number));return o&&r.add(o.number),!o})}var E=(e,t)=>t.some(t=>e instanceof t),D,O;function Ee(){return D||=[IDBIndex,IDBObjectStore,IDBCursor,IDBDatabase,IDBTransaction]}function De(){return O||=[`advance`,`continue`,`continuePrimaryKey`].map(e=>IDBCursor.prototype[e])}var k=new WeakMap,A=new WeakMap,j=new WeakMap;function Oe(e){let t=new Promise((t,n)=>{let r=()=>{e.removeEventListener(`success`,i),e.removeEventListener(`error`,a)},i=()=>{t(P(e.result)),r()},a=()=>{n(e.error),r()};e.addEventListener(`success`,i),e.addEventListener(`error`,a)});return j.set(t,e),t}function ke(e){if(k.has(e))return;let t=new Promise((t,n)=>{let r=()=>{e.removeEventListener(`complete`,i),e.removeEventListener(`error`,a),e.removeEventListener(`abort`,a)},i=()=>{t(),r()},a=()=>{n(e.error||new DOMException(`AbortError`,`AbortError`)),r()};e.addEventListener(`complete`,i),e.addEventListener(`error`,a),e.addEventListener(`abort`,a)});k.set(e,t)}var M={get(e,t,n){if(e instanceof IDBTransaction){if(t===`done`)return k.get(e);if(t===`store`)return n.objectStoreNames[1]?void 0:n.objectStore(n.objectStoreNames[0])}return P(e[t])},set(e,t,n){return e[t]=n,!0},has(e,t){return e instanceof IDBTransaction&&(t===`done`||t===`store`)||t in e}};function N(e){M=e(M)}function Ae(e){return De().includes(e)?function(...t){return e.apply(F(this),t),P(this.request)}:function(...t){return P(e.apply(F(this),t))}}function je(e){return typeof e==`function`?Ae(e):(e instanceof IDBTransaction&&ke(e),E(e,Ee())?new Proxy(e,M):e)}function P(e){if(e instanceof IDBRequest)return Oe(e);if(A.has(e))return A.get(e);let t=je(e);return Object.is(t,e)||(A.set(e,t),j.set(t,e)),t}var F=e=>j.get(e);function I(e,t,{blocked:n,upgrade:r,blocking:i,terminated:a}={}){let o=indexedDB.open(e,t),s=P(o);return r&&o.addEventListener(`upgradeneeded`,e=>{r(P(o.result),e.oldVersion,e.newVersion,P(o.transaction),e)}),n&&o.addEventListener(`blocked`,e=>n(e.oldVersion,e.newVersion,e)),s.then(e=>{a&&e.addEventListener(`close`,()=>a()),i&&e.addEventListener(`versionchange`,e=>i(e.oldVersion,e.newVersion,e))}).catch(()=>{}),s}var Me=[`get`,`getKey`,`getAll`,`getAllKeys`,`count`],Ne=[`put`,`add`,`delete`,`clear`],L={};function R(e,t){if(!(e instanceof IDBDatabase&&!(t in e)&&typeof t==`string`))return;if(L[t])return L[t];let n=t.replace(/FromIndex$/,``),r=t!==n,i=Ne.includes(n);return!(n in(r?IDBIndex:IDBObjectStore).prototype)||!(i||Me.includes(n))?void 0:L[t]=async function(e,...t){let a=this.transaction(e,i?`readwrite`:`readonly`),o=a.store;return r&&(o=o.index(t.shift())),(await Promise.all([o[n](...t),i&&a.done]))[0]}}N(e=>({...e,get:(t,n,r)=>R(t,n)||e.get(t,n,r),has:(t,n)=>!!R(t,n)||e.has(t,n)}));var Pe=[`advance`,`continue`,`continuePrimaryKey`],z={},B=new WeakMap,V=new WeakMap,Fe={get(e,t){if(!Pe.includes(t))return e[t];let n=z[t];return n||=z[t]=function(...e){B.set(this,V.get(this)[t](...e))},n}};async function*Ie(...e){let t=this;if(t instanceof IDBCursor||(t=await t.openCursor(...e)),!t)return;t=t;let n=new Proxy(t,Fe);for(V.set(n,t),j.set(n,F(t));t;)yield n,t=await(B.get(n)||t.continue()),B.delete(n)}function H(e,t){return t===Symbol.asyncIterator&&E(e,[IDBIndex,IDBObjectStore,IDBCursor])||t===`iterate`&&E(e,[IDBIndex,IDBObjectStore])}N(e=>({...e,get(t,n,r){return H(t,n)?Ie:e.get(t,n,r)},has(t,n){return H(t,n)||e.has(t,n)}}));var U=`outbox`,W=`drafts`,G;function Le(){return G??=I(`plaza`,1,{upgrade(e){e.createObjectStore(U,{keyPath:`key`}).createIndex(`account`,`account`),e.createObjectStore(W,{keyPath:[`account`,`conversationId`]}).createIndex(`account`,`account`)},terminated:()=>G=void 0}),G}async function K(e,t){try{return await e(await Le())}catch(e){return console.warn(`Nothing can be kept in this browser.`,e),t}}var q=crypto.getRandomValues(new Uint32Array(4)).join(`-`),J=e=>`plaza-page-${e}`,Y=navigator.locks;Y?.request(J(q),()=>new Promise(()=>{}));var X=new BroadcastChannel(`plaza-outbox`);function Re(e){let t=new Set,n=n=>{t.has(n)||(t.add(n),Y?.request(J(n),()=>{}).then(e))},r=({data:e})=>n(e);X.addEventListener(`message`,r);let i=e=>(X.postMessage(q),K(async t=>void await t.put(U,{...e,page:q}),void 0));return{async load(e){let t=await K(t=>t.getAllFromIndex(U,`account`,e),[]),{held:r=[]}=await Y?.query()??{},a=new Set(r.map(({name:e})=>e)),o=({page:e})=>e!==q&&a.has(J(e));for(let{page:e}of t.filter(o))n(e);let s=t.filter(e=>!o(e));return s.forEach(e=>void i(e)),s},put:i,remove:e=>K(t=>t.delete(U,e),void 0),close:()=>X.removeEventListener(`message`,r)}}var ze={load:e=>K(t=>t.getAllFromIndex(W,`account`,e),[]),put:e=>K(async t=>void await t.put(W,e),void 0),remove:(e,t)=>K(n=>n.delete(W,[e,t]),void 0)};async function Be(e,t,n){let{key:r,conversationId:i,content:a}=t;switch(t.kind){case`agent`:{let{listingId:o,fee:s}=t;return(await e.request(ne,{id:i,listingId:o,content:a,clientKey:r,fee:s},{signal:n})).askAgent?.agentReply.question??null}case`lounge`:{let{loungeId:i,voice:o,fee:s}=t;return(await e.request(re,{loungeId:i,content:a,voice:o,clientKey:r,fee:s},{signal:n})).askLounge?.agentReply.question??null}case`voice`:return(await e.upload(ie,{id:i,audio:null,clientKey:r},`audio`,t.audio,{signal:n})).sendVoiceMessage?.message??null;case`post`:{let o=t.replyTo?.id;return(await e.request(te,{id:i,content:a,clientKey:r,replyToId:o},{signal:n})).postMessage?.message??null}}}var Ve=n(),He=2e3,Ue=5e3,Z=(0,m.createContext)(null);function Q(){let e=(0,m.use)(Z);if(!e)throw Error(`This is not inside of a PlazaProvider.`);return e}function We({user:e,onSignedOut:t,children:n}){let[r,i]=(0,m.useState)(null),[a,o]=(0,m.useState)(null);(0,m.useEffect)(()=>{let n=Ge(e.userId,t);return o(n),n.close},[e.userId,t]);let c=(0,m.useCallback)(async(e,n,r)=>{if(!a)throw new l(`The page is not ready.`);try{return await a.server.request(e,n,r)}catch(e){throw e instanceof s&&e.code===`UNAUTHENTICATED`&&t(),e instanceof l&&a.connection.check(),_(e)}},[a,t]),u=(0,m.useCallback)(()=>{c(g,{}).then(({viewer:e})=>e&&i(e),()=>{})},[c]);(0,m.useEffect)(u,[u]);let d=(0,m.useMemo)(()=>a&&{user:e,me:r,run:c,refreshMe:u,refreshAccount:()=>void t(),...a},[e,r,c,u,t,a]);return d&&(0,Ve.jsx)(Z,{value:d,children:n})}function Ge(e,t){let n=new Set,r=async()=>{await t(),setTimeout(()=>l.resume(),Ue)},i=new u({onSignedOut:()=>void t()}),{connection:a}=i,s=Re(()=>void l.load()),l=new we({account:e,store:s,send:(e,t)=>Be(i,e,t).catch(v),onSent:(e,t)=>n.forEach(n=>n(e,t)),onSignedOut:()=>void r(),newKey:o}),d=new le({account:e,store:ze}),f=Promise.race([Promise.all([l.load(),d.load()]),new Promise(e=>setTimeout(e,He))]),p=c(()=>l.wake());return a.listen(()=>{a.state===`open`&&l.wake()}),{server:i,connection:a,outbox:l,drafts:d,logs:new Se,ready:f,onPosted(e){return n.add(e),()=>void n.delete(e)},close:()=>{p(),i.close(),l.stop(),s.close()}}}function $(){let{connection:e}=Q();return(0,m.useSyncExternalStore)(e.listen,()=>e.state)}function Ke(e){let{drafts:t}=Q();return(0,m.useSyncExternalStore)(t.listen,()=>t.of(e))}function qe(e){let{outbox:t}=Q();return(0,m.useSyncExternalStore)(t.listen,()=>t.of(e))}function Je(e,t,n){let{server:r}=Q(),i=(0,m.useRef)(n);(0,m.useEffect)(()=>{i.current=n});let a=JSON.stringify(t);(0,m.useEffect)(()=>{if(e)return r.subscribe(e,JSON.parse(a),{start:i.current.start,positionOf:e=>i.current.positionOf?.(e),next:e=>i.current.next(e),ended:e=>i.current.ended?.(_(e))})},[r,e,a])}function Ye(){let[e,t]=(0,m.useState)(!1),[n,r]=(0,m.useState)(null),i=(0,m.useCallback)(async e=>{t(!0),r(null);try{return await e(),!0}catch(e){let t=e instanceof Error?e.message:String(e);return r({message:t,field:e instanceof s&&e.field||null}),!1}finally{t(!1)}},[]);return{isBusy:e,refusal:n?.message??null,field:n?.field??null,attempt:i}}function Xe(e,t){let{run:n}=Q(),[r,i]=(0,m.useState)({key:``,error:null}),[a,o]=(0,m.useState)(0),s=$()===`open`,c=JSON.stringify(t);(0,m.useEffect)(()=>{if(!e)return;let t=new AbortController;return n(e,JSON.parse(c),{signal:t.signal}).then(e=>{t.signal.aborted||i({key:c,data:e,error:null})},e=>{t.signal.aborted||i(t=>({...t,key:c,error:e}))}),()=>t.abort()},[n,e,c,a,s]);let l=(0,m.useCallback)(()=>o(e=>e+1),[]);return{data:r.data,error:r.error,isCurrent:r.key===c,refresh:l}}export{ee as _,Q as a,se as b,Je as c,ye as d,fe as f,ae as g,v as h,Ke as i,T as l,_ as m,$ as n,Xe as o,me as p,Ye as r,qe as s,We as t,S as u,oe as v,ce as y};
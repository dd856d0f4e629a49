/** The pages of the chat by the first word of their address, and whether each is of one thing, named by its id. */
const ROUTES = { c: true, community: true, queue: true, communities: false };

/**
 * What an address behind the `#` names: `{ name, id }`. The name is `home` where it is empty, one of the routes, or `unknown`
 * where it is none of them or cannot be read.
 */
export function parse(hash) {
  const path = hash.replace(/^#?\/?/, "").replace(/\/$/, "");
  if (path === "") return { name: "home", id: "" };
  const [name, ...rest] = path.split("/");
  if (!Object.hasOwn(ROUTES, name)) return UNKNOWN;
  if (!ROUTES[name]) return rest.length === 0 ? { name, id: "" } : UNKNOWN;
  const id = rest.length === 1 ? decoded(rest[0]) : "";
  return id ? { name, id } : UNKNOWN;
}

const UNKNOWN = { name: "unknown", id: "" };

function decoded(text) {
  try {
    return decodeURIComponent(text);
  } catch {
    return "";
  }
}

export const HOME = "#/";
export const COMMUNITIES = "#/communities";
export const toConversation = (id) => `#/c/${encodeURIComponent(id)}`;
export const toCommunity = (id) => `#/community/${encodeURIComponent(id)}`;
export const toQueue = (id) => `#/queue/${encodeURIComponent(id)}`;

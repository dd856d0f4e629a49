/** The addresses of the screens, all behind the `#`. */
export const HOME = "#/";
export const DISCOVER = "#/discover";
export const SETTINGS = "#/settings";
export const WALLET = "#/wallet";
export const ACCOUNT = "#/account";
export const SAFETY = "#/safety";
export const SUPPORT = "#/support";
export const CREATE = "#/create";
export const CREATE_SPACE = "#/create-space";
export const CREATE_AGENT = "#/create-agent";
export const SPACES = "#/spaces";
export const AGENTS = "#/agents";
export const ADMIN = "#/admin";
export const toConversation = (id: string, message?: string): string =>
  `#/c/${encodeURIComponent(id)}${message ? `/${encodeURIComponent(message)}` : ""}`;
export const toCommunity = (id: string): string => `#/community/${encodeURIComponent(id)}`;
export const toPeople = (id: string): string => `${toCommunity(id)}/people`;
export const toManagement = (id: string, tab?: string): string => `#/manage/${encodeURIComponent(id)}${tab ? `/${tab}` : ""}`;
export const toDesk = (id: string, tab?: string): string => `#/queue/${encodeURIComponent(id)}${tab ? `/${tab}` : ""}`;
export const toSpace = (id: string, tab?: string): string => `#/space/${encodeURIComponent(id)}${tab ? `/${tab}` : ""}`;
export const toSession = (id: string): string => `#/session/${encodeURIComponent(id)}`;
export const toAgent = (id: string): string => `#/agent/${encodeURIComponent(id)}`;

/** Opens an address. */
export function go(address: string): void {
  location.hash = address;
}

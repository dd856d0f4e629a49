import { AppWindow, Bot, Compass, Headset, type LucideIcon, MessagesSquare, Settings, ShieldUser } from "lucide-react";
import { type ComponentType, lazy } from "react";
import { type Catalogue, loadRest } from "../../i18n";
import { loaded } from "./not-loaded";
import type { Me } from "./plaza";

/** Parameters of a screen: the values of `:name` in its address. */
export type ScreenProps = Record<string, string | undefined>;

interface Route {
  /** Its address behind the `#`; `:name` is a place for a word, `:name?` for one that may be missing. */
  path: string;
  /** The screen. It is loaded when it is first opened. */
  screen: ComponentType<ScreenProps>;
  /** Which of the entries of the navigation it belongs to. */
  entry: Entry["name"];
}

interface Entry {
  name: keyof Catalogue["nav"];
  href: string;
  icon: LucideIcon;
  /** Whether it is offered to this person; to all unless it is here. */
  isFor?: (me: Me | null) => boolean;
}

type Screen = { default: ComponentType<never> };
type Loaded = { default: ComponentType<ScreenProps> };
const first = (load: () => Promise<Screen>) => lazy(() => loaded(load as () => Promise<Loaded>));
const screen = (load: () => Promise<Screen>) => lazy(() => loaded(async () => (await Promise.all([load() as Promise<Loaded>, loadRest()]))[0]));

const Rooms = first(() => import("../screens/rooms"));

/** All screens, in the order in which their addresses are tried. */
export const ROUTES: Route[] = [
  { path: "/", screen: Rooms, entry: "rooms" },
  { path: "/c/:id/:message?", screen: Rooms, entry: "rooms" },
  { path: "/discover", screen: screen(() => import("../screens/discover")), entry: "discover" },
  { path: "/communities", screen: screen(() => import("../screens/discover")), entry: "discover" },
  { path: "/community/:id/people", screen: screen(() => import("../screens/community/people")), entry: "discover" },
  { path: "/community/:id", screen: screen(() => import("../screens/community")), entry: "discover" },
  { path: "/create", screen: screen(() => import("../screens/manage/create")), entry: "discover" },
  { path: "/manage/:id/:tab?", screen: screen(() => import("../screens/manage")), entry: "discover" },
  { path: "/spaces/:tab?", screen: screen(() => import("../screens/spaces")), entry: "spaces" },
  { path: "/create-space", screen: screen(() => import("../screens/spaces/create")), entry: "spaces" },
  { path: "/space/:id/:tab?", screen: screen(() => import("../screens/spaces/space")), entry: "spaces" },
  { path: "/session/:id", screen: screen(() => import("../screens/spaces/session")), entry: "spaces" },
  { path: "/agents/:tab?", screen: screen(() => import("../screens/agents")), entry: "agents" },
  { path: "/create-agent", screen: screen(() => import("../screens/agents/create")), entry: "agents" },
  { path: "/agent/:id", screen: screen(() => import("../screens/agents/agent")), entry: "agents" },
  { path: "/admin/:tab?", screen: screen(() => import("../screens/admin")), entry: "admin" },
  { path: "/queue/:id/:tab?", screen: screen(() => import("../screens/desk")), entry: "support" },
  { path: "/support", screen: screen(() => import("../screens/desk/desks")), entry: "support" },
  { path: "/wallet", screen: screen(() => import("../screens/wallet")), entry: "settings" },
  { path: "/account", screen: screen(() => import("../screens/account")), entry: "settings" },
  { path: "/safety/:tab?", screen: screen(() => import("../screens/safety")), entry: "settings" },
  { path: "/settings", screen: screen(() => import("../screens/settings")), entry: "settings" },
];

const SERVING = new Set(["CREATOR", "MODERATOR", "CS_AGENT"]);

/** Whether a person answers customers of an official account. */
export const isServing = (me: Me | null): boolean =>
  me?.memberships.nodes.some(({ role, community }) => community.kind === "OFFICIAL" && SERVING.has(role)) ?? false;

/** The navigation, in its order. */
export const NAVIGATION: Entry[] = [
  { name: "rooms", href: "#/", icon: MessagesSquare },
  { name: "discover", href: "#/discover", icon: Compass },
  { name: "spaces", href: "#/spaces", icon: AppWindow },
  { name: "agents", href: "#/agents", icon: Bot },
  { name: "support", href: "#/support", icon: Headset, isFor: isServing },
  { name: "admin", href: "#/admin", icon: ShieldUser, isFor: (me) => me?.isAdmin ?? false },
  { name: "settings", href: "#/settings", icon: Settings },
];

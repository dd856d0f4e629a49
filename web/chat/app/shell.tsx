import { CircleUser, Coins, Ellipsis, LogOut, Settings, Shield } from "lucide-react";
import { Suspense, useEffect, useState } from "react";
import { Route, Router, Switch, useLocation } from "wouter";
import { useHashLocation } from "wouter/use-hash-location";
import { type Say, useText } from "../../i18n";
import { Avatar } from "../../ui/avatar";
import { Button } from "../../ui/button";
import { useConfirm } from "../../ui/dialog";
import { Menu, MenuItem, MenuSeparator } from "../../ui/menu";
import { Loading } from "../../ui/notices";
import { Badge } from "../../ui/tag";
import type { Account } from "./account";
import { Boundary } from "./boundary";
import { InboxProvider, useInbox } from "./inbox";
import { UnknownPage } from "./not-found";
import { useConnection, usePlaza } from "./plaza";
import { ACCOUNT, SAFETY, SETTINGS, WALLET } from "./routes";
import { NAVIGATION, ROUTES } from "./screens";
import { useNews } from "./news";
import { useTitle } from "./title";
import "./shell.css";

/** Milliseconds that a cut lasts before it is shown: most are over before anyone needs to know. */
const CALM = 1500;

/** Number of navigation entries on a narrow screen; the others are in a menu. */
const FIRST = 4;

/** The page around all screens: where one can go, who one is, and the screen that is open. */
export function Shell({ account }: { account: Account }) {
  const t = useText("common");
  const isReady = useReady();
  if (!isReady) return <Loading />;
  return (
    <Router hook={useHashLocation}>
      <InboxProvider>
        <a
          className="skip-link"
          href="#main"
          onClick={(event) => {
            event.preventDefault();
            document.getElementById("main")?.focus();
          }}
        >
          {t("skip")}
        </a>
        <div className="shell">
          <Offline />
          <Navigation account={account} />
          <main className="screen" id="main" tabIndex={-1}>
            <Screens />
          </main>
        </div>
      </InboxProvider>
    </Router>
  );
}

function Screens() {
  const [path] = useLocation();
  // Another address gets another try. Within the rooms the list stays.
  const key = path.startsWith("/c/") || path === "/" ? "rooms" : withoutTab(path);
  return (
    <Boundary key={key}>
      <Suspense fallback={<Loading />}>
        <Switch>
          {ROUTES.map(({ path, screen: Screen }) => (
            <Route key={path} path={path}>
              {(params) => <Screen {...decoded(params)} />}
            </Route>
          ))}
          <Route>
            <UnknownPage />
          </Route>
        </Switch>
      </Suspense>
    </Boundary>
  );
}

/** An address without the tab at its end: a screen stays when another of its tabs is chosen. */
function withoutTab(path: string): string {
  const places = path.split("/");
  const route = ROUTES.find((route) => route.path.split("/")[1] === places[1])?.path ?? "";
  return route.endsWith("/:tab?") ? places.slice(0, route.split("/").length - 1).join("/") : path;
}

const decoded = (params: Record<string, string | undefined>) =>
  Object.fromEntries(Object.entries(params).map(([name, value]) => [name, value === undefined ? undefined : unescaped(value)]));

function unescaped(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

function Navigation({ account }: { account: Account }) {
  const t = useText("nav");
  const { me } = usePlaza();
  const [path] = useLocation();
  const conversations = useInbox();
  const open = /^\/c\/([^/]+)/.exec(path)?.[1];
  const unread = conversations?.reduce((sum, { id, unreadCount }) => sum + (id === open ? 0 : unreadCount), 0) ?? 0;
  useTitle(unread);
  useNews(conversations);
  const active = entryOf(path);
  const entries = NAVIGATION.filter(({ isFor }) => isFor?.(me) ?? true);
  const more = entries.slice(FIRST);
  return (
    <nav className="rail" aria-label={t("label")} data-inside={!!open}>
      <a className="rail-brand" href="/" aria-label={t("start")}>
        <img src={`${import.meta.env.BASE_URL}favicon.svg`} alt="" width={30} height={30} />
      </a>
      <ul>
        {entries.map(({ name, href, icon: Icon }, index) => (
          <li key={name} data-minor={index >= FIRST}>
            <a className="rail-entry" href={href} aria-current={name === active ? "page" : undefined}>
              <Icon size={22} aria-hidden="true" />
              <span>{t(name)}</span>
              {name === "rooms" && unread > 0 && <Badge count={unread} label={t("unread", { count: unread })} />}
            </a>
          </li>
        ))}
        {more.length > 0 && (
          <li className="rail-more">
            <Menu
              trigger={
                <button type="button" className="rail-entry" data-active={more.some(({ name }) => name === active)}>
                  <Ellipsis size={22} aria-hidden="true" />
                  <span>{t("more")}</span>
                </button>
              }
            >
              {more.map(({ name, href, icon: Icon }) => (
                <MenuItem key={name} href={href} icon={<Icon size={19} aria-hidden="true" />}>
                  {t(name)}
                </MenuItem>
              ))}
            </Menu>
          </li>
        )}
      </ul>
      <AccountMenu account={account} t={t} />
    </nav>
  );
}

/** The entry of the navigation that an address belongs to. */
function entryOf(path: string) {
  const first = path.split("/")[1] ?? "";
  return ROUTES.find((route) => (route.path.split("/")[1] ?? "") === first)?.entry;
}

function AccountMenu({ account, t }: { account: Account; t: Say<"nav"> }) {
  const { outbox, user, me } = usePlaza();
  const confirm = useConfirm();
  async function leave() {
    const count = outbox.size;
    const isSure =
      count === 0 || (await confirm({ title: t("signOutTitle"), text: t("signOutText", { count }), action: t("signOut") }));
    if (isSure) await account.signOut().catch(() => account.refresh());
  }
  return (
    <Menu
      align="start"
      trigger={
        <button type="button" className="rail-account">
          <Avatar name={user.name} image={user.image} size={34} />
          <span className="visually-hidden">{t("account", { name: user.name })}</span>
        </button>
      }
    >
      <p className="menu-head">
        <strong>{user.name}</strong>
        <span>{user.email}</span>
      </p>
      <MenuSeparator />
      {me && (
        <p className="menu-head coins">
          <span>
            <Coins size={15} aria-hidden="true" /> {t("coins", { count: me.wallet.balance })}
          </span>
        </p>
      )}
      <MenuItem href={WALLET} icon={<Coins size={17} aria-hidden="true" />}>
        {t("wallet")}
      </MenuItem>
      <MenuItem href={ACCOUNT} icon={<CircleUser size={17} aria-hidden="true" />}>
        {t("accountPage")}
      </MenuItem>
      <MenuItem href={SAFETY} icon={<Shield size={17} aria-hidden="true" />}>
        {t("safety")}
      </MenuItem>
      <MenuItem href={SETTINGS} icon={<Settings size={17} aria-hidden="true" />}>
        {t("settings")}
      </MenuItem>
      <MenuSeparator />
      <MenuItem href="/playground">{t("playground")}</MenuItem>
      <MenuItem href="/api/docs">{t("reference")}</MenuItem>
      <MenuSeparator />
      <MenuItem icon={<LogOut size={17} aria-hidden="true" />} onSelect={() => void leave()}>
        {t("signOut")}
      </MenuItem>
    </Menu>
  );
}

/** Whether what this browser has kept is there. */
function useReady(): boolean {
  const { ready } = usePlaza();
  const [isReady, setReady] = useState(false);
  useEffect(() => {
    void ready.then(() => setReady(true));
  }, [ready]);
  return isReady;
}

/** Shows above the page that the connection has been lost for a while, without covering the page. */
function Offline() {
  const t = useText("common");
  const { connection, outbox } = usePlaza();
  const isLost = useConnection() === "reconnecting";
  const [isShown, setShown] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => setShown(isLost), isLost ? CALM : 0);
    return () => clearTimeout(timer);
  }, [isLost]);
  const retry = () => {
    connection.wake();
    outbox.wake();
  };
  return (
    <div className="offline-place" role="status">
      {isShown && isLost && (
        <p className="offline">
          <span>{t("reconnecting")}</span>
          <Button look="quiet" isSmall onClick={retry}>
            {t("tryNow")}
          </Button>
        </p>
      )}
    </div>
  );
}

import { useCallback, useEffect, useState } from "react";
import { delay, type Operation, PlazaClient, Unreachable } from "plaza-client";
import { AccountDocument, type AccountQuery, SignInDocument, SignOutDocument, SignUpDocument } from "./operations.generated";
import { inWords, rethrow } from "./words";

export type User = NonNullable<AccountQuery["viewer"]>;

/** The signed-in account, and functions to sign in and out. */
export interface Account {
  /** Undefined until the server has answered, null where the visitor is not signed in. */
  user: User | null | undefined;
  /** Why it is not known yet. */
  trouble: string | null;
  refresh: () => Promise<void>;
  signIn: (email: string, password: string) => Promise<void>;
  signUp: (email: string, password: string, name: string) => Promise<void>;
  signOut: () => Promise<void>;
}

/** Asks for the account of the cookie, if there is one. */
const visitor = new PlazaClient();

/** Other pages of this browser share the cookie: they must not go on as the account of before. */
const pages = new BroadcastChannel("plaza-account");

export function useAccount(): Account {
  const [user, setUser] = useState<User | null>();
  const [trouble, setTrouble] = useState<string | null>(null);

  const refresh = useCallback(async () => {
    for (let attempt = 0; ; attempt++) {
      try {
        setUser((await visitor.request(AccountDocument, {})).viewer);
        setTrouble(null);
        return;
      } catch (error) {
        inWords(error);
        setTrouble(error instanceof Error ? error.message : String(error));
        if (!(error instanceof Unreachable)) {
          setUser((known) => known ?? null);
          return;
        }
        // An outage is no sign-out: what is open stays open.
        await new Promise((resolve) => setTimeout(resolve, delay(attempt)));
      }
    }
  }, []);

  const change = useCallback(
    async <Data, Variables>(operation: Operation<Data, Variables>, variables: Variables) => {
      await visitor.request(operation, variables).catch(rethrow);
      pages.postMessage("changed");
      await refresh();
    },
    [refresh],
  );
  const signIn = useCallback((email: string, password: string) => change(SignInDocument, { email, password }), [change]);
  const signUp = useCallback(
    (email: string, password: string, name: string) => change(SignUpDocument, { email, password, name }),
    [change],
  );
  const signOut = useCallback(() => change(SignOutDocument, {}), [change]);

  useEffect(() => {
    const changed = () => void refresh();
    changed();
    pages.addEventListener("message", changed);
    return () => pages.removeEventListener("message", changed);
  }, [refresh]);

  return { user, trouble, refresh, signIn, signUp, signOut };
}

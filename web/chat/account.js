import { useCallback, useEffect, useState } from "react";
import { request } from "../shared/endpoint.js";
import { delay } from "./model/backoff.js";
import { Unreachable } from "./model/refusal.js";

const VIEWER = "query Viewer { viewer { id name email } }";
const SIGN_IN = `mutation SignIn($email: String!, $password: String!) {
  signIn(input: { email: $email, password: $password }) { user { id } }
}`;
const SIGN_UP = `mutation SignUp($email: String!, $password: String!, $name: String!) {
  signUp(input: { email: $email, password: $password, name: $name }) { user { id } }
}`;
const SIGN_OUT = "mutation SignOut { signOut }";

/** Other pages of this browser share the cookie: they must not go on as the account of before. */
const pages = new BroadcastChannel("plaza-account");

/**
 * Who is signed in: `user` is undefined until the server has answered and null where the visitor is not signed in. `trouble`
 * says why it is not known yet.
 */
export function useAccount() {
  const [user, setUser] = useState();
  const [trouble, setTrouble] = useState(null);

  const refresh = useCallback(async () => {
    for (let attempt = 0; ; attempt++) {
      try {
        setUser((await request(VIEWER)).viewer);
        setTrouble(null);
        return;
      } catch (error) {
        setTrouble(error.message);
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
    async (query, variables) => {
      await request(query, variables);
      pages.postMessage("changed");
      await refresh();
    },
    [refresh],
  );
  const signIn = useCallback((email, password) => change(SIGN_IN, { email, password }), [change]);
  const signUp = useCallback((email, password, name) => change(SIGN_UP, { email, password, name }), [change]);
  const signOut = useCallback(() => change(SIGN_OUT), [change]);

  useEffect(() => {
    refresh();
    pages.addEventListener("message", refresh);
    return () => pages.removeEventListener("message", refresh);
  }, [refresh]);

  return { user, trouble, refresh, signIn, signUp, signOut };
}

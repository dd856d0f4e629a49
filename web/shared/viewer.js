import { useCallback, useEffect, useState } from "react";
import { request } from "./endpoint.js";

const VIEWER = "query Viewer { viewer { id name email } }";
const SIGN_IN = `mutation SignIn($email: String!, $password: String!) {
  signIn(input: { email: $email, password: $password }) { user { id name } }
}`;
const SIGN_OUT = "mutation SignOut { signOut }";

/**
 * Who is signed in: `user` is undefined until the server has answered and null
 * when nobody is. The cookie is the server's; nothing is kept here.
 */
export function useViewer() {
  const [user, setUser] = useState();
  const [error, setError] = useState(null);

  const attempt = useCallback(async (action) => {
    setError(null);
    try {
      await action?.();
      setUser((await request(VIEWER)).viewer);
      return true;
    } catch (failure) {
      setError(failure.message);
      setUser((known) => known ?? null);
      return false;
    }
  }, []);

  const refresh = useCallback(() => attempt(), [attempt]);
  const signIn = useCallback((email, password) => attempt(() => request(SIGN_IN, { email, password })), [attempt]);
  const signOut = useCallback(() => attempt(() => request(SIGN_OUT)), [attempt]);

  useEffect(() => {
    refresh();
  }, [refresh]);

  return { user, error, refresh, signIn, signOut };
}

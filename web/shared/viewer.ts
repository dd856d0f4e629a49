import { PlazaClient } from "plaza-client";
import { useCallback, useEffect, useState } from "react";

/** The account of a page that is not the chat. */
export interface Viewer {
  userId: string;
  name: string;
  email: string;
}

const VIEWER = "query Viewer { viewer { userId name email } }";
const SIGN_IN = `mutation SignIn($email: String!, $password: String!) {
  signIn(input: { email: $email, password: $password }) { viewer { userId name } }
}`;
const SIGN_OUT = "mutation SignOut { signOut { deletedId } }";

const server = new PlazaClient();

/**
 * Who is signed in: `user` is undefined until the server has answered and null for a visitor. The cookie is the server's;
 * nothing is kept here.
 */
export function useViewer() {
  const [user, setUser] = useState<Viewer | null>();
  const [error, setError] = useState<string | null>(null);

  const refresh = useCallback(
    () =>
      server.request<{ viewer: Viewer | null }, object>(VIEWER, {}).then(
        ({ viewer }) => {
          setError(null);
          setUser(viewer);
        },
        (failure: Error) => {
          setError(failure.message);
          setUser((known) => known ?? null);
        },
      ),
    [],
  );
  const attempt = useCallback(
    (operation: string, variables: object) => server.request(operation, variables).then(refresh, (failure: Error) => setError(failure.message)),
    [refresh],
  );
  const signIn = useCallback((email: string, password: string) => attempt(SIGN_IN, { email, password }), [attempt]);
  const signOut = useCallback(() => attempt(SIGN_OUT, {}), [attempt]);

  useEffect(() => {
    void refresh();
  }, [refresh]);

  return { user, error, refresh, signIn, signOut };
}

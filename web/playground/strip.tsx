import type { useViewer } from "../shared/viewer";
import { SignInForm } from "./sign-in-form";

/** The bar above GraphiQL: where we are and who we are. */
export function Strip({ viewer }: { viewer: ReturnType<typeof useViewer> }) {
  const { user, error, signIn, signOut } = viewer;
  return (
    <header>
      <h1 className="visually-hidden">GraphQL playground</h1>
      <div className="masthead strip">
        <a className="brand" href="/">
          <img src="/assets/favicon.svg" alt="" />
          Plaza
        </a>
        <nav aria-label="Site">
          <ul className="masthead-links">
            <li>
              <a href="/chat">Chat</a>
            </li>
            <li>
              <a href="/playground" aria-current="page">
                Playground
              </a>
            </li>
            <li>
              <a href="/api/docs">API reference</a>
            </li>
          </ul>
        </nav>
        <section className="account" aria-label="Account">
          {user === null && <SignInForm onSignIn={signIn} />}
          {user && (
            <>
              <p className="account-user" title={user.email}>
                <span className="account-hint">Signed in as </span>
                <strong>{user.name || user.email}</strong>
              </p>
              <button type="button" className="button button-small" onClick={() => void signOut()}>
                Sign out
              </button>
            </>
          )}
        </section>
      </div>
      {error && (
        <p className="strip-error" role="alert">
          {error}
        </p>
      )}
    </header>
  );
}

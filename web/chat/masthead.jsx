export function Masthead({ user, onSignOut }) {
  return (
    <header className="masthead">
      <a className="brand" href="/">
        <img src="/assets/favicon.svg" alt="" />
        Plaza
      </a>
      <nav aria-label="Site">
        <ul className="masthead-links">
          <li>
            <a href="/chat" aria-current="page">
              Chat
            </a>
          </li>
          <li>
            <a href="/playground">Playground</a>
          </li>
          <li className="masthead-minor">
            <a href="/api/docs">API reference</a>
          </li>
        </ul>
      </nav>
      {user && (
        <div className="masthead-account">
          <span className="masthead-user">{user.name}</span>
          <button type="button" className="button button-small" onClick={onSignOut}>
            Sign out
          </button>
        </div>
      )}
    </header>
  );
}

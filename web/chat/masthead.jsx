import { useConfirm } from "./dialog.jsx";
import { useDeed, usePlaza } from "./plaza.jsx";

export function Masthead({ account }) {
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
          <li className="masthead-minor">
            <a href="/playground">Playground</a>
          </li>
          <li className="masthead-minor">
            <a href="/api/docs">API reference</a>
          </li>
        </ul>
      </nav>
      {account.user && <Account account={account} />}
    </header>
  );
}

function Account({ account: { user, signOut } }) {
  const { outbox } = usePlaza();
  const confirm = useConfirm();
  const { isBusy, refusal, attempt } = useDeed();
  async function leave() {
    const count = outbox.size;
    const isSure =
      count === 0 ||
      (await confirm({
        title: "Sign out?",
        text: `${count === 1 ? "One message is" : `${count} messages are`} not sent yet. They stay in this browser, and are sent when you sign in again.`,
        action: "Sign out",
      }));
    if (isSure) attempt(signOut);
  }
  return (
    <div className="masthead-account">
      {refusal && <span className="refusal" role="alert">{refusal}</span>}
      <span className="masthead-user">{user.name}</span>
      <button type="button" className="button button-small" onClick={leave} disabled={isBusy}>
        Sign out
      </button>
    </div>
  );
}

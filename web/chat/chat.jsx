import { useAccount } from "./account.js";
import { Boundary } from "./boundary.jsx";
import { DialogProvider } from "./dialog.jsx";
import { Masthead } from "./masthead.jsx";
import { PlazaProvider } from "./plaza.jsx";
import { Rooms } from "./rooms.jsx";
import { SignIn } from "./sign-in.jsx";

/** The whole page: visitors sign in first; those who are signed in chat. */
export function Chat() {
  const account = useAccount();
  const { user, trouble } = account;
  return (
    <DialogProvider>
      {user ? (
        // Another account begins with nothing of the last one's.
        <PlazaProvider key={user.id} user={user} onSignedOut={account.refresh}>
          <Masthead account={account} />
          <Boundary>
            <Rooms />
          </Boundary>
        </PlazaProvider>
      ) : (
        <>
          <Masthead account={account} />
          {user === null && <SignIn account={account} />}
          {user === undefined && <p className="hint">{trouble ? `${trouble} Trying again…` : "Opening…"}</p>}
        </>
      )}
    </DialogProvider>
  );
}

import { useViewer } from "../shared/viewer.js";
import { Masthead } from "./masthead.jsx";
import { PlazaProvider } from "./plaza.jsx";
import { Rooms } from "./rooms.jsx";
import { SignIn } from "./sign-in.jsx";

/** The whole page: who is nobody yet signs in, everybody else chats. */
export function Chat() {
  const viewer = useViewer();
  return (
    <>
      <Masthead user={viewer.user} onSignOut={viewer.signOut} />
      {viewer.user === null && <SignIn viewer={viewer} />}
      {/* Somebody else's sign-in begins with nothing of the last one's. */}
      {viewer.user && (
        <PlazaProvider key={viewer.user.id} user={viewer.user} onSignedOut={viewer.refresh}>
          <Rooms />
        </PlazaProvider>
      )}
    </>
  );
}

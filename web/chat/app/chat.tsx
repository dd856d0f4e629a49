import { useText } from "../../i18n";
import { ConfirmProvider } from "../../ui/dialog";
import { ToastProvider } from "../../ui/toast";
import { useAccount } from "./account";
import { PlazaProvider } from "./plaza";
import { Shell } from "./shell";
import { SignIn } from "./sign-in";

/** The whole page: visitors sign in first; those who are signed in chat. */
export function Chat() {
  const t = useText("common");
  const account = useAccount();
  const { user, trouble } = account;
  return (
    <ToastProvider>
      <ConfirmProvider>
        {user ? (
          // Another account begins with nothing of the last one's.
          <PlazaProvider key={user.userId} user={user} onSignedOut={account.refresh}>
            <Shell account={account} />
          </PlazaProvider>
        ) : user === null ? (
          <SignIn account={account} />
        ) : (
          <p className="loading">{trouble ? t("tryingAgain", { trouble }) : t("loading")}</p>
        )}
      </ConfirmProvider>
    </ToastProvider>
  );
}

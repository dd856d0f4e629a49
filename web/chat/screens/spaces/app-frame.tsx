import { AppWindow } from "lucide-react";
import { useEffect, useRef, useState } from "react";
import { useText } from "../../../i18n";
import { Button } from "../../../ui/button";
import { EmptyState } from "../../../ui/notices";
import { usePlaza } from "../../app/plaza";
import { Refusal } from "plaza-client";
import { definitionOf } from "./form";
import { UpdateSessionDocument } from "./operations.generated";
import type { Session } from "./session";

/** A message from an app to this page. */
type Sent = { type: "plaza.hello" } | { type: "plaza.update"; state?: unknown; phase?: string; expectedVersion?: number };

interface Props {
  session: Session;
  canChange: boolean;
  onChanged: (session: Session) => void;
  onRefused: () => void;
}

/**
 * The app of a space. It is on another host, which is asked for nothing before the viewer opens it. It runs without an origin
 * of its own, knows the session by messages, and changes it with the viewer's rights.
 */
export function AppFrame({ session, canChange, onChanged, onRefused }: Props) {
  const t = useText("spaces");
  const [isOpen, setOpen] = useState(false);
  const address = addressOf(session.space.definition);
  const frame = useApp(session, canChange, onChanged, onRefused);
  if (!address) {
    return (
      <EmptyState icon={<AppWindow size={28} aria-hidden="true" />} title={t("noApp")}>
        {t("noAppText")}
      </EmptyState>
    );
  }
  if (!isOpen) {
    return (
      <EmptyState
        icon={<AppWindow size={28} aria-hidden="true" />}
        title={t("appAt", { host: address.host })}
        actions={
          <Button look="primary" onClick={() => setOpen(true)}>
            {t("openApp")}
          </Button>
        }
      >
        {t("appText", { host: address.host })}
      </EmptyState>
    );
  }
  return (
    <>
      <iframe
        ref={frame}
        className="app-frame"
        src={address.href}
        title={t("appAt", { host: address.host })}
        sandbox="allow-scripts allow-forms allow-pointer-lock"
        referrerPolicy="no-referrer"
      />
      <p className="page-line">
        <span className="card-facts">{t("appNothing", { host: address.host })}</span>
        <Button isSmall onClick={() => setOpen(false)}>
          {t("closeApp")}
        </Button>
      </p>
    </>
  );
}

function addressOf(definition: unknown): URL | null {
  const { iframeUrl } = definitionOf(definition);
  if (typeof iframeUrl !== "string" || !URL.canParse(iframeUrl)) return null;
  const address = new URL(iframeUrl);
  return address.protocol === "https:" ? address : null;
}

/** Tells the app how the session is, at its beginning and after each change, and takes its changes. */
function useApp(session: Session, canChange: boolean, onChanged: Props["onChanged"], onRefused: () => void) {
  const { run, user } = usePlaza();
  const frame = useRef<HTMLIFrameElement>(null);
  const { id, status, currentPhase: phase, state, version, participants } = session;
  useEffect(() => {
    // An app without an origin can be reached by no other target; only the frame gets it.
    const tell = (message: object) => frame.current?.contentWindow?.postMessage(message, "*");
    const tellSession = () =>
      tell({
        type: "plaza.session",
        session: { id, status, phase, state, version },
        participants: participants.map(({ user, role, isConnected }) => ({ id: user.id, name: user.name, role, isConnected })),
        viewer: { id: user.userId, name: user.name, canChange },
      });
    const heard = async ({ source, data }: MessageEvent<Sent | null>) => {
      if (!frame.current || source !== frame.current.contentWindow) return;
      if (data?.type === "plaza.hello") tellSession();
      if (data?.type !== "plaza.update") return;
      try {
        const { state, phase, expectedVersion } = data;
        const { updateSpaceSession } = await run(UpdateSessionDocument, { input: { sessionId: id, state, phase, expectedVersion } });
        if (updateSpaceSession) onChanged(updateSpaceSession.spaceSession);
      } catch (error) {
        const code = error instanceof Refusal ? error.code : undefined;
        tell({ type: "plaza.refused", code, message: error instanceof Error ? error.message : String(error) });
        onRefused();
      }
    };
    const listener = (event: MessageEvent<Sent | null>) => void heard(event);
    tellSession();
    window.addEventListener("message", listener);
    return () => window.removeEventListener("message", listener);
  }, [run, user, id, status, phase, state, version, participants, canChange, onChanged, onRefused]);
  return frame;
}

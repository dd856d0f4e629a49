import { Component, type ReactNode, useEffect, useState } from "react";
import { useText } from "../../i18n";
import { Button } from "../../ui/button";
import { NotLoaded } from "./not-loaded";
import { useConnection } from "./plaza";
import { HOME } from "./routes";

/** Shows that a part of the page broke, instead of nothing. What was typed and queued is kept in the browser. */
export class Boundary extends Component<{ children: ReactNode }, { error: Error | null }> {
  override state: { error: Error | null } = { error: null };

  static getDerivedStateFromError(error: unknown) {
    return { error: error instanceof Error ? error : new Error(String(error)) };
  }

  override render() {
    const { error } = this.state;
    if (!error) return this.props.children;
    const broken = <Broken error={error} onLeave={() => this.setState({ error: null })} />;
    return error instanceof NotLoaded ? <Unloaded>{broken}</Unloaded> : broken;
  }
}

/**
 * Waits for the connection that loading failed without, and loads the page anew. Where there was one, the server has other
 * parts since: then `children` say so.
 */
function Unloaded({ children }: { children: ReactNode }) {
  const t = useText("common");
  const isOpen = useConnection() === "open";
  const [wasOpen] = useState(isOpen);
  useEffect(() => {
    // Drafts and queued messages are stored in the browser.
    if (isOpen && !wasOpen) location.reload();
  }, [isOpen, wasOpen]);
  if (wasOpen) return children;
  return (
    <p className="loading" role="status">
      {t("notLoaded")}
    </p>
  );
}

function Broken({ error, onLeave }: { error: Error; onLeave: () => void }) {
  const t = useText("common");
  return (
    <section className="door">
      <div className="door-form" role="alert">
        <h1>{t("brokenTitle")}</h1>
        <p>{t("brokenText")}</p>
        <p className="field-hint">{error.message}</p>
        <Button look="primary" onClick={() => location.reload()}>
          {t("reload")}
        </Button>
        <a href={HOME} onClick={onLeave}>
          {t("toRooms")}
        </a>
      </div>
    </section>
  );
}

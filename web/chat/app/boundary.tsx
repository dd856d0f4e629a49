import { Component, type ReactNode } from "react";
import { useText } from "../../i18n";
import { Button } from "../../ui/button";
import { HOME } from "./routes";

/** Shows that a part of the page broke, instead of nothing. What was typed and queued is kept in the browser. */
export class Boundary extends Component<{ children: ReactNode }, { error: Error | null }> {
  override state: { error: Error | null } = { error: null };

  static getDerivedStateFromError(error: unknown) {
    return { error: error instanceof Error ? error : new Error(String(error)) };
  }

  override render() {
    const { error } = this.state;
    return error ? <Broken error={error} onLeave={() => this.setState({ error: null })} /> : this.props.children;
  }
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

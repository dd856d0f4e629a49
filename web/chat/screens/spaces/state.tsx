import { useState } from "react";
import { useText } from "../../../i18n";
import { Button } from "../../../ui/button";
import { Dialog } from "../../../ui/dialog";
import { Field, TextArea } from "../../../ui/field";
import { Form, textOf } from "../../../ui/form";
import { useDeed, usePlaza } from "../../app/plaza";
import { objectOf } from "./form";
import { UpdateSessionDocument } from "./operations.generated";
import type { Session } from "./session";

interface Props {
  session: Session;
  canChange: boolean;
  onChanged: (session: Session) => void;
  onRefused: () => void;
}

/** The session's state, as JSON text. */
export function State({ session, canChange, onChanged, onRefused }: Props) {
  const t = useText("spaces");
  const [isOpen, setOpen] = useState(false);
  return (
    <section>
      <h2>{t("state")}</h2>
      <details>
        <summary className="session-summary">{t("stateVersion", { version: session.version })}</summary>
        {/* eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- what scrolls has to be reached by keyboard */}
        <pre className="session-state" dir="ltr" tabIndex={0}>
          {JSON.stringify(session.state, null, 2)}
        </pre>
        {canChange && (
          <p className="page-line">
            <Button isSmall onClick={() => setOpen(true)}>
              {t("changeState")}
            </Button>
          </p>
        )}
      </details>
      {isOpen && <StateDialog session={session} onClose={() => setOpen(false)} onChanged={onChanged} onRefused={onRefused} />}
    </section>
  );
}

function StateDialog({ session, onClose, onChanged, onRefused }: Omit<Props, "canChange"> & { onClose: () => void }) {
  const t = useText("spaces");
  const common = useText("common");
  const { run } = usePlaza();
  const deed = useDeed();
  // Changes that others made since this was opened are not overwritten.
  const [expectedVersion] = useState(session.version);
  const save = async (values: FormData) => {
    const isSaved = await deed.attempt(async () => {
      const state = objectOf(textOf(values, "state"), "state", t("noObject"));
      const phase = textOf(values, "phase");
      const input = { sessionId: session.id, state, phase, expectedVersion };
      const { updateSpaceSession } = await run(UpdateSessionDocument, { input });
      if (updateSpaceSession) onChanged(updateSpaceSession.spaceSession);
    });
    if (isSaved) onClose();
    else onRefused();
  };
  return (
    <Dialog title={t("changeState")} onClose={onClose}>
      <Form submission={deed} onSubmit={(values) => void save(values)} onCancel={onClose} action={common("save")}>
        <Field label={t("phase")} name="phase" defaultValue={session.currentPhase ?? ""} maxLength={100} />
        <TextArea
          label={t("state")}
          name="state"
          defaultValue={JSON.stringify(session.state, null, 2)}
          rows={12}
          dir="ltr"
          spellCheck={false}
        />
      </Form>
    </Dialog>
  );
}

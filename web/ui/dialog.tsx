import { createContext, type ReactNode, use, useCallback, useEffect, useId, useRef, useState } from "react";
import { useText } from "../i18n";
import { Button } from "./button";
import { focusBefore, giveFocusBack } from "./focus";
import "./dialog.css";

interface DialogProps {
  title: string;
  onClose: () => void;
  children: ReactNode;
  /** The buttons below, the one that goes on last. */
  actions?: ReactNode;
}

/** A window over the page. It keeps the focus inside, and gives it back to what had it before. Escape closes it. */
export function Dialog({ title, onClose, children, actions }: DialogProps) {
  const dialog = useRef<HTMLDialogElement>(null);
  const id = useId();
  useEffect(() => {
    const element = dialog.current;
    const before = focusBefore();
    element?.showModal();
    return () => {
      element?.close();
      giveFocusBack(before);
    };
  }, []);
  return (
    <dialog
      ref={dialog}
      className="dialog"
      aria-labelledby={id}
      onCancel={(event) => {
        event.preventDefault();
        onClose();
      }}
    >
      <h2 id={id}>{title}</h2>
      {children}
      {actions && <div className="dialog-actions">{actions}</div>}
    </dialog>
  );
}

export interface Question {
  title: string;
  text: string;
  /** The words of the button that says yes. */
  action: string;
  isDangerous?: boolean;
  /** Whether yes can be said; no, for instance, where there are not enough coins. */
  isPossible?: boolean;
  /** Link that is shown instead of the confirm button if confirming is impossible. */
  instead?: { label: string; href: string };
}

type Confirm = (question: Question) => Promise<boolean>;
const Asking = createContext<Confirm>(() => Promise.resolve(false));

/** Asks before something is done: `if (await confirm({ title, text, action })) …`. */
export const useConfirm = (): Confirm => use(Asking);

export function ConfirmProvider({ children }: { children: ReactNode }) {
  const [asked, setAsked] = useState<(Question & { resolve: (isYes: boolean) => void }) | null>(null);
  const t = useText("common");
  const confirm = useCallback<Confirm>((question) => new Promise((resolve) => setAsked({ ...question, resolve })), []);
  const answer = (isYes: boolean) => {
    asked?.resolve(isYes);
    setAsked(null);
  };
  return (
    <Asking value={confirm}>
      {children}
      {asked && (
        <Dialog
          title={asked.title}
          onClose={() => answer(false)}
          actions={
            <>
              <Button onClick={() => answer(false)} autoFocus>
                {t("cancel")}
              </Button>
              <Button
                look={asked.isDangerous ? "danger" : "primary"}
                onClick={() => answer(true)}
                disabled={asked.isPossible === false}
              >
                {asked.action}
              </Button>
            </>
          }
        >
          <p>{asked.text}</p>
          {asked.instead && (
            <p>
              <a href={asked.instead.href} onClick={() => answer(false)}>
                {asked.instead.label}
              </a>
            </p>
          )}
        </Dialog>
      )}
    </Asking>
  );
}

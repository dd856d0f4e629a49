import { createContext, use, useCallback, useEffect, useRef, useState } from "react";

const Dialog = createContext(null);

/** Asks a question in the middle of the page: `await confirm({ title, text, action, isDangerous, isPossible })`. */
export const useConfirm = () => use(Dialog);

export function DialogProvider({ children }) {
  const [question, setQuestion] = useState(null);
  const confirm = useCallback((asked) => new Promise((resolve) => setQuestion({ ...asked, resolve })), []);
  const answer = (isYes) => {
    question.resolve(isYes);
    setQuestion(null);
  };
  return (
    <Dialog value={confirm}>
      {children}
      {question && <Question {...question} onAnswer={answer} />}
    </Dialog>
  );
}

function Question({ title, text, action, isDangerous, isPossible = true, onAnswer }) {
  const dialog = useRef(null);
  useEffect(() => {
    // What had the focus before gets it back when the dialog closes.
    const element = dialog.current;
    element.showModal();
    return () => element.close();
  }, []);
  return (
    <dialog
      ref={dialog}
      className="dialog"
      aria-labelledby="dialog-title"
      aria-describedby="dialog-text"
      onCancel={(event) => {
        event.preventDefault();
        onAnswer(false);
      }}
    >
      <h2 id="dialog-title">{title}</h2>
      <p id="dialog-text">{text}</p>
      <div className="dialog-actions">
        <button type="button" className="button" onClick={() => onAnswer(false)} autoFocus>
          Cancel
        </button>
        <button
          type="button"
          className={`button ${isDangerous ? "button-danger" : "button-primary"}`}
          onClick={() => onAnswer(true)}
          disabled={!isPossible}
        >
          {action}
        </button>
      </div>
    </dialog>
  );
}

import { type KeyboardEvent, type RefObject, useId, useState } from "react";
import { useText } from "../../../i18n";

/** Maximum number of suggested names. */
const MOST = 6;

/** The beginning of a name between an `@` and the cursor, and its start index. */
function typedName(text: string, cursor: number): { start: number; words: string } | null {
  const head = text.slice(0, cursor);
  const start = Math.max(head.lastIndexOf("@"), head.lastIndexOf("＠"));
  if (start < 0 || /[\p{L}\p{N}]$/u.test(head.slice(0, start))) return null;
  const words = head.slice(start + 1);
  return words.includes("\n") || words.length > 40 ? null : { start, words };
}

/** Offers the names of agents behind an `@`: arrow keys choose, Enter and Tab take, Escape closes. */
export function useCompletion(field: RefObject<HTMLTextAreaElement | null>, names: string[], text: string, onText: (text: string) => void) {
  const id = useId();
  const [cursor, setCursor] = useState<number | null>(null);
  const [chosen, setChosen] = useState(0);
  const typed = cursor === null ? null : typedName(text, cursor);
  const words = typed?.words.toLocaleLowerCase() ?? "";
  const offered = typed ? names.filter((name) => name.toLocaleLowerCase().startsWith(words)).slice(0, MOST) : [];
  const isOpen = offered.length > 0 && offered[0] !== typed?.words;
  const index = Math.min(chosen, offered.length - 1);

  function take(name: string) {
    const element = field.current;
    if (!typed || !element) return;
    const end = element.selectionEnd;
    const at = typed.start + name.length + 2;
    onText(`${text.slice(0, typed.start)}@${name} ${text.slice(end).replace(/^ /, "")}`);
    setCursor(null);
    setTimeout(() => {
      element.focus();
      element.setSelectionRange(at, at);
    });
  }

  /** Whether a key press was for the names. */
  function press(event: KeyboardEvent): boolean {
    if (!isOpen || event.nativeEvent.isComposing || event.keyCode === 229) return false;
    const name = offered[index];
    const count = offered.length;
    if (event.key === "ArrowDown") setChosen((index + 1) % count);
    else if (event.key === "ArrowUp") setChosen((index + count - 1) % count);
    else if (event.key === "Escape") setCursor(null);
    else if ((event.key === "Enter" || event.key === "Tab") && !event.shiftKey && name) take(name);
    else return false;
    event.preventDefault();
    return true;
  }

  return {
    id,
    isOpen,
    offered,
    index,
    take,
    press,
    look: () => {
      setChosen(0);
      setCursor(field.current?.selectionEnd ?? null);
    },
    close: () => setCursor(null),
    field: isOpen
      ? ({ "aria-autocomplete": "list", "aria-controls": id, "aria-activedescendant": `${id}-${index}` } as const)
      : {},
  };
}

export function Completion({ completion: { id, isOpen, offered, index, take } }: { completion: ReturnType<typeof useCompletion> }) {
  const t = useText("room");
  if (!isOpen) return null;
  return (
    <div className="completion" id={id} role="listbox" aria-label={t("agents")}>
      {offered.map((name, place) => (
        // eslint-disable-next-line jsx-a11y/click-events-have-key-events, jsx-a11y/interactive-supports-focus -- the field has the focus, and its keys choose
        <div
          key={name}
          id={`${id}-${place}`}
          role="option"
          aria-selected={place === index}
          onPointerDown={(event) => event.preventDefault()}
          onClick={() => take(name)}
        >
          @{name}
        </div>
      ))}
    </div>
  );
}

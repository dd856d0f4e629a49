import { createContext, type ReactNode, use, useEffect, useRef } from "react";
import { useText } from "../i18n";
import { Button } from "./button";
import { ErrorNotice } from "./notices";
import "./form.css";

/** The state of a form's submission. */
export interface Submission {
  isBusy: boolean;
  /** Why it was refused. */
  refusal: string | null;
  /** The name of the field that is wrong, if one is. */
  field: string | null;
}

const Refused = createContext<Submission | null>(null);

/** Returns the error of the field of this name in the enclosing form. */
export function useFieldError(name: string | undefined): string | null {
  const refused = use(Refused);
  return name && refused?.field === name ? refused.refusal : null;
}

interface Props {
  submission: Submission;
  /** Receives the values of the fields by their names. */
  onSubmit: (values: FormData, form: HTMLFormElement) => void;
  /** The words of the button that submits. */
  action: string;
  onCancel?: () => void;
  isDangerous?: boolean;
  children: ReactNode;
}

/** Fields below each other, with the button that submits them. A refused field takes the focus. */
export function Form({ submission, onSubmit, action, onCancel, isDangerous = false, children }: Props) {
  const t = useText("common");
  const form = useRef<HTMLFormElement>(null);
  useEffect(() => {
    if (!submission.field) return;
    const field = form.current?.elements.namedItem(submission.field);
    if (field instanceof HTMLElement) field.focus();
  }, [submission.field, submission.refusal]);
  return (
    <form
      ref={form}
      className="form"
      onSubmit={(event) => {
        event.preventDefault();
        onSubmit(new FormData(event.currentTarget), event.currentTarget);
      }}
    >
      <Refused value={submission}>{children}</Refused>
      <div className="form-refusal">
        <ErrorNotice message={submission.refusal} />
      </div>
      <div className="form-actions">
        {onCancel && <Button onClick={onCancel}>{t("cancel")}</Button>}
        <Button type="submit" look={isDangerous ? "danger" : "primary"} disabled={submission.isBusy}>
          {action}
        </Button>
      </div>
    </form>
  );
}

/** Fields that belong together, beside each other where there is room. */
export const FieldRow = ({ children }: { children: ReactNode }) => <div className="field-row">{children}</div>;

/** The text of a field. */
export const textOf = (values: FormData, name: string): string => ((values.get(name) as string | null) ?? "").trim();

/** The text of a field, or null where it is empty. */
export const optionalText = (values: FormData, name: string): string | null => textOf(values, name) || null;

/** The whole number of a field, or null where it is empty. */
export function wholeNumber(values: FormData, name: string): number | null {
  const text = textOf(values, name);
  return text === "" ? null : Number(text);
}

/** The words of a field that are separated by commas. */
export const wordsOf = (values: FormData, name: string): string[] =>
  textOf(values, name)
    .split(/[,،、，]/)
    .map((word) => word.trim())
    .filter(Boolean);

import { type ComponentProps, type ReactNode, useId } from "react";
import { useFieldError } from "./form";
import "./field.css";

interface Frame {
  label: string;
  /** Hint below the field. */
  hint?: ReactNode;
  /** Error of the field; the enclosing form may supply it too. */
  error?: string | null;
  /** Leaves the label to those who do not see the field. */
  isLabelHidden?: boolean;
}

function useFrame({ label, hint, error: own, isLabelHidden }: Frame, name: string | undefined) {
  const id = useId();
  const refused = useFieldError(name);
  const error = own ?? refused;
  const described = [hint && `${id}-hint`, error && `${id}-error`].filter(Boolean).join(" ") || undefined;
  const input = { id, "aria-describedby": described, "aria-invalid": error ? (true as const) : undefined };
  const wrap = (control: ReactNode) => (
    <div className="field">
      <label htmlFor={id} className={isLabelHidden ? "visually-hidden" : "field-label"}>
        {label}
      </label>
      {control}
      {hint && (
        <p id={`${id}-hint`} className="field-hint">
          {hint}
        </p>
      )}
      {error && (
        <p id={`${id}-error`} className="field-error">
          {error}
        </p>
      )}
    </div>
  );
  return { input, wrap };
}

/** A field of one line with its label. */
export function Field({ label, hint, error, isLabelHidden, ...rest }: Frame & Omit<ComponentProps<"input">, "className">) {
  const { input, wrap } = useFrame({ label, hint, error, isLabelHidden }, rest.name);
  return wrap(<input className="input" dir="auto" {...input} {...rest} />);
}

/** A field to search in what is below it; its placeholder shows the label. */
export function SearchField({ label, value, onSearch, autoFocus }: { label: string; value: string; onSearch: (words: string) => void; autoFocus?: boolean }) {
  return (
    <Field
      label={label}
      isLabelHidden
      type="search"
      placeholder={label}
      value={value}
      onChange={({ target }) => onSearch(target.value)}
      autoFocus={autoFocus}
    />
  );
}

/** A field of several lines with its label. */
export function TextArea({ label, hint, error, isLabelHidden, ...rest }: Frame & Omit<ComponentProps<"textarea">, "className">) {
  const { input, wrap } = useFrame({ label, hint, error, isLabelHidden }, rest.name);
  return wrap(<textarea className="input" dir="auto" rows={3} {...input} {...rest} />);
}

/** A choice of one out of a few, with its label. */
export function Select({ label, hint, error, isLabelHidden, children, ...rest }: Frame & Omit<ComponentProps<"select">, "className">) {
  const { input, wrap } = useFrame({ label, hint, error, isLabelHidden }, rest.name);
  return wrap(
    <select className="input" {...input} {...rest}>
      {children}
    </select>,
  );
}

/** A yes or no with its label behind it. */
export function Checkbox({ label, hint, ...rest }: { label: string; hint?: string } & Omit<ComponentProps<"input">, "className" | "type">) {
  return (
    <label className="checkbox">
      <input type="checkbox" {...rest} />
      <span>
        {label}
        {hint && <span className="field-hint">{hint}</span>}
      </span>
    </label>
  );
}

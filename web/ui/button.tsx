import type { ComponentProps, ReactNode } from "react";
import "./button.css";

type Look = "plain" | "primary" | "danger" | "quiet";

interface Props extends Omit<ComponentProps<"button">, "className"> {
  look?: Look;
  isSmall?: boolean;
}

/** A button. It submits nothing unless `type` says so. */
export function Button({ look = "plain", isSmall = false, type = "button", ...rest }: Props) {
  return <button type={type} className={classOf(look, isSmall)} {...rest} />;
}

interface LinkProps extends Omit<ComponentProps<"a">, "className"> {
  look?: Look;
  isSmall?: boolean;
  children: ReactNode;
}

/** A link that looks like a button. */
export function ButtonLink({ look = "plain", isSmall = false, children, ...rest }: LinkProps) {
  return (
    <a className={classOf(look, isSmall)} {...rest}>
      {children}
    </a>
  );
}

interface IconProps extends Omit<ComponentProps<"button">, "className" | "children"> {
  /** Label for screen readers and tooltip. */
  label: string;
  icon: ReactNode;
}

/** A button with an icon alone. */
export function IconButton({ label, icon, type = "button", ...rest }: IconProps) {
  return (
    <button type={type} className="icon-button" aria-label={label} title={label} {...rest}>
      {icon}
    </button>
  );
}

function classOf(look: Look, isSmall: boolean) {
  return ["button", look !== "plain" && `button-${look}`, isSmall && "button-small"].filter(Boolean).join(" ");
}

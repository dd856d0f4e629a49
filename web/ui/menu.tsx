import { DropdownMenu } from "radix-ui";
import { type ReactNode, useRef } from "react";
import { rememberMenu } from "./focus";
import "./menu.css";

interface MenuProps {
  /** The button that opens it; an `IconButton`, for instance. */
  trigger: ReactNode;
  align?: "start" | "end";
  children: ReactNode;
}

/** A menu behind a button. The arrow keys go through it, letters find its items, Escape closes it. */
export function Menu({ trigger, align = "end", children }: MenuProps) {
  const button = useRef<HTMLButtonElement>(null);
  return (
    <DropdownMenu.Root modal={false} onOpenChange={(isOpen) => isOpen && rememberMenu(button.current)}>
      <DropdownMenu.Trigger asChild ref={button}>{trigger}</DropdownMenu.Trigger>
      <DropdownMenu.Portal container={document.querySelector("main")}>
        <DropdownMenu.Content className="menu" align={align} sideOffset={4} collisionPadding={8}>
          {children}
        </DropdownMenu.Content>
      </DropdownMenu.Portal>
    </DropdownMenu.Root>
  );
}

interface ItemProps {
  icon?: ReactNode;
  onSelect?: () => void;
  /** Makes it a link. */
  href?: string;
  isDangerous?: boolean;
  isDisabled?: boolean;
  children: ReactNode;
}

export function MenuItem({ icon, onSelect, href, isDangerous = false, isDisabled = false, children }: ItemProps) {
  const content = (
    <>
      {icon}
      <span>{children}</span>
    </>
  );
  return (
    <DropdownMenu.Item className="menu-item" data-dangerous={isDangerous} disabled={isDisabled} onSelect={onSelect} asChild={!!href}>
      {href ? <a href={href}>{content}</a> : content}
    </DropdownMenu.Item>
  );
}

export const MenuSeparator = () => <DropdownMenu.Separator className="menu-separator" />;

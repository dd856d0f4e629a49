import { Popover } from "radix-ui";
import { lazy, type ReactNode, Suspense, useState } from "react";
import { IconButton } from "../../../ui/button";
import { Loading } from "../../../ui/notices";

const Picker = lazy(() => import("./emoji-picker"));

interface Props {
  label: string;
  icon: ReactNode;
  tabIndex?: number;
  onEmoji: (emoji: string) => void;
  /** Takes the focus when the emoji are closed; without it, it goes back to the button. */
  onClosed?: () => void;
}

/** A button that opens the emoji, with a search and skin tones. They are loaded when they are first opened. */
export function EmojiButton({ label, icon, tabIndex, onEmoji, onClosed }: Props) {
  const [isOpen, setOpen] = useState(false);
  return (
    <Popover.Root open={isOpen} onOpenChange={setOpen}>
      <Popover.Trigger asChild>
        <IconButton label={label} icon={icon} tabIndex={tabIndex} />
      </Popover.Trigger>
      <Popover.Portal container={document.querySelector("main")}>
        <Popover.Content
          className="emoji-popover"
          aria-label={label}
          sideOffset={6}
          collisionPadding={8}
          onCloseAutoFocus={(event) => {
            if (!onClosed) return;
            event.preventDefault();
            onClosed();
          }}
        >
          <Suspense fallback={<Loading />}>
            <Picker
              onEmoji={(emoji) => {
                setOpen(false);
                onEmoji(emoji);
              }}
            />
          </Suspense>
        </Popover.Content>
      </Popover.Portal>
    </Popover.Root>
  );
}

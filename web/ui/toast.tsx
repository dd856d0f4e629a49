import { createContext, type ReactNode, use, useCallback, useEffect, useRef, useState } from "react";
import { useText } from "../i18n";
import { Button } from "./button";
import "./toast.css";

export interface Toast {
  text: string;
  /** A way back, such as undo. */
  action?: { label: string; onPress: () => void };
  /** Milliseconds that it stays; 6,000 unless given. */
  lasting?: number;
  /** Called when the toast expires or is closed, but not after its action. */
  onGone?: () => void;
}

type Show = (toast: Toast) => void;
const Showing = createContext<Show>(() => {});

/** Shows a message at the edge of the page for a while: `toast({ text, action })`. */
export const useToast = (): Show => use(Showing);

export function ToastProvider({ children }: { children: ReactNode }) {
  const [toasts, setToasts] = useState<(Toast & { id: number })[]>([]);
  const next = useRef(0);
  const show = useCallback<Show>((toast) => setToasts((all) => [...all, { ...toast, id: next.current++ }]), []);
  const remove = useCallback((id: number) => setToasts((all) => all.filter((toast) => toast.id !== id)), []);
  return (
    <Showing value={show}>
      {children}
      <div className="toasts" role="status">
        {toasts.map((toast) => (
          <Item key={toast.id} toast={toast} onRemove={() => remove(toast.id)} />
        ))}
      </div>
    </Showing>
  );
}

function Item({ toast, onRemove }: { toast: Toast; onRemove: () => void }) {
  const t = useText("common");
  const isOver = useRef(false);
  const [isHeld, setHeld] = useState(false);
  const current = useRef({ toast, onRemove });
  const end = useCallback((byAction: boolean) => {
    if (isOver.current) return;
    isOver.current = true;
    const { toast, onRemove } = current.current;
    if (byAction) toast.action?.onPress();
    else toast.onGone?.();
    onRemove();
  }, []);
  useEffect(() => {
    // The timer pauses while the toast is hovered or focused.
    if (isHeld) return undefined;
    const timer = setTimeout(() => end(false), current.current.toast.lasting ?? 6000);
    return () => clearTimeout(timer);
  }, [isHeld, end]);
  return (
     
    <div
      className="toast"
      onPointerEnter={() => setHeld(true)}
      onPointerLeave={() => setHeld(false)}
      onFocus={() => setHeld(true)}
      onBlur={() => setHeld(false)}
    >
      <span>{toast.text}</span>
      {toast.action && (
        <Button look="quiet" isSmall onClick={() => end(true)}>
          {toast.action.label}
        </Button>
      )}
      <Button look="quiet" isSmall onClick={() => end(false)}>
        {t("close")}
      </Button>
    </div>
  );
}

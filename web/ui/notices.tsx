import { type ReactNode } from "react";
import { CircleAlert } from "lucide-react";
import { useText } from "../i18n";
import { Button } from "./button";
import "./notices.css";

/** The empty state: a text and a suggested action. */
export function EmptyState({ icon, title, children, actions }: { icon?: ReactNode; title: string; children?: ReactNode; actions?: ReactNode }) {
  return (
    <div className="empty-state">
      {icon && <span className="empty-icon">{icon}</span>}
      <h2>{title}</h2>
      {children && <p>{children}</p>}
      {actions && <div className="empty-actions">{actions}</div>}
    </div>
  );
}

/** Why something did not work, and a way to try it again where that may help. */
export function ErrorNotice({ message, onRetry }: { message: string | null | undefined; onRetry?: () => void }) {
  const t = useText("common");
  if (!message) return null;
  return (
    <div className="error-notice" role="alert">
      <CircleAlert size={18} aria-hidden="true" />
      <span>{message}</span>
      {onRetry && (
        <Button look="quiet" isSmall onClick={onRetry}>
          {t("tryAgain")}
        </Button>
      )}
    </div>
  );
}

/** Something is being loaded. */
export function Loading() {
  const t = useText("common");
  return (
    <p className="loading" role="status">
      {t("loading")}
    </p>
  );
}

import { MapPinOff } from "lucide-react";
import type { ReactNode } from "react";
import { useText } from "../../i18n";
import { ButtonLink } from "../../ui/button";
import { Page } from "../../ui/page";
import { DISCOVER, HOME } from "./routes";

/** The page of an unknown address. */
export function NotFound({ title, children }: { title: string; children: ReactNode }) {
  const t = useText("common");
  return (
    <Page title={title} back={HOME}>
      <div className="not-found">
        <span className="empty-icon">
          <MapPinOff size={28} aria-hidden="true" />
        </span>
        <p>{children}</p>
        <div className="empty-actions">
          <ButtonLink look="primary" href={HOME}>
            {t("toRooms")}
          </ButtonLink>
          <ButtonLink href={DISCOVER}>{t("findCommunities")}</ButtonLink>
        </div>
      </div>
    </Page>
  );
}

export function UnknownPage() {
  const t = useText("common");
  return <NotFound title={t("noPageTitle")}>{t("noPageText")}</NotFound>;
}

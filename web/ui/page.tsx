import { ChevronLeft } from "lucide-react";
import { type ReactNode, useEffect, useRef } from "react";
import { useText } from "../i18n";
import "./page.css";

interface Props {
  title: ReactNode;
  /** Words below the title. */
  about?: ReactNode;
  /** Target of the back arrow, which narrow screens show; wide ones too with `isBackShown`. */
  back?: string;
  isBackShown?: boolean;
  /** Buttons beside the title. */
  actions?: ReactNode;
  isWide?: boolean;
  children: ReactNode;
}

/** The frame of a screen: its title, with what belongs to it, and its content. */
export function Page({ title, about, back, isBackShown = false, actions, isWide = false, children }: Props) {
  const t = useText("common");
  return (
    <section className="page" data-wide={isWide}>
      <header className="page-head">
        {back && (
          <a className="page-back" data-shown={isBackShown} href={back} aria-label={t("back")}>
            <ChevronLeft size={22} aria-hidden="true" />
          </a>
        )}
        <div className="page-title">
          <FocusedHeading>{title}</FocusedHeading>
          {about && <p className="page-about">{about}</p>}
        </div>
        {actions && <div className="page-actions">{actions}</div>}
      </header>
      {children}
    </section>
  );
}

/** The title takes the focus when its screen is opened, so that screen readers say where one is and Tab goes on from here. */
function FocusedHeading({ children }: { children: ReactNode }) {
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    const focused = document.activeElement;
    if (!focused || focused === document.body || focused.matches("a[href^='#/']")) heading.current?.focus({ preventScroll: true });
  }, []);
  return (
    <h1 ref={heading} tabIndex={-1}>
      {children}
    </h1>
  );
}

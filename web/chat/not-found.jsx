import { COMMUNITIES, HOME } from "./model/routes.js";

/** What is shown where an address leads to nothing. */
export function NotFound({ title, children }) {
  return (
    <section className="community">
      <a className="back" href={HOME} aria-label="All conversations">
        ‹
      </a>
      <h1>{title}</h1>
      <p className="community-about">{children}</p>
      <p className="ways">
        <a className="button button-primary" href={HOME}>
          Your conversations
        </a>
        <a className="button" href={COMMUNITIES}>
          Find communities
        </a>
      </p>
    </section>
  );
}

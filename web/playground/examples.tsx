import { EXAMPLES } from "./example";
import { useOpener } from "./opener";

function ExamplesIcon() {
  return (
    <svg viewBox="0 0 24 24" fill="none" stroke="currentColor" strokeWidth="1.6" strokeLinejoin="round" aria-hidden="true">
      <path d="M5 4h14v5H5zM5 13h8M5 17h6" strokeLinecap="round" />
      <path d="m16 13 4.5 3-4.5 3z" fill="currentColor" />
    </svg>
  );
}

function Examples() {
  const open = useOpener();
  return (
    <section className="examples" aria-labelledby="examples-title">
      <h2 className="examples-heading" id="examples-title">
        Examples
      </h2>
      <ul className="examples-list">
        {EXAMPLES.map((example) => (
          <li key={example.slug}>
            <button type="button" className="example" onClick={() => open(example)}>
              <span className="example-title">{example.title}</span>
              <span className={`example-kind example-${example.kind}`}>{example.kind}</span>
              <span className="example-purpose">{example.purpose}</span>
            </button>
          </li>
        ))}
      </ul>
    </section>
  );
}

export const EXAMPLES_PLUGIN = { title: "Examples", icon: ExamplesIcon, content: Examples };

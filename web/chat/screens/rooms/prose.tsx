import type { Nodes, Parents, PhrasingContent, Root, Table } from "mdast";
import { Check, Copy } from "lucide-react";
import { Fragment, lazy, memo, type ReactNode, Suspense, useMemo, useState } from "react";
import { useText } from "../../../i18n";
import { IconButton } from "../../../ui/button";
import { splitLinks } from "../../model/links";
import { parse } from "../../model/markdown";
import { splitMention } from "../../model/mentions";
import { Highlighted } from "./highlight";
import "./prose.css";

const HighlightedCode = lazy(() => import("./code"));

/**
 * The text of a message. Markdown is rendered; HTML stays text, pictures are links: nothing is fetched. The call of an
 * agent by name stands out.
 */
export const Prose = memo(function Prose({ text, called = null }: { text: string; called?: string | null }) {
  const root = useMemo(() => parse(text), [text]);
  return (
    <div className="prose" dir="auto">
      <Children of={root} called={called} />
    </div>
  );
});

function Children({ of: { children }, called }: { of: Parents | Root; called: string | null }) {
  return children.map((node, index) => <Node key={index} node={node} called={called} />);
}

function Node({ node, called }: { node: Nodes; called: string | null }): ReactNode {
  const inside = "children" in node ? <Children of={node} called={called} /> : null;
  switch (node.type) {
    case "text":
      return <Words text={node.value} called={called} />;
    case "paragraph":
      return <p dir="auto">{inside}</p>;
    case "heading":
      return (
        <p className="prose-heading" dir="auto">
          {inside}
        </p>
      );
    case "strong":
      return <strong>{inside}</strong>;
    case "emphasis":
      return <em>{inside}</em>;
    case "delete":
      return <del>{inside}</del>;
    case "inlineCode":
      return <code>{node.value}</code>;
    case "code":
      return <CodeBlock text={node.value} language={node.lang ?? null} />;
    case "blockquote":
      return <blockquote>{inside}</blockquote>;
    case "list":
      return node.ordered ? <ol start={node.start ?? 1}>{inside}</ol> : <ul>{inside}</ul>;
    case "listItem":
      return <li>{inside}</li>;
    case "break":
      return <br />;
    case "thematicBreak":
      return <hr />;
    case "link":
      return <Link address={node.url}>{inside}</Link>;
    case "image":
      return <Link address={node.url}>{node.alt || node.url}</Link>;
    case "table":
      return <Rows table={node} called={called} />;
    case "html":
      return node.value;
    default:
      return inside;
  }
}

/** A link to another place. Anything but the web and mail stays text. */
function Link({ address, children }: { address: string; children: ReactNode }) {
  const isSafe = URL.canParse(address) && ["http:", "https:", "mailto:"].includes(new URL(address).protocol);
  if (!isSafe) return children;
  return (
    <a href={address} target="_blank" rel="noopener noreferrer nofollow">
      {children}
    </a>
  );
}

function Words({ text, called }: { text: string; called: string | null }) {
  return splitMention(text, called).map((part, index) =>
    part.isMention ? (
      <mark key={index} className="mention">
        {part.text}
      </mark>
    ) : (
      <Fragment key={index}>
        {splitLinks(part.text).map(({ text, href }, index) =>
          href ? (
            <Link key={index} address={href}>
              {text}
            </Link>
          ) : (
            <Highlighted key={index} text={text} />
          ),
        )}
      </Fragment>
    ),
  );
}

function Rows({ table, called }: { table: Table; called: string | null }) {
  const t = useText("room");
  const [head, ...rows] = table.children;
  const cells = (content: { children: PhrasingContent[] }[], Cell: "th" | "td") =>
    content.map((cell, index) => (
      <Cell key={index} style={{ textAlign: table.align?.[index] ?? "start" }}>
        {cell.children.map((node, index) => (
          <Node key={index} node={node} called={called} />
        ))}
      </Cell>
    ));
  return (
    // It scrolls where it is wider than the message, also by keys.
    // eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex
    <div className="prose-table" role="group" aria-label={t("table")} tabIndex={0}>
      <table>
        <thead>
          <tr>{cells(head?.children ?? [], "th")}</tr>
        </thead>
        <tbody>
          {rows.map((row, index) => (
            <tr key={index}>{cells(row.children, "td")}</tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function CodeBlock({ text, language }: { text: string; language: string | null }) {
  const t = useText("room");
  const [isCopied, setCopied] = useState(false);
  const copy = () => {
    navigator.clipboard.writeText(text).then(
      () => {
        setCopied(true);
        setTimeout(() => setCopied(false), 1600);
      },
      () => {},
    );
  };
  return (
    <div className="code-block" dir="ltr">
      <div className="code-head">
        <span>{language}</span>
        {navigator.clipboard && (
          <IconButton
            label={isCopied ? t("copied") : t("copyCode")}
            icon={isCopied ? <Check size={16} aria-hidden="true" /> : <Copy size={16} aria-hidden="true" />}
            onClick={copy}
          />
        )}
      </div>
      {/* eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- it scrolls, also by keys */}
      <pre tabIndex={0} role="group" aria-label={t("code")}>
        <code>
          {language ? (
            <Suspense fallback={text}>
              <HighlightedCode text={text} language={language} />
            </Suspense>
          ) : (
            text
          )}
        </code>
      </pre>
    </div>
  );
}

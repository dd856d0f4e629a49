import { X } from "lucide-react";
import { useEffect, useState } from "react";
import { useText } from "../../../i18n";
import { IconButton } from "../../../ui/button";
import { SearchField } from "../../../ui/field";
import { ErrorNotice } from "../../../ui/notices";
import { When } from "../../../ui/when";
import { useQuery } from "../../app/plaza";
import { excerpt } from "../../model/hits";
import { Highlighted, Words } from "./highlight";
import { SearchDocument } from "./operations.generated";
import { plainText } from "./prose-text";

/** Milliseconds without a key before a search is asked. */
const PAUSE = 200;

/** Hits that one search has at most. */
const MOST = 50;

interface Props {
  id: string;
  words: string;
  onWords: (words: string) => void;
  onClose: () => void;
  onJump: (cursor: string) => void;
}

/** Finds what was said in a conversation. Choosing a message goes there. */
export function SearchPanel({ id, words, onWords, onClose, onJump }: Props) {
  const t = useText("room");
  const [asked, setAsked] = useState("");
  useEffect(() => {
    const timer = setTimeout(() => setAsked(words.trim()), PAUSE);
    return () => clearTimeout(timer);
  }, [words]);
  const { data, error } = useQuery(asked ? SearchDocument : null, { id, text: asked });
  const found = asked ? data?.conversation?.search?.filter(({ deletedAt }) => !deletedAt) : undefined;
  return (
     
    <search className="search-panel" onKeyDown={({ key }) => key === "Escape" && onClose()}>
      <div className="search-line">
        <SearchField label={t("search")} value={words} onSearch={onWords} autoFocus />
        <IconButton label={t("closeSearch")} icon={<X size={19} aria-hidden="true" />} onClick={onClose} />
      </div>
      <p className="visually-hidden" role="status">
        {found && t("found", { count: found.length })}
      </p>
      <ErrorNotice message={error?.message} />
      {found && found.length >= MOST && <p className="card-facts">{t("newestFound", { count: found.length })}</p>}
      {found?.length === 0 && <p className="search-none">{t("noneFound")}</p>}
      {found && found.length > 0 && (
        <Words value={asked}>
          <ol className="search-hits">
            {found.map((message) => (
              <li key={message.id}>
                <button type="button" onClick={() => onJump(message.cursor)}>
                  <span className="search-hit-head">
                    <bdi>{message.agentName ?? message.author?.name ?? t("system")}</bdi>
                    <When at={message.createdAt} />
                  </span>
                  <span className="search-hit-text" dir="auto">
                    <Highlighted text={excerpt(plainText(message.content), asked)} />
                  </span>
                </button>
              </li>
            ))}
          </ol>
        </Words>
      )}
    </search>
  );
}

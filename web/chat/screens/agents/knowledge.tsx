import { FileUp, Plus } from "lucide-react";
import { type ChangeEvent, useRef, useState } from "react";
import { useText } from "../../../i18n";
import { numberOf } from "../../../i18n/format";
import { Button } from "../../../ui/button";
import { Field, TextArea } from "../../../ui/field";
import "./knowledge.css";

interface Text {
  title: string;
  text: string;
}

const TITLE = "knowledge.title";
const TEXT = "knowledge.text";

/** The texts that the fields of `Knowledge` have; those without a title and a text are left out. */
export function knowledgeOf(values: FormData): Text[] {
  const texts = values.getAll(TEXT) as string[];
  return (values.getAll(TITLE) as string[])
    .map((title, index) => ({ title: title.trim(), text: texts[index] ?? "" }))
    .filter(({ title, text }) => title || text.trim());
}

/** The texts that an agent answers from: written here, or read from files. */
export function Knowledge({ texts }: { texts: Text[] }) {
  const t = useText("agents");
  const common = useText("common");
  const [rows, setRows] = useState(() => texts.map((text, key) => ({ ...text, key })));
  const files = useRef<HTMLInputElement>(null);
  const add = (added: Text[]) =>
    setRows((all) => {
      const first = Math.max(-1, ...all.map(({ key }) => key)) + 1;
      return [...all, ...added.map((text, index) => ({ ...text, key: first + index }))];
    });
  const read = async ({ target }: ChangeEvent<HTMLInputElement>) => {
    const chosen = [...(target.files ?? [])];
    add(await Promise.all(chosen.map(async (file) => ({ title: file.name.slice(0, 200), text: await file.text() }))));
    target.value = "";
  };
  return (
    <fieldset>
      <legend>{t("knowledge")}</legend>
      <p className="field-hint">{t("knowledgeHint")}</p>
      {rows.map(({ key, title, text }) => (
        <details key={key} className="knowledge" open={!title}>
          <summary>
            <bdi>{title || t("newText")}</bdi> <span className="card-facts">{t("letters", { count: numberOf(text.length) })}</span>
          </summary>
          <Field label={t("textTitle")} name={TITLE} defaultValue={title} maxLength={200} />
          <TextArea label={t("text")} name={TEXT} defaultValue={text} rows={8} />
          <Button isSmall onClick={() => setRows((all) => all.filter((row) => row.key !== key))}>
            {common("remove")}
          </Button>
        </details>
      ))}
      <p className="page-line">
        <Button isSmall onClick={() => add([{ title: "", text: "" }])}>
          <Plus size={15} aria-hidden="true" /> {t("addText")}
        </Button>
        <Button isSmall onClick={() => files.current?.click()}>
          <FileUp size={15} aria-hidden="true" /> {t("addFiles")}
        </Button>
        <input ref={files} type="file" hidden multiple accept=".txt,.md,.csv,.json,text/*" onChange={(event) => void read(event)} />
      </p>
    </fieldset>
  );
}

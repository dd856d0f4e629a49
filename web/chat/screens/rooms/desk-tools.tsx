import { type SyntheticEvent, useState } from "react";
import { useText } from "../../../i18n";
import { Button } from "../../../ui/button";
import { Field } from "../../../ui/field";
import { When } from "../../../ui/when";
import { useDeed, usePlaza, useQuery } from "../../app/plaza";
import { AddNoteDocument, DeskDocument } from "./operations.generated";

interface Props {
  communityId: string;
  conversationId: string;
  onCanned: (text: string) => void;
}

/** Canned answers and notes beside a customer's chat, which the customer never sees. */
export function DeskTools({ communityId, conversationId: id, onCanned }: Props) {
  const t = useText("support");
  const { run } = usePlaza();
  const { isBusy, refusal, attempt } = useDeed();
  const { data, error, refresh } = useQuery(DeskDocument, { communityId, id });
  const [text, setText] = useState("");
  const answers = data?.cannedAnswers ?? [];
  const notes = data?.supportNotes ?? [];

  async function add(event: SyntheticEvent) {
    event.preventDefault();
    const isAdded = await attempt(() => run(AddNoteDocument, { id, text }));
    if (!isAdded) return;
    setText("");
    refresh();
  }

  return (
    <details className="desk-tools">
      <summary>{t("deskTools", { answers: answers.length, notes: notes.length })}</summary>
      <p className="ways">
        {answers.map((answer) => (
          <Button key={answer.id} isSmall onClick={() => onCanned(answer.text)}>
            {answer.title}
          </Button>
        ))}
      </p>
      <ul className="notes">
        {notes.map((note) => (
          <li key={note.id}>
            <strong>
              <bdi>{note.author.name}</bdi>
            </strong>{" "}
            <When at={note.createdAt} /> <bdi>{note.text}</bdi>
          </li>
        ))}
      </ul>
      <form className="note-form" onSubmit={(event) => void add(event)}>
        <Field label={t("note")} isLabelHidden placeholder={t("note")} value={text} onChange={({ target }) => setText(target.value)} />
        <Button type="submit" isSmall disabled={isBusy || !text.trim()}>
          {t("addNote")}
        </Button>
      </form>
      {(refusal ?? error?.message) && <p className="refusal">{refusal ?? error?.message}</p>}
    </details>
  );
}

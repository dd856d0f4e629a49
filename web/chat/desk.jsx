import { useEffect, useState } from "react";
import { operations } from "plaza:operations";
import { useDeed, usePlaza } from "./plaza.jsx";
import { When } from "./when.jsx";

/** What the team has beside a customer's chat: prepared answers and notes, which the customer never sees. */
export function Desk({ communityId, conversationId, onCanned }) {
  const { run } = usePlaza();
  const { isBusy, refusal, attempt } = useDeed();
  const [desk, setDesk] = useState({ cannedAnswers: [], supportNotes: [] });
  const [text, setText] = useState("");

  useEffect(() => {
    attempt(async () => setDesk(await run(operations.desk, { communityId, id: conversationId })));
  }, [run, attempt, communityId, conversationId]);

  async function add(event) {
    event.preventDefault();
    const isAdded = await attempt(async () => {
      const { addSupportNote } = await run(operations.addNote, { id: conversationId, text });
      setDesk((known) => ({ ...known, supportNotes: [...known.supportNotes, addSupportNote] }));
    });
    if (isAdded) setText("");
  }

  return (
    <details className="desk">
      <summary>
        Prepared answers ({desk.cannedAnswers.length}), notes ({desk.supportNotes.length})
      </summary>
      <p className="ways">
        {desk.cannedAnswers.map((answer) => (
          <button key={answer.id} type="button" className="button button-small" onClick={() => onCanned(answer.text)}>
            {answer.title}
          </button>
        ))}
      </p>
      <ul className="notes">
        {desk.supportNotes.map((note) => (
          <li key={note.id}>
            <strong>{note.author.name}</strong> <When at={note.createdAt} /> {note.text}
          </li>
        ))}
      </ul>
      <form className="composer-line" onSubmit={add}>
        <input
          className="input"
          aria-label="A note for the team"
          placeholder="A note for the team"
          value={text}
          onChange={(event) => setText(event.target.value)}
        />
        <button className="button button-small" disabled={isBusy || !text.trim()}>
          Note it
        </button>
      </form>
      {refusal && <p className="refusal">{refusal}</p>}
    </details>
  );
}

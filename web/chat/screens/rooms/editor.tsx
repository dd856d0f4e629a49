import { type KeyboardEvent, useState } from "react";
import { useText } from "../../../i18n";
import { Button } from "../../../ui/button";
import { sends } from "../../model/keys";

/** A text that is being changed. Enter keeps it, Escape leaves it as it was. */
export function Editor({ content, action, onSave, onCancel }: { content: string; action: string; onSave: (text: string) => void; onCancel: () => void }) {
  const t = useText("common");
  const room = useText("room");
  const [text, setText] = useState(content);
  function press(event: KeyboardEvent) {
    if (event.key === "Escape") onCancel();
    const { key, shiftKey, keyCode, nativeEvent } = event;
    if (!sends({ key, shiftKey, keyCode, isComposing: nativeEvent.isComposing })) return;
    event.preventDefault();
    onSave(text);
  }
  return (
    <form
      className="editor"
      onSubmit={(event) => {
        event.preventDefault();
        onSave(text);
      }}
    >
      <textarea
        className="input"
        aria-label={room("message")}
        value={text}
        onChange={({ target }) => setText(target.value)}
        onKeyDown={press}
        rows={2}
        dir="auto"
        autoFocus
        onFocus={({ target }) => target.setSelectionRange(target.value.length, target.value.length)}
      />
      <Button type="submit" look="primary" isSmall>
        {action}
      </Button>
      <Button isSmall onClick={onCancel}>
        {t("cancel")}
      </Button>
    </form>
  );
}

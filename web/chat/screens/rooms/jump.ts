import { useCallback, useEffect, useRef, useState } from "react";
import { useToast } from "../../../ui/toast";
import { usePlaza } from "../../app/plaza";
import { type Action, type Log, type Message, shown } from "../../model/log";
import { BeforeDocument, EarlierDocument, LaterDocument } from "./operations.generated";

/** Number of messages that are loaded before a position. */
const BEFORE = 25;

/** The message to show. Each jump is another object, so that jumping to the same message again does so. */
export interface Goal {
  number: number;
}

/** Goes to a place of a conversation, whether it is loaded or not. `target` is the cursor of a message to begin at. */
export function useJump(id: string, log: Log, dispatch: (action: Action) => void, target: string | undefined) {
  const { run } = usePlaza();
  const toast = useToast();
  const [goal, setGoal] = useState<Goal | null>(null);
  const current = useRef(log);
  useEffect(() => {
    current.current = log;
  });

  /** Shows what comes after some messages, and goes to the first of it. */
  const showAfter = useCallback(
    async (before: Message[]) => {
      const { conversation } = await run(LaterDocument, { id, after: before.at(-1)?.cursor });
      const page = conversation?.messages;
      const first = page?.nodes[0];
      if (!page || !first) {
        dispatch({ type: "present" });
        return;
      }
      const hasEarlier = before.length >= BEFORE;
      dispatch({ type: "past", messages: [...before, ...page.nodes], hasEarlier, hasLater: page.pageInfo.hasNextPage });
      setGoal({ number: first.number });
    },
    [run, id, dispatch],
  );
  const attempt = useCallback(
    (deed: Promise<unknown>) => {
      deed.catch((error: unknown) => toast({ text: error instanceof Error ? error.message : String(error) }));
    },
    [toast],
  );
  const toCursor = useCallback(
    (cursor: string) => {
      const known = shown(current.current).messages.find((message) => message.cursor === cursor);
      if (known) {
        setGoal({ number: known.number });
        return;
      }
      attempt(
        run(BeforeDocument, { id, cursor }).then(({ conversation }) => showAfter(conversation?.messages?.nodes ?? [])),
      );
    },
    [run, id, showAfter, attempt],
  );
  const toDate = useCallback(
    (day: Date) => {
      attempt(
        run(EarlierDocument, { id, before: day.toISOString(), limit: BEFORE }).then(({ messages }) => showAfter(messages ?? [])),
      );
    },
    [run, id, showAfter, attempt],
  );
  const toMessage = useCallback((message: Message) => setGoal({ number: message.number }), []);
  const toPresent = useCallback(() => {
    dispatch({ type: "present" });
    setGoal(null);
  }, [dispatch]);
  const newest = log.past?.messages.at(-1)?.cursor;
  const loadLater = useCallback(async () => {
    if (!newest) return;
    const { conversation } = await run(LaterDocument, { id, after: newest });
    const page = conversation?.messages;
    if (page) dispatch({ type: "later", messages: page.nodes, hasLater: page.pageInfo.hasNextPage });
  }, [run, id, newest, dispatch]);

  const isKnown = log.conversation !== null;
  useEffect(() => {
    if (target && isKnown) toCursor(target);
  }, [target, isKnown, toCursor]);

  return { goal, toCursor, toDate, toMessage, toPresent, loadLater };
}

import { createContext, use } from "react";
import type { Message } from "../../model/log";

/** The actions on the messages of a conversation. */
export interface Deeds {
  conversationId: string;
  /** Whether the viewer may delete messages of others. */
  isModerator: boolean;
  /** The number of the message after which spoken answers play by themselves; null where they do not. */
  playsAfter: number | null;
  onReply: (message: Message) => void;
  /** Takes in a message as the server gives it now. */
  onChanged: (message: Message) => void;
  onDelete: (message: Message) => void;
  /** Asks what is wrong with a message, and reports it. */
  onReport: (message: Message) => void;
  /** Blocks the author of a message, once that is confirmed. */
  onBlock: (message: Message) => void;
  /** Shows the message of a cursor. */
  onJump: (cursor: string) => void;
  /** Puts a question into the composer once more. */
  onAskAgain: (question: string) => void;
  /** The id of the message that is being edited. */
  editing: string | null;
  setEditing: (id: string | null) => void;
}

export const DeedsContext = createContext<Deeds | null>(null);

export function useDeeds(): Deeds {
  const deeds = use(DeedsContext);
  if (!deeds) throw new Error("This is not inside of a conversation.");
  return deeds;
}

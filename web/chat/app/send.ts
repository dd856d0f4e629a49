import type { PlazaClient } from "plaza-client";
import type { Message } from "../model/log";
import type { Entry } from "../model/outbox";
import { AskAgentDocument, AskLoungeDocument, PostDocument, VoiceMessageDocument } from "./operations.generated";

/** A message as the sender is told it: with the reason where an agent that it calls by name was not asked. */
export type Sent = Message & { agentRefusal?: { message: string } | null };

/** Sends an entry of the outbox. Gives the message that it became. */
export async function send(server: PlazaClient, entry: Entry, signal: AbortSignal): Promise<Sent | null> {
  const { key: clientKey, conversationId: id, content } = entry;
  switch (entry.kind) {
    case "agent": {
      const { listingId, fee } = entry;
      return (await server.request(AskAgentDocument, { id, listingId, content, clientKey, fee }, { signal })).askAgent?.agentReply.question ?? null;
    }
    case "lounge": {
      const { loungeId, voice, fee } = entry;
      return (await server.request(AskLoungeDocument, { loungeId, content, voice, clientKey, fee }, { signal })).askLounge?.agentReply.question ?? null;
    }
    case "voice":
      return (await server.upload(VoiceMessageDocument, { id, audio: null, clientKey }, "audio", entry.audio, { signal })).sendVoiceMessage?.message ?? null;
    case "post": {
      const replyToId = entry.replyTo?.id;
      return (await server.request(PostDocument, { id, content, clientKey, replyToId }, { signal })).postMessage?.message ?? null;
    }
  }
}

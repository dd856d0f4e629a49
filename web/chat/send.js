import { operations } from "plaza:operations";
import { Refusal } from "./model/refusal.js";
import { post } from "../shared/endpoint.js";

/** Milliseconds that a recording may take on its way, and until it is written down. */
const UPLOAD = 120_000;

/** Sends an entry of the outbox. Gives the message that it became. */
export async function send(entry, signal) {
  const { kind, key: clientKey, conversationId: id, content } = entry;
  switch (kind) {
    case "agent": {
      const { listingId, fee } = entry;
      const { askAgent } = await run(operations.askAgent, { id, listingId, content, clientKey, fee }, { signal });
      return askAgent.question;
    }
    case "lounge": {
      const { loungeId, voice, fee } = entry;
      const { askLounge } = await run(operations.askLounge, { loungeId, content, voice, clientKey, fee }, { signal });
      return askLounge.question;
    }
    case "voice":
      return (await upload(operations.voiceMessage, { id, audio: null, clientKey }, entry.audio, { signal })).sendVoiceMessage;
    default: {
      const replyToId = entry.replyTo?.id;
      return (await run(operations.post, { id, content, clientKey, replyToId }, { signal })).postMessage;
    }
  }
}

/** Runs one operation and gives its data, or throws a `Refusal` or `Unreachable`. */
export async function run(query, variables, options) {
  return dataOf(await post({ query, variables }, {}, options));
}

/** A multipart request of GraphQL; the header tells the server that no foreign page sent it. */
async function upload(query, variables, file, options) {
  const form = new FormData();
  form.append("operations", JSON.stringify({ query, variables }));
  form.append("map", JSON.stringify({ 0: ["variables.audio"] }));
  form.append("0", file, "recording");
  return dataOf(await post(form, { "graphql-require-preflight": "1" }, { ...options, limit: UPLOAD }));
}

function dataOf({ data, errors }) {
  if (errors?.length) throw new Refusal(errors[0]);
  return data;
}

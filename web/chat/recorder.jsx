import { useEffect, useRef, useState } from "react";
import { operations } from "plaza:operations";
import { newKey, Refusal } from "./plaza.jsx";

/** Milliseconds of the longest recording that the server takes. */
const LONGEST = 120_000;

/** Records what is said and sends it when it is stopped. */
export function Recorder({ conversationId, onRefused, onPosted }) {
  const [state, setState] = useState("idle");
  const recorder = useRef(null);
  useEffect(() => () => recorder.current?.abandon(), []);
  // Browsers give a microphone to pages that were loaded securely, and from this machine, only.
  if (!navigator.mediaDevices?.getUserMedia || !globalThis.MediaRecorder) return null;

  async function start() {
    onRefused(null);
    let stream;
    try {
      stream = await navigator.mediaDevices.getUserMedia({ audio: true });
    } catch {
      onRefused("The microphone cannot be used.");
      return;
    }
    const media = new MediaRecorder(stream);
    const parts = [];
    const release = () => stream.getTracks().forEach((track) => track.stop());
    const timer = setTimeout(() => media.stop(), LONGEST);
    media.ondataavailable = ({ data }) => parts.push(data);
    media.onstop = async () => {
      clearTimeout(timer);
      release();
      setState("sending");
      try {
        onPosted(await send(conversationId, new Blob(parts, { type: media.mimeType })));
      } catch (error) {
        onRefused(error.message);
      }
      setState("idle");
    };
    recorder.current = {
      stop: () => media.stop(),
      abandon() {
        clearTimeout(timer);
        media.onstop = null;
        release();
      },
    };
    media.start();
    setState("recording");
  }

  return (
    <button
      type="button"
      className="button"
      aria-pressed={state === "recording"}
      disabled={state === "sending"}
      title={state === "recording" ? "Stop and send" : "Record a voice message"}
      onClick={state === "recording" ? () => recorder.current.stop() : start}
    >
      {state === "recording" ? "■" : "🎤"}
    </button>
  );
}

/** A multipart request of GraphQL; the header tells the server that no foreign page sent it. */
async function send(id, audio) {
  const form = new FormData();
  const variables = { id, audio: null, clientKey: newKey() };
  form.append("operations", JSON.stringify({ query: operations.voiceMessage, variables }));
  form.append("map", JSON.stringify({ 0: ["variables.audio"] }));
  form.append("0", audio, "recording");
  const response = await fetch("/graphql", {
    method: "POST",
    credentials: "include",
    headers: { accept: "application/graphql-response+json", "graphql-require-preflight": "1" },
    body: form,
  });
  const { data, errors } = await response.json();
  if (errors?.length) throw new Refusal(errors[0]);
  return data.sendVoiceMessage;
}

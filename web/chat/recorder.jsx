import { useEffect, useRef, useState } from "react";

/** Milliseconds of the longest recording that the server takes. */
const LONGEST = 120_000;

/** Records a voice message; stopping hands it over to be sent. */
export function Recorder({ onRefused, onRecorded }) {
  const [isRecording, setRecording] = useState(false);
  const recorder = useRef(null);
  const recorded = useRef(onRecorded);
  recorded.current = onRecorded;
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
    media.onstop = () => {
      clearTimeout(timer);
      release();
      setRecording(false);
      recorded.current(new Blob(parts, { type: media.mimeType }));
    };
    const abandon = () => {
      clearTimeout(timer);
      media.onstop = null;
      release();
      setRecording(false);
    };
    recorder.current = { stop: () => media.stop(), abandon };
    media.start();
    setRecording(true);
  }

  if (!isRecording) {
    return (
      <button type="button" className="button" aria-label="Record a voice message" title="Record a voice message" onClick={start}>
        🎤
      </button>
    );
  }
  return (
    <>
      <button type="button" className="button" onClick={() => recorder.current.abandon()}>
        Discard
      </button>
      <button type="button" className="button" aria-pressed="true" onClick={() => recorder.current.stop()}>
        Stop and send
      </button>
    </>
  );
}

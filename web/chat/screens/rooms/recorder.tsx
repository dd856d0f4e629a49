import { Mic, Trash2 } from "lucide-react";
import { useEffect, useRef, useState } from "react";
import { useText } from "../../../i18n";
import { Button, IconButton } from "../../../ui/button";

/** Milliseconds of the longest recording that the server takes. */
const LONGEST = 120_000;

interface Props {
  onRefused: (reason: string | null) => void;
  onRecorded: (audio: Blob) => void;
}

/** Records a voice message; stopping hands it over to be sent. */
export function Recorder({ onRefused, onRecorded }: Props) {
  const t = useText("room");
  const [startedAt, setStartedAt] = useState<number | null>(null);
  const recorder = useRef<{ stop: () => void; abandon: () => void } | null>(null);
  const recorded = useRef(onRecorded);
  useEffect(() => {
    recorded.current = onRecorded;
  });
  useEffect(() => () => recorder.current?.abandon(), []);
  // Browsers give a microphone to pages that were loaded securely, and from this machine, only.
  const devices = navigator.mediaDevices as MediaDevices | undefined;
  if (!devices?.getUserMedia || !("MediaRecorder" in globalThis)) return null;

  async function start() {
    onRefused(null);
    let stream: MediaStream;
    try {
      stream = await navigator.mediaDevices.getUserMedia({ audio: true });
    } catch {
      onRefused(t("noMicrophone"));
      return;
    }
    const media = new MediaRecorder(stream);
    const parts: Blob[] = [];
    const release = () => stream.getTracks().forEach((track) => track.stop());
    const timer = setTimeout(() => media.stop(), LONGEST);
    media.ondataavailable = ({ data }) => parts.push(data);
    media.onstop = () => {
      clearTimeout(timer);
      release();
      setStartedAt(null);
      recorded.current(new Blob(parts, { type: media.mimeType }));
    };
    const abandon = () => {
      clearTimeout(timer);
      media.onstop = null;
      release();
      setStartedAt(null);
    };
    recorder.current = { stop: () => media.stop(), abandon };
    media.start();
    setStartedAt(Date.now());
  }

  if (startedAt === null) {
    return <IconButton label={t("record")} icon={<Mic size={20} aria-hidden="true" />} onClick={() => void start()} />;
  }
  return (
    <>
      <Elapsed since={startedAt} />
      <IconButton label={t("discard")} icon={<Trash2 size={19} aria-hidden="true" />} onClick={() => recorder.current?.abandon()} />
      <Button isSmall aria-pressed onClick={() => recorder.current?.stop()}>
        {t("stopAndSend")}
      </Button>
    </>
  );
}

/** The duration of the recording so far, in minutes and seconds. */
function Elapsed({ since }: { since: number }) {
  const [now, setNow] = useState(since);
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), 500);
    return () => clearInterval(timer);
  }, []);
  const seconds = Math.max(0, Math.floor((now - since) / 1000));
  return (
    <span className="recording" role="timer">
      {Math.floor(seconds / 60)}:{String(seconds % 60).padStart(2, "0")}
    </span>
  );
}

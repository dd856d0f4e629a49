/** Notices on the desktop and a sound when something is said, each off until it is turned on in this browser. */
const NOTICES = "plaza:notifications";
const SOUND = "plaza:sound";

/** Whether this browser can show notices here. */
export const canNotify = "Notification" in globalThis && isSecureContext;

export const isNotifying = (): boolean => canNotify && Notification.permission === "granted" && read(NOTICES);
export const isSounding = (): boolean => read(SOUND);

/** Turns notices on or off; gives whether they are on. */
export async function setNotifying(wanted: boolean): Promise<boolean> {
  const isAllowed = wanted && (await Notification.requestPermission()) === "granted";
  write(NOTICES, isAllowed);
  return isAllowed;
}

export const setSounding = (wanted: boolean): void => write(SOUND, wanted);

/** Tells of a message while the page is not looked at. Pressing the notice opens `address`. */
export function notify(title: string, body: string, tag: string, address: string): void {
  if (document.visibilityState === "visible" && document.hasFocus()) return;
  if (isSounding()) beep();
  if (!isNotifying()) return;
  const notice = new Notification(title, { body, tag, icon: `${import.meta.env.BASE_URL}favicon.svg` });
  notice.onclick = () => {
    window.focus();
    location.hash = address;
    notice.close();
  };
}

/** A short, quiet tone. */
function beep(): void {
  const context = new AudioContext();
  const tone = context.createOscillator();
  const volume = context.createGain();
  tone.frequency.value = 660;
  volume.gain.setValueAtTime(0.08, context.currentTime);
  volume.gain.exponentialRampToValueAtTime(0.001, context.currentTime + 0.25);
  tone.connect(volume).connect(context.destination);
  tone.start();
  tone.stop(context.currentTime + 0.25);
  tone.onended = () => void context.close();
}

function read(key: string): boolean {
  try {
    return localStorage.getItem(key) === "on";
  } catch {
    return false;
  }
}

function write(key: string, isOn: boolean): void {
  try {
    localStorage.setItem(key, isOn ? "on" : "off");
  } catch {
    // Without storage, they stay off.
  }
}

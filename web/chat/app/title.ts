import { useEffect } from "react";
import { useText } from "../../i18n";

/** Shows the number of unread messages in the page's title and on its icon. */
export function useTitle(unread: number): void {
  const t = useText("nav");
  useEffect(() => {
    document.title = unread > 0 ? t("titleUnread", { count: unread }) : t("title");
    void paintIcon(unread);
  }, [unread, t]);
}

const SIZE = 64;
let picture: Promise<HTMLImageElement> | undefined;

/** Draws a dot on the icon of the page. */
async function paintIcon(unread: number): Promise<void> {
  const link = document.querySelector<HTMLLinkElement>('link[rel="icon"]');
  if (!link) return;
  const plain = `${import.meta.env.BASE_URL}favicon.svg`;
  if (unread === 0) {
    link.href = plain;
    return;
  }
  picture ??= loaded(plain);
  const canvas = document.createElement("canvas");
  canvas.width = canvas.height = SIZE;
  const context = canvas.getContext("2d");
  if (!context) return;
  context.drawImage(await picture, 0, 0, SIZE, SIZE);
  context.beginPath();
  context.arc(SIZE - 16, 16, 16, 0, 2 * Math.PI);
  context.fillStyle = "#d3312a";
  context.fill();
  link.href = canvas.toDataURL("image/png");
}

function loaded(address: string): Promise<HTMLImageElement> {
  return new Promise((resolve, reject) => {
    const image = new Image(SIZE, SIZE);
    image.onload = () => resolve(image);
    image.onerror = () => reject(new Error("The icon cannot be loaded."));
    image.src = address;
  });
}

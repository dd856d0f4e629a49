import { declare, type Language, preferred, type Text, type Translation } from "../i18n";
import en from "../i18n/en/start";

/** The texts of the page. Its HTML has the English ones, so that it works without scripts. */
export type Texts = Translation<typeof en>;

const LOADERS: Record<Exclude<Language, "en">, () => Promise<{ default: Texts }>> = {
  de: () => import("../i18n/de/start"),
  es: () => import("../i18n/es/start"),
  fr: () => import("../i18n/fr/start"),
  ja: () => import("../i18n/ja/start"),
  zh: () => import("../i18n/zh/start"),
  ar: () => import("../i18n/ar/start"),
};

/** Loads the texts in the reader's language and writes them into the page. */
export async function loadTexts(): Promise<Texts> {
  const language = preferred();
  if (language === "en") return en;
  const texts = (await LOADERS[language]()).default;
  declare(language);
  for (const place of document.querySelectorAll<HTMLElement>("[data-text]")) {
    // An element in the text, such as a link, keeps its place.
    fill(place, plain(texts, place.dataset.text), place.firstElementChild ?? "");
  }
  for (const place of document.querySelectorAll<HTMLElement>("[data-label]")) {
    place.setAttribute("aria-label", plain(texts, place.dataset.label));
  }
  return texts;
}

function plain(texts: Texts, key = ""): string {
  const text: Text = texts[key as keyof Texts];
  return typeof text === "string" ? text : text.other;
}

/** Writes a text into an element, with a node at its first place `{name}`. */
export function fill(place: Element, text: string, node: Node | string): void {
  const [before = "", after = ""] = text.split(/\{\w+\}/);
  place.replaceChildren(before, node, after);
}

/** Returns the form of a text for a number, as the language counts. */
export function counted(text: Text, count: number): string {
  const form = typeof text === "string" ? text : (text[new Intl.PluralRules(document.documentElement.lang).select(count)] ?? text.other);
  return form.replace("{count}", new Intl.NumberFormat(document.documentElement.lang).format(count));
}

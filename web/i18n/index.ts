import type en from "./en";
import type rest from "./en/rest";

/** The languages of the pages, each by its own name. */
export const LANGUAGES = {
  en: "English",
  de: "Deutsch",
  es: "Español",
  fr: "Français",
  ja: "日本語",
  zh: "中文",
  ar: "العربية",
} as const;

export type Language = keyof typeof LANGUAGES;

/** A text in its plural forms, chosen by the value `count`. */
export type Plural = { other: string } & Partial<Record<Intl.LDMLPluralRule, string>>;
export type Text = string | Plural;

/** The texts of a screen in another language: the same keys, and plural forms where English has them. */
export type Translation<Texts extends Record<string, Text>> = {
  [Key in keyof Texts]: Texts[Key] extends string ? string : Plural;
};

type Translated<Texts extends Record<string, Record<string, Text>>> = { [Screen in keyof Texts]: Translation<Texts[Screen]> };

/** The texts of the first screen in a language, and those of all others. */
export type First = Translated<typeof en>;
export type Rest = Translated<typeof rest>;

/** All texts of a language, by screen. */
export type Catalogue = First & Rest;
export type Screen = keyof Catalogue;

/** Values for the places `{name}` of a text. Numbers are written as the language writes them. */
export type Values = Record<string, string | number>;

/** Gives a text of one screen. */
export type Say<S extends Screen> = (key: keyof Catalogue[S] & string, values?: Values) => string;

interface Loader {
  first: () => Promise<{ default: First }>;
  rest: () => Promise<{ default: Rest }>;
}

/** Each language is two files, of which a page loads those of one: at its beginning, and with the first screen but the rooms. */
const LOADERS: Record<Language, Loader> = {
  en: { first: () => import("./en"), rest: () => import("./en/rest") },
  de: { first: () => import("./de"), rest: () => import("./de/rest") },
  es: { first: () => import("./es"), rest: () => import("./es/rest") },
  fr: { first: () => import("./fr"), rest: () => import("./fr/rest") },
  ja: { first: () => import("./ja"), rest: () => import("./ja/rest") },
  zh: { first: () => import("./zh"), rest: () => import("./zh/rest") },
  ar: { first: () => import("./ar"), rest: () => import("./ar/rest") },
};

const KEY = "plaza:language";
const isLanguage = (tag: string): tag is Language => Object.hasOwn(LANGUAGES, tag);

/** Of the other screens nothing is there before `loadRest`. */
let catalogue: Catalogue;
let plurals: Intl.PluralRules;
let numbers: Intl.NumberFormat;

/** The language of the page. */
export let language: Language = "en";

/** The language that was chosen in this browser, or else the first that the browser prefers. */
export function preferred(): Language {
  const chosen = stored();
  if (chosen) return chosen;
  const tags = navigator.languages.map((tag) => tag.slice(0, 2).toLowerCase());
  return tags.find(isLanguage) ?? "en";
}

function stored(): Language | null {
  try {
    const tag = localStorage.getItem(KEY) ?? "";
    return isLanguage(tag) ? tag : null;
  } catch {
    return null;
  }
}

/** Loads the texts of the page's language. Nothing is shown before. */
export async function loadTexts(): Promise<void> {
  await take(preferred());
  declare(language);
}

/** Declares the language and direction of the page. */
export function declare(tag: Language): void {
  document.documentElement.lang = tag;
  document.documentElement.dir = tag === "ar" ? "rtl" : "ltr";
}

/** Takes the texts of a language. */
export async function take(tag: Language): Promise<void> {
  catalogue = { ...(await LOADERS[tag].first()).default } as Catalogue;
  language = tag;
  plurals = new Intl.PluralRules(tag);
  numbers = new Intl.NumberFormat(tag);
}

/** Loads the texts of all screens but the first. */
export async function loadRest(): Promise<void> {
  Object.assign(catalogue, (await LOADERS[language].rest()).default);
}

/** Changes the language. The page is loaded again; what is typed and queued is kept. */
export function chooseLanguage(tag: Language): void {
  try {
    localStorage.setItem(KEY, tag);
  } catch {
    // Where nothing can be kept, the browser's language stays.
  }
  location.reload();
}

const says = new Map<Screen, Say<never>>();

/** The texts of a screen, always by the same function: what depends on it does not change with it. */
export function useText<S extends Screen>(screen: S): Say<S> {
  const known = says.get(screen) as Say<S> | undefined;
  if (known) return known;
  const say: Say<S> = (key, values = {}) => written((catalogue[screen] as Record<string, Text>)[key] ?? key, values);
  says.set(screen, say as Say<never>);
  return say;
}

/** A text with its values. */
export function written(text: Text, values: Values): string {
  const form = typeof text === "string" ? text : (text[plurals.select(Number(values.count ?? 0))] ?? text.other);
  return form.replace(/\{(\w+)\}/g, (place, name: string) => {
    const value = values[name];
    if (value === undefined) return place;
    return typeof value === "number" ? numbers.format(value) : value;
  });
}

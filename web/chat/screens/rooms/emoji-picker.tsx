import { Picker as Element } from "emoji-picker-element";
import { useEffect, useRef } from "react";
import { language, type Language } from "../../../i18n";

/** The names of the emoji. Those of Arabic are not in the library's data: they are English there. */
const DATA: Record<Language, () => Promise<{ default: string }>> = {
  en: () => import("emoji-picker-element-data/en/cldr/data.json?url"),
  de: () => import("emoji-picker-element-data/de/cldr/data.json?url"),
  es: () => import("emoji-picker-element-data/es/cldr/data.json?url"),
  fr: () => import("emoji-picker-element-data/fr/cldr/data.json?url"),
  ja: () => import("emoji-picker-element-data/ja/cldr/data.json?url"),
  zh: () => import("emoji-picker-element-data/zh/cldr/data.json?url"),
  ar: () => import("emoji-picker-element-data/en/cldr/data.json?url"),
};

const WORDS: Record<Language, () => Promise<{ default: Element["i18n"] }>> = {
  en: () => import("emoji-picker-element/i18n/en"),
  de: () => import("emoji-picker-element/i18n/de"),
  es: () => import("emoji-picker-element/i18n/es"),
  fr: () => import("emoji-picker-element/i18n/fr"),
  ja: () => import("emoji-picker-element/i18n/ja"),
  zh: () => import("emoji-picker-element/i18n/zh_CN"),
  ar: () => import("emoji-picker-element/i18n/ar"),
};

export default function EmojiPicker({ onEmoji }: { onEmoji: (emoji: string) => void }) {
  const place = useRef<HTMLDivElement>(null);
  const chosen = useRef(onEmoji);
  useEffect(() => {
    chosen.current = onEmoji;
  });
  useEffect(() => {
    let isOver = false;
    let element: Element | undefined;
    void Promise.all([DATA[language](), WORDS[language]()]).then(([data, words]) => {
      if (isOver || !place.current) return;
      element = new Element({ dataSource: data.default, i18n: words.default, locale: language });
      element.addEventListener("emoji-click", ({ detail }) => {
        if (detail.unicode) chosen.current(detail.unicode);
      });
      place.current.append(element);
      setTimeout(() => element?.shadowRoot?.querySelector("input")?.focus(), 50);
    });
    return () => {
      isOver = true;
      element?.remove();
    };
  }, []);
  return <div ref={place} className="emoji-place" />;
}

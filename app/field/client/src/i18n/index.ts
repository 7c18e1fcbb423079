/**
 * The texts on the screens. They are data, not code: Vietnamese stands in `vi.json`, English in Babel's
 * catalogue (`app/locale`), from which the build makes `en.json`; the tablet fetches the one it needs.
 */
import { prefer, preference } from "../preferences";
import type vietnamese from "./vi.json";
import englishUrl from "./en.json?url";
import vietnameseUrl from "./vi.json?url";

export type Text = keyof typeof vietnamese;
export type Language = "vi" | "en";

let texts: Readonly<Record<string, string>> = {};

/** The sentence of a key, its `{places}` filled once; a filled-in text is never expanded again. */
export function t(key: Text, parts: Readonly<Record<string, string | number>> = {}): string {
  return (texts[key] ?? key).replace(/\{(\w+)\}/g, (_, name: string) => String(parts[name] ?? ""));
}

/** The sentence of a key that may have none, such as the name of a derived figure. */
export function known(key: string): string | undefined {
  return Object.hasOwn(texts, key) ? texts[key] : undefined;
}

export function use(catalogue: Readonly<Record<string, string>>): void {
  texts = catalogue;
}

/** Fetches the texts of a language, of the tablet's own unless told; where they cannot be read the old ones stay. */
export async function loadTexts(language = preference("language")): Promise<boolean> {
  const english = language === "en";
  try {
    const answer = await fetch(english ? englishUrl : vietnameseUrl);
    if (!answer.ok) return false;
    use((await answer.json()) as Record<string, string>);
    document.documentElement.lang = english ? "en" : "vi";
    return true;
  } catch {
    return false;
  }
}

/** Changes the tablet's language; false where its texts cannot be had, and everything stays as it was. */
export async function speak(language: Language): Promise<boolean> {
  const loaded = await loadTexts(language);
  if (loaded) prefer("language", language);
  return loaded;
}

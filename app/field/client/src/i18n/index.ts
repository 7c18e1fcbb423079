import { vi } from "./vi";

export type Text = keyof typeof vi;

/** The sentence of a key, its `{places}` filled once; a filled-in text is never expanded again. */
export function t(key: Text, parts: Readonly<Record<string, string | number>> = {}): string {
  return vi[key].replace(/\{(\w+)\}/g, (_, name: string) => String(parts[name] ?? ""));
}

/** The sentence of a key that may have none, such as the name of a derived figure. */
export function known(key: string): string | undefined {
  return Object.hasOwn(vi, key) ? vi[key as Text] : undefined;
}

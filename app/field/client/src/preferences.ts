/** How this tablet likes its screen. Small and not worth a promise: it may be lost with no harm. */

export function preference(key: string): string | undefined {
  try {
    return localStorage.getItem(key) ?? undefined;
  } catch {
    return undefined; // the browser keeps nothing for this page; storage proper says so aloud
  }
}

export function prefer(key: string, value: string): void {
  try {
    localStorage.setItem(key, value);
  } catch {
    // it then lasts until the page is closed
  }
}

export const THEMES = ["auto", "light", "dark", "sun"] as const;

/** Puts the chosen colours on the page; `auto` leaves it to the device. */
export function paint(theme = preference("theme") ?? "auto"): void {
  document.documentElement.dataset["theme"] = theme;
}

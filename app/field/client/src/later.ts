/**
 * The program comes in two files: what a start needs until somebody can answer, and `screens.ts` with all the rest,
 * which is read from the worker's cache into memory right after the first painting, never at a tap.
 */
import { html, nothing } from "lit/html.js";

import { app, changed } from "./state";
import { t } from "./i18n";
import type { View } from "./views/parts";

type Screens = typeof import("./screens");

let read: (() => Promise<Screens>) | undefined;
let loading: Promise<Screens> | undefined;
let loaded: Screens | undefined;

/** Where the second file comes from: the start alone knows it, so that no module leads back to itself. */
export function screensFrom(source: () => Promise<Screens>): void {
  read = source;
}

/** The second file; a failed reading is said and tried again at the next call. */
export function loadScreens(): Promise<Screens> {
  if (!read) throw new Error("nobody has said where the screens come from");
  loading ??= read().then(
    (screens) => {
      loaded = screens;
      changed();
      return screens;
    },
    (error: unknown) => {
      loading = undefined;
      app.alarm = t("error.screens");
      changed();
      throw error;
    },
  );
  return loading;
}

/** The second file where it is in memory already. */
export const screens = (): Screens | undefined => loaded;

/** A whole screen of the second file. */
export function screen(view: (screens: Screens) => View): View {
  if (loaded) return view(loaded);
  void loadScreens().catch(() => undefined);
  return html`<p class="opening">${t("app.loading")}</p>`;
}

/** A part of a screen that may come a moment later. */
export const part = (view: (screens: Screens) => View): View => (loaded ? view(loaded) : nothing);

/** How this tablet's screens look and speak; each device keeps its own choice. */
import { html } from "lit/html.js";

import { app, changed } from "../app";
import { speak, t, type Language } from "../i18n";
import { segments, type View } from "./parts";

const LANGUAGES: readonly Language[] = ["vi", "en"];

export function settings(): View {
  const choose = async (language: string): Promise<void> => {
    if (!(await speak(language as Language))) app.notice = t("settings.noTexts");
    changed();
  };
  const languages = LANGUAGES.map((value) => ({ value, label: t(`language.${value}`) }));
  return html`<section class="card" data-testid="settings"><h2>${t("settings.title")}</h2>
    ${segments(t("settings.language"), languages, document.documentElement.lang, "language", (value) => void choose(value))}
  </section>`;
}

/** How this tablet's screens look and speak; each device keeps its own choice. */
import { html } from "lit/html.js";

import { app, changed } from "../state";
import { speak, t, type Language } from "../i18n";
import { paint, prefer, THEMES } from "../preferences";
import { segments, type View } from "./parts";

const LANGUAGES: readonly Language[] = ["vi", "en"];

export function settings(): View {
  const choose = async (language: string): Promise<void> => {
    if (!(await speak(language as Language))) app.notice = t("settings.noTexts");
    changed();
  };
  const colour = (theme: string): void => {
    prefer("theme", theme);
    paint(theme);
    changed();
  };
  const { lang, dataset } = document.documentElement;
  const themes = THEMES.map((value) => ({ value, label: t(`theme.${value}`) }));
  const languages = LANGUAGES.map((value) => ({ value, label: t(`language.${value}`) }));
  return html`<section class="card" data-testid="settings"><h2>${t("settings.title")}</h2>
    ${segments(t("settings.language"), languages, lang, "language", (value) => void choose(value))}
    ${segments(t("settings.theme"), themes, dataset["theme"], "theme", colour)}
  </section>`;
}

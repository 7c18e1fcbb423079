/** From one inspection of the day to another in two taps: the title opens the list, a line of it leads there. */
import { html, nothing } from "lit/html.js";

import { app } from "../state";
import type { Board } from "../board";
import { byDay, showDate } from "../format";
import { t } from "../i18n";
import { mayChange, progress } from "../opening";
import { bar, link, type View } from "./parts";

export function switchPanel(board: Board): View {
  if (!app.ui.has("switch")) return nothing;
  const lines = byDay(app.lines.filter(({ id }) => app.taken.has(id)));
  return html`<nav class="card switch" aria-label=${t("switch.title")}><ul class="packs">${lines.map(({ id, unit_name, title, dates = [] }) => {
      const { done = 0, total = 0 } = progress.get(id) ?? {};
      const content = html`<span class="title">${unit_name} ${id === board.id ? html`<span class="tag">${t("switch.here")}</span>` : nothing}
        <small>${title} · ${dates.map(showDate).join("; ")}</small></span>${bar(done, total)}`;
      return html`<li>${link({ name: "home", id }, content, `switch-${id}`, "packline")}</li>`;
    })}</ul>
    <div class="row">${link({ name: "list" }, t("app.toList"), "switch-list", "button")}
      ${mayChange(board.bundle) ? link({ name: "setup", id: board.id }, t("open.change"), "change-setup", "button") : nothing}</div></nav>`;
}

import { html, nothing } from "lit/html.js";

import { refreshList, take } from "../exchange";
import { signOut } from "../moving";
import { app } from "../state";
import { byDay, showDate, showMoment } from "../format";
import { t } from "../i18n";
import { part } from "../later";
import type { InspectionLine } from "../types";
import { link, sureButton, type View } from "./parts";

export function listView(): View {
  const { lines, sync } = app;
  const empty = sync.trouble ? t("list.emptyOffline") : t("list.empty");
  return html`<section class="page">
    <h1 tabindex="-1">${t("list.title")}</h1>
    ${sync.trouble?.kind === "offline" && lines.length > 0 ? html`<p class="muted">${t("list.stale")}</p>` : nothing}
    ${lines.length === 0 ? html`<p data-testid="list-empty">${empty}</p>` : nothing}
    <ul class="cards">${byDay(lines).map(line)}</ul>
    ${part(({ campaigns }) => campaigns())}
    <div class="row">
      <button type="button" data-testid="reload-list" @click=${() => void refreshList()}>${t("list.reload")}</button>
      ${sureButton("signout", "signout", "signout.sure", "signout", () => void signOut())}
    </div>
    ${part(({ pinCard, settings }) => html`${pinCard()}${settings()}`)}
  </section>`;
}

function line({ id, title, unit_name = "", dates = [] }: InspectionLine): View {
  const at = app.taken.get(id);
  const busy = app.taking === id;
  const fetchIt = html`<button type="button" class=${at ? "quiet" : "primary"} data-testid="take" ?disabled=${busy}
    @click=${() => void take(id)}>${t(busy ? "list.taking" : at ? "list.again" : "list.take")}</button>`;
  return html`<li class="card" data-testid="inspection" data-id=${id}>
    <h2>${title}</h2>
    <p>${unit_name}</p>
    ${dates.length > 0 ? html`<p class="muted">${t("list.dates", { dates: dates.map(showDate).join("; ") })}</p>` : nothing}
    ${at ? html`<p class="good" data-testid="taken">${t("list.takenAt", { at: showMoment(at) })}</p>` : nothing}
    <div class="row">
      ${at ? link({ name: "home", id }, t("list.open"), "open", "button primary") : nothing}${fetchIt}
    </div>
  </li>`;
}

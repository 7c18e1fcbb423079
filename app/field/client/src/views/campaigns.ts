/** Campaigns on the list screen: taking one along, and opening an inspection of it. */
import { html, nothing } from "lit/html.js";

import { app } from "../state";
import { showMoment } from "../format";
import { t } from "../i18n";
import { begin, takeCampaign } from "../opening";
import type { View } from "./parts";

const DAY = 86_400_000;

export function campaigns(): View {
  if (app.campaigns.length === 0) return nothing;
  return html`<h2>${t("campaign.title")}</h2><ul class="cards">${app.campaigns.map(line)}</ul>`;
}

function line({ id, title, may_open, taken_at }: (typeof app.campaigns)[number]): View {
  const busy = app.taking === id;
  const n = taken_at ? Math.floor((Date.now() - Date.parse(taken_at)) / DAY) : 0;
  return html`<li class="card" data-testid="campaign"><h3>${title}</h3>
    <p class=${taken_at && n < 8 ? "good" : "muted"} data-testid="campaign-taken">${taken_at ? t("list.takenAt", { at: showMoment(taken_at) }) : t("campaign.why")}
      ${n > 0 ? t("campaign.age", { n }) : nothing}</p>
    <div class="row">
      ${taken_at && may_open ? html`<button type="button" class="primary" data-testid="open-new" @click=${() => void begin(id)}>${t("campaign.open")}</button>` : nothing}
      <button type="button" class=${taken_at ? "quiet" : "primary"} data-testid="take-campaign" ?disabled=${busy}
        @click=${() => void takeCampaign(id)}>${t(busy ? "list.taking" : taken_at ? "campaign.again" : "campaign.take")}</button>
    </div></li>`;
}

import { html, nothing } from "lit/html.js";

import { app, setUi } from "../state";
import { known, t } from "../i18n";
import type { Judgement } from "../judge";
import type { AnswerValue, Verdict } from "../types";
import { field, type View } from "./parts";

const MAIN: readonly Verdict[] = ["dat", "dat_mot_phan", "chua_dat"];
const OTHER: readonly Verdict[] = [
  "khong_phat_sinh",
  "khong_ap_dung",
  "chua_den_han",
  "cho_bo_sung",
  "da_khac_phuc_tai_cho",
];

export function verdictLabel(verdict: string | undefined | null): string {
  return (verdict && known(`verdict.${verdict}`)) || t("mark.none");
}

export function verdictCard(key: string, value: AnswerValue, judged: Judgement, set: (v: AnswerValue) => void): View {
  const { verdict, reason = "" } = value;
  const isOther = verdict != null && OTHER.includes(verdict);
  const open = isOther || app.ui.get("others") === key;
  const overrides = judged.proposed !== undefined && verdict != null && MAIN.includes(verdict) && verdict !== judged.proposed;
  const wanted = overrides || verdict === "khong_ap_dung";
  const askReason = wanted || reason !== "" || app.ui.get("reason") === key;
  const choose = (chosen: Verdict): void => set({ ...value, verdict: chosen });
  return html`<section class="card" aria-label=${t("verdict.title")}>
    <h2>${t("verdict.title")}</h2>
    ${proposal(judged, verdict, choose)}
    <div class="verdicts" role="group" aria-label=${t("verdict.title")}>
      ${MAIN.map((one) => button(one, verdict, choose))}
    </div>
    ${open
      ? html`<div class="verdicts small" role="group" aria-label=${t("verdict.other")}>
          ${OTHER.map((one) => button(one, verdict, choose))}</div>`
      : nothing}
    <div class="row">
      ${open ? nothing : plain("verdict-other", t("verdict.other"), () => setUi("others", key))}
      ${verdict ? plain("verdict-clear", t("verdict.clear"), () => set({ ...value, verdict: null })) : nothing}
      ${askReason ? nothing : plain("add-reason", t("verdict.addReason"), () => setUi("reason", key))}
    </div>
    ${askReason ? reasonField(key, reason, wanted, (text) => set({ ...value, reason: text })) : nothing}
  </section>`;
}

function plain(testId: string, label: string, act: () => void): View {
  return html`<button type="button" class="quiet" data-testid=${testId} @click=${act}>${label}</button>`;
}

function button(verdict: Verdict, chosen: Verdict | null | undefined, choose: (v: Verdict) => void): View {
  return html`<button type="button" class="verdict ${verdict}" aria-pressed=${verdict === chosen}
    data-testid=${`verdict-${verdict}`} @click=${() => choose(verdict)}>${verdictLabel(verdict)}</button>`;
}

function proposal({ proposed }: Judgement, verdict: Verdict | null | undefined, choose: (v: Verdict) => void): View {
  if (proposed === undefined) return nothing;
  const accept = html`<button type="button" class="primary" data-testid="accept-proposal" @click=${() => choose(proposed)}>
    ${t("verdict.accept")}</button>`;
  return html`<p class="proposal" data-testid="proposal" data-verdict=${proposed}>
    <span>${t("verdict.proposal", { verdict: verdictLabel(proposed) })}</span>${verdict === proposed ? nothing : accept}</p>`;
}

function reasonField(key: string, reason: string, wanted: boolean, set: (text: string) => void): View {
  const label = t("verdict.reason");
  const box = field({ key: `${key} reason`, label, type: "text", value: reason, testId: "reason", lines: 2, set });
  const ask = wanted && reason.trim() === "";
  return html`${ask ? html`<p class="complaint" data-testid="reason-wanted">${t("verdict.reasonWanted")}</p>` : nothing}${box}`;
}

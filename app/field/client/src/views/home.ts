import { html, nothing } from "lit/html.js";

import { navigate } from "../moving";
import { app, setUi } from "../state";
import type { Board } from "../board";
import { isWhole, tallyOf } from "../custody";
import { bare, words } from "../format";
import { t } from "../i18n";
import { part } from "../later";
import { parseSubject } from "../subjects";
import type { Pack } from "../types";
import { filterButtons, itemLine, jump } from "./pack";
import { bar, link, type View } from "./parts";
import { receiptText } from "./status";

export function homeView(board: Board): View {
  const query = app.ui.get("query") ?? "";
  const search = (event: Event): void => setUi("query", (event.target as HTMLInputElement).value || undefined);
  return html`<section class="page">
    <h1 tabindex="-1" class="sr">${board.bundle.inspection.setup.title}</h1>
    <label class="field search"><span class="label">${t("home.search")}</span>
      <input type="search" placeholder=${t("home.searchHint")} data-testid="search" .value=${query} @input=${search} /></label>
    ${query.trim() === "" ? overview(board) : results(board, query)}
  </section>`;
}

/** Looks through what is asked and what was answered and noted. */
function results(board: Board, query: string): View {
  const wanted = bare(query).split(/\s+/).filter(Boolean);
  const found = [...board.items.values()].filter(({ item, pack }) => {
    const said = board.placesOf(item).flatMap((place) => board.subjectsAt(place).map((subject) => board.shown(subject)));
    const text = bare(words([item.question, item.guidance, pack.title, said]));
    return wanted.every((word) => text.includes(word));
  });
  return html`<p role="status">${found.length > 0 ? t("home.found", { n: found.length }) : t("home.noneFound")}</p>
    <ul class="items">${found.map(({ item }) => itemLine(board, item, undefined))}</ul>`;
}

function overview(board: Board): View {
  const list = (): void => void navigate({ name: "items", id: board.id });
  return html`${part(({ setupCard }) => setupCard(board))}${drafts(board)}${kept(board)}
    <div>${filterButtons(board, [...board.items.values()].map(({ item }) => item), list)}</div>
    <h2>${t("home.progress")}</h2>
    <ul class="packs">${board.packs.filter(({ items }) => items.length > 0).map((pack) => packLine(board, pack))}</ul>
    ${part(({ recordsLink, readyLink }) => html`${recordsLink(board)}${readyLink(board)}`)}
    ${sites(board)}
    <footer class="foot">${jump(board)}</footer>`;
}

/** The receipt in one line; what is missing stands on its own screen. */
function kept(board: Board): View {
  const sum = tallyOf(board);
  if (sum.entriesOf + sum.filesOf === 0) return nothing;
  const style = `card ${isWhole(sum) ? "good" : "warn"}`;
  return link({ name: "sync", id: board.id }, receiptText(sum), "home-receipt", style);
}

function packLine(board: Board, pack: Pack): View {
  const core = board.progress(pack.items.filter((item) => item.core));
  const all = board.progress(pack.items);
  const content = html`<span class="title">${pack.title}
      ${pack.items.some((item) => board.isMine(item)) ? html`<span class="tag">${t("home.mine")}</span>` : nothing}</span>
    <span class="meters">
      ${core.total > 0 ? html`<span><small>${t("home.core")}</small>${bar(core.done, core.total)}</span>` : nothing}
      <span><small>${t("home.all")}</small>${bar(all.done, all.total)}</span>
    </span>`;
  return html`<li>${link({ name: "pack", id: board.id, pack: pack.id }, content, `pack-${pack.id}`, "packline")}</li>`;
}

function sites(board: Board): View {
  if (board.sites.length === 0) return nothing;
  const line = (id: string, name: string): View => {
    const { done, total } = board.progressAt(id);
    return total === 0 ? nothing : html`<li class="packline"><span class="title">${name}</span>${bar(done, total)}</li>`;
  };
  return html`<h2>${t("home.sites")}</h2>
    <ul class="packs" data-testid="sites">${board.sites.map(({ id, name }) => line(id, name))}</ul>`;
}

/** Items where something typed has not become an entry: after a cold start, or because a figure cannot be read. */
function drafts(board: Board): View {
  const ids = new Set(
    [...board.drafts.values()].map(({ subject, value }) => {
      const { kind, item } = parseSubject(subject);
      return kind === "evidence" ? ((value as { item?: string | null } | null)?.item ?? "") : item;
    }),
  );
  const found = [...ids].flatMap((id) => board.items.get(id)?.item ?? []);
  if (found.length === 0) return nothing;
  return html`<section class="card warn" data-testid="drafts"><h2>${t("home.drafts", { n: found.length })}</h2>
    <ul class="items">${found.map((item) => itemLine(board, item, undefined))}</ul></section>`;
}

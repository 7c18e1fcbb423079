import { html, nothing } from "lit/html.js";

import { navigate } from "../moving";
import { app, setUi } from "../state";
import type { Board, PlaceMark } from "../board";
import { FILTERS, found, nextFound, ordered, type Filter } from "../filters";
import { t } from "../i18n";
import type { Place } from "../subjects";
import type { Item, Pack } from "../types";
import { bar, lateTag, link, segments, type View } from "./parts";
import { verdictLabel } from "./verdict";

export function packView(board: Board, id: string): View {
  const pack = board.packs.find((candidate) => candidate.id === id);
  if (!pack) return html`<section class="page"><h1 tabindex="-1">${t("app.notFound")}</h1></section>`;
  return html`<div class="panes">
    ${listPane(board, pack, undefined)}
    <section class="pane detail hint"><p>${t("pack.choose")}</p></section>
  </div>`;
}

/** Every item of the inspection, or those that are still to be looked at. */
export function allItemsView(board: Board): View {
  const all = [...board.items.values()].map(({ item }) => item);
  const { done, total } = board.progress(all);
  return html`<section class="page">
    <h1 tabindex="-1">${t("home.allItems", { n: total })}</h1>
    ${bar(done, total)} ${filterButtons(board, all)}
    ${board.packs.map((pack) => group(board, pack.title, shownOf(board, ordered(pack)), undefined))}
    ${none(shownOf(board, all))}
    <footer class="foot">${jump(board)}</footer>
  </section>`;
}

function filter(): Filter | undefined {
  return app.ui.get("filter") as Filter | undefined;
}

function shownOf(board: Board, items: readonly Item[]): Item[] {
  const wanted = filter();
  return items.filter((item) => !wanted || found(board, item, wanted));
}

function none(shown: readonly Item[]): View {
  const wanted = filter();
  return wanted && shown.length === 0 ? html`<p role="status">${t("filter.none", { filter: t(`filter.${wanted}`) })}</p>` : nothing;
}

/** What to look for, each with how many items it finds; what finds none, or all to be one's own, is not offered. */
export function filterButtons(board: Board, items: readonly Item[], then?: () => void): View {
  const wanted = filter();
  const counted = FILTERS.map((value) => ({ value, n: items.filter((item) => found(board, item, value)).length }));
  const offered = counted.filter(({ value, n }) => value === wanted || (n > 0 && (value !== "mine" || n < items.length)));
  const choices = [{ value: "all" as const, n: items.length }, ...offered].map(({ value, n }) => ({
    value,
    label: t("filter.count", { filter: t(`filter.${value}`), n }),
  }));
  const choose = (value: string): void => {
    setUi("filter", value === "all" ? undefined : value);
    then?.();
  };
  return html`<div class="filters">${segments(t("filter.title"), choices, wanted ?? "all", "filter", choose)}</div>`;
}

/** One tap to the next item of those looked for, or to the next open one. */
export function jump(board: Board, here?: Place): View {
  const wanted = filter() ?? "open";
  const target = nextFound(board, wanted, here);
  const n = [...board.items.values()].filter(({ item }) => found(board, item, wanted)).length;
  const go = (): void => {
    if (target) void navigate({ name: "item", id: board.id, place: target });
  };
  return html`<button type="button" class="jump" data-testid="jump" ?disabled=${!target} @click=${go}>
    ${t("filter.next", { filter: t(`filter.${wanted}`), n })}</button>`;
}

/** The pack's items: core set first, then the rest. */
export function listPane(board: Board, pack: Pack, chosen: string | undefined): View {
  const matching = shownOf(board, pack.items);
  const shown = pack.items.filter((item) => matching.includes(item) || item.id === chosen);
  const { done, total } = board.progress(pack.items);
  return html`<nav class="pane list ${chosen ? "behind" : ""}" aria-label=${pack.title}>
    ${chosen === undefined ? html`<h1 tabindex="-1">${pack.title}</h1>` : html`<h2>${pack.title}</h2>`}
    ${bar(done, total)}
    ${filterButtons(board, pack.items)}
    ${group(board, t("pack.coreSet"), shown.filter((item) => item.core), chosen)}
    ${group(board, t("pack.rest"), shown.filter((item) => !item.core), chosen)}
    ${none(matching)}
    ${chosen === undefined ? html`<footer class="foot">${jump(board)}</footer>` : nothing}
  </nav>`;
}

function group(board: Board, title: string, items: Item[], chosen: string | undefined): View {
  if (items.length === 0) return nothing;
  return html`<h2>${title}</h2><ul class="items">${items.map((item) => itemLine(board, item, chosen))}</ul>`;
}

const ORDER: PlaceMark[] = ["refused", "disputed", "draft", "none", "partial", "done"];

export function itemLine(board: Board, item: Item, chosen: string | undefined): View {
  const places = board.placesOf(item);
  const wanted = filter();
  const first =
    (wanted && found(board, item, wanted)) ?? places.find((place) => board.verdictAt(place) === undefined) ?? places[0];
  if (!first) return nothing;
  const marks = places.map((place) => board.mark(place));
  const urgent = ORDER.find((mark) => marks.includes(mark)) ?? "none";
  const mark = settled(urgent, board.isDone(item), marks.includes("done"));
  const content = html`<span class="mark ${mark} ${worst(board, places)}" aria-hidden="true"></span>
    <span class="question">${item.question}</span>
    <span class="sub">${summary(board, places, mark)}${places.some((place) => board.isLate(place)) ? lateTag() : nothing}</span>`;
  const style = `item ${item.id === chosen ? "chosen" : ""}`;
  return html`<li>${link({ name: "item", id: board.id, place: first }, content, `item-${item.id}`, style)}</li>`;
}

/** The verdict that most asks to be looked at, for the colour of the mark. */
function worst(board: Board, places: readonly Place[]): string {
  const verdicts = places.map((place) => board.verdictAt(place));
  return ["chua_dat", "dat_mot_phan"].find((verdict) => verdicts.includes(verdict)) ?? "";
}

/** Of several places, some done and some not begun: the item is under way. */
function settled(urgent: PlaceMark, isDone: boolean, isBegun: boolean): PlaceMark {
  if (urgent !== "none" && urgent !== "partial") return urgent;
  if (isDone) return "done";
  return isBegun ? "partial" : urgent;
}

function summary(board: Board, places: Place[], mark: PlaceMark): string {
  if (mark === "done" && places.length === 1 && places[0]) return verdictLabel(board.verdictAt(places[0]));
  const done = places.filter((place) => board.verdictAt(place) !== undefined).length;
  const count = places.length > 1 ? ` · ${t("home.count", { done, total: places.length })}` : "";
  return t(`mark.${mark}`) + count;
}

/** Opening an inspection in the field, and changing its setup: unit, day, places, team, checklists. */
import { html, nothing } from "lit/html.js";

import { app, setUi } from "../state";
import type { Board } from "../board";
import { bare, showDate } from "../format";
import { known, t, type Text } from "../i18n";
import { change, clashes, discard, dropMine, isRefused, offerMine, openingOf, save, type Opening } from "../opening";
import type { Member, Setup } from "../types";
import { field, segments, sureButton, type View } from "./parts";

type Kind = NonNullable<Setup["kind"]>;
type Function = Member["functions"][number];
const KINDS: Kind[] = ["dot_xuat", "dinh_ky", "phuc_tra"];
const FUNCTIONS: Function[] = ["truong_doan", "pho_truong_doan", "chu_tri", "thu_ky", "thanh_vien", "nguoi_duyet", "nguoi_ky"];
const MOST = 8;

type Change = (parts: Partial<Setup>) => void;

const name = (value: string): string => known(`open.${value}`) ?? value;
const chosen = <T extends string>(event: Event): T => (event.target as HTMLInputElement).value as T;
const button = (label: Text, testId: string, act: () => void, of = "", style = "quiet"): View =>
  html`<button type="button" class=${style} data-testid=${testId} aria-label=${of ? `${t(label)} ${of}` : nothing} @click=${act}>${t(label)}</button>`;
const text = (key: string, label: Text, testId: string, value: string, set: (typed: string) => void, type: "text" | "date" = "text"): View =>
  field({ key, label: t(label), type, value, testId, set });

/** A list with one of its parts changed, or taken out. */
const replaced = <T>(list: readonly T[], old: T, parts?: Partial<T>): T[] =>
  list.flatMap((one) => (one !== old ? [one] : parts ? [{ ...one, ...parts }] : []));

export function openView(id: string): View {
  const opening = openingOf(id);
  if (!opening) return html`<p class="opening">${t("app.loading")}</p>`;
  const { board, draft: { value: setup }, source } = opening;
  const { dates: [day = "", ...days] = [], checklists, purpose = "" } = setup;
  const set: Change = (parts) => void change(opening, parts);
  const title = t(board ? "open.change" : "campaign.open");
  const near = clashes(opening);
  return html`<section class="page"><h1 tabindex="-1">${title}</h1>
    ${unit(opening, set)}
    ${near.length > 0 ? html`<p class="card warn" role="status" data-testid="clash">${t("open.clash", { titles: near.join("; ") })}</p>` : nothing}
    ${text("day", "open.dates", "day", day, (typed) => set({ dates: [typed, ...days] }), "date")}
    ${segments(t("open.kind"), KINDS.map((value) => ({ value, label: name(value) })), setup.kind, "kind", (kind) => set({ kind: kind as Kind }))}
    ${sites(setup, set)} ${team(opening, set)}
    <h2>${t("open.checklists")}</h2>
    ${source.checklists.map((pack) => {
      const ref = `${pack.id}@${pack.version}`;
      const on = checklists.includes(ref);
      return html`<label class="tick"><input type="checkbox" .checked=${on} @change=${() => set({ checklists: on ? replaced(checklists, ref) : [...checklists, ref] })} /> ${pack.title}</label>`;
    })}
    ${text("purpose", "open.purpose", "purpose", purpose, (typed) => set({ purpose: typed }))}
    <div class="row">
      <button type="button" class="primary" data-testid="save-setup" @click=${() => void save(opening)}>${t(board ? "item.save" : "campaign.open")}</button>
      <span class="state" role="status" data-testid="state">${t(app.writes > 0 ? "state.writing" : "state.draft")}</span>
      ${sureButton("discard", "app.cancel", "open.sure", "discard", () => void discard(opening))}
    </div></section>`;
}

function unit({ source: { units }, draft: { value } }: Opening, set: Change): View {
  const now = units.find(({ id }) => id === value.unit);
  const query = app.ui.get("unit") ?? "";
  const words = bare(query).split(/\s+/).filter(Boolean);
  const found = units.filter((one) => words.length > 0 && words.every((word) => bare(one.name).includes(word)));
  const choose = (one: (typeof units)[number]): void => {
    setUi("unit", undefined);
    // Places of the unit before go with it; what was typed by hand stays.
    const own = value.sites?.filter(({ id }) => !now?.sites.some((site) => site.id === id)) ?? [];
    set({ unit: one.id, sites: [...one.sites, ...own] });
  };
  return html`<p data-testid="unit"><strong>${now?.name ?? t("open.noUnit")}</strong></p>
    <label class="field search"><span class="label">${t("open.unit")}</span>
      <input type="search" data-testid="unit-search" .value=${query} @input=${(event: Event) => setUi("unit", chosen(event))} /></label>
    <p role="status">${words.length > 0 ? t("home.found", { n: found.length }) : nothing}</p>
    <div class="stack">${found.slice(0, MOST).map((one) => html`<button type="button" data-testid="unit-choice" @click=${() => choose(one)}>${one.name}</button>`)}</div>`;
}

function sites({ sites: places = [] }: Setup, set: Change): View {
  return html`<h2>${t("open.sites")}</h2>
    ${places.map((site) => html`<div class="row pick">
      ${text(site.id, "open.site", "site", site.name, (typed) => set({ sites: replaced(places, site, { name: typed }) }))}
      ${button("open.drop", "drop-site", () => set({ sites: replaced(places, site) }), site.name)}</div>`)}
    <div class="row">${button("open.addSite", "add-site", () => set({ sites: [...places, { id: `noi-${Date.now().toString(36)}`, name: "", kind: "", address: "" }] }), "", "")}</div>`;
}

function team({ source, draft: { value: { members = [] } } }: Opening, set: Change): View {
  const others = source.people.filter(({ account }) => !members.some((one) => one.account === account));
  const add = (event: Event): void => {
    set({ members: [...members, ...others.filter(({ account }) => account === chosen(event)).map((one): Member => ({ ...one, functions: ["thanh_vien"], checklists: [], areas: [], mandate: "" }))] });
    (event.target as HTMLSelectElement).value = "";
  };
  const planned = new Set(source.campaign.value.members.map(({ account }) => account));
  const line = (one: Member): View => {
    const [main = "", ...more] = one.functions;
    const put = (parts?: Partial<Member>): void => set({ members: replaced(members, one, parts) });
    const choose = (event: Event): void => put({ functions: [chosen<Function>(event), ...more] });
    return html`<li class="card"><strong>${one.name}</strong> ${more.map(name).join(", ")}
      <div class="row pick"><select aria-label=${`${t("open.function")} ${one.name}`} @change=${choose}>${FUNCTIONS.filter((value) => !more.includes(value)).map((value) => html`<option value=${value} ?selected=${value === main}>${name(value)}</option>`)}</select>
        ${button("open.drop", "drop-member", put, one.name)}</div>
      ${planned.has(one.account) && !one.mandate ? nothing : text(one.account, "open.mandate", "mandate", one.mandate ?? "", (mandate) => put({ mandate }))}</li>`;
  };
  return html`<h2>${t("open.members")}</h2><ul class="cards">${members.map(line)}</ul>
    <label class="field"><span class="label">${t("open.addMember")}</span><select data-testid="add-member" @change=${add}>
      <option value=""></option>${others.map(({ account, name: who, position }) => html`<option value=${account}>${who} ${position}</option>`)}</select></label>`;
}

/** A change of the setup that the server did not take: both sides, and the way out. Nothing is lost by either. */
export function setupCard(board: Board): View {
  const theirs = board.setupNow.at(-1)?.value as Setup | undefined;
  return html`${board.setups.filter(isRefused).map((mine) => {
    const parts = COMPARED.map((key) => [key, said(theirs, key), said(mine.value as Setup, key)] as const).filter(([, a, b]) => a !== b);
    return html`<section class="card warn" data-testid="setup-refused"><h2>${t("open.refused")}</h2><p>${mine.refusal?.message}</p>
      <dl>${parts.map(([key, a, b]) => html`<dt>${t(`open.${key}`)}</dt><dd>${t("open.theirs", { value: a })}</dd><dd>${t("open.mine", { value: b })}</dd>`)}</dl>
      <div class="row">${button("open.offer", "offer-mine", () => void offerMine(board.id, mine), "", "primary")}
        ${theirs ? sureButton("drop-mine", "open.keepTheirs", "open.keepSure", "drop-mine", () => void dropMine(mine)) : nothing}</div></section>`;
  })}`;
}

const COMPARED = ["unit", "dates", "kind", "sites", "members", "checklists", "purpose"] as const;

/** What people compare of a setup. */
function said(setup: Setup | undefined, key: (typeof COMPARED)[number]): string {
  const say = (one: string | { name: string; functions?: string[] }): string =>
    typeof one === "string" ? (app.lines.find((line) => line.unit === one)?.unit_name ?? name(showDate(one))) : `${one.name} ${one.functions?.map(name).join(", ") ?? ""}`;
  return [setup?.[key] ?? []].flat().map(say).join("; ");
}

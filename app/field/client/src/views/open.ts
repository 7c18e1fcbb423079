/** Opening an inspection in the field, and changing its setup: unit, day, places, team, checklists. */
import { html, nothing } from "lit/html.js";

import { app, setUi } from "../app";
import type { Board } from "../board";
import { bare, showDate } from "../format";
import { known, t } from "../i18n";
import { change, clashes, discard, dropMine, offerMine, openingOf, save, type Opening } from "../opening";
import type { Member, Setup, Site } from "../types";
import { field, segments, sureButton, type View } from "./parts";

const KINDS = ["dot_xuat", "dinh_ky", "phuc_tra"] as const;
const FUNCTIONS = ["truong_doan", "pho_truong_doan", "chu_tri", "thu_ky", "thanh_vien", "nguoi_duyet", "nguoi_ky"] as const;
const MOST = 8;

type Set = (parts: Partial<Setup>) => void;

export function openView(id: string): View {
  const opening = openingOf(id);
  if (!opening) return html`<p class="opening">${t("app.loading")}</p>`;
  const { old, draft, source } = opening;
  const setup = draft.value as Setup;
  const set: Set = (parts) => void change(opening, parts);
  const near = clashes(opening);
  return html`<section class="page" data-testid="setup">
    <h1 tabindex="-1">${t(old ? "open.change" : "campaign.open")}</h1>
    ${unit(opening, setup, set)}
    ${near.length > 0 ? html`<p class="card warn" role="status" data-testid="clash">${t("open.clash", { titles: near.join("; ") })}</p>` : nothing}
    ${field({ key: "day", label: t("open.day"), type: "date", value: setup.dates?.[0] ?? "", testId: "day", set: (day) => set({ dates: [day, ...(setup.dates ?? []).slice(1)] }) })}
    ${segments(t("open.kind"), KINDS.map((value) => ({ value, label: name(value) })), setup.kind, "kind", (kind) => set({ kind: kind as (typeof KINDS)[number] }))}
    ${sites(setup, set)} ${team(opening, setup, set)}
    <h2>${t("open.packs")}</h2>
    ${source.checklists.map(({ id: pack, version, title }) => {
      const ref = `${pack}@${version}`;
      const on = setup.checklists.includes(ref);
      const tap = (): void => set({ checklists: on ? setup.checklists.filter((one) => one !== ref) : [...setup.checklists, ref] });
      return html`<label class="check"><input type="checkbox" data-testid=${`pack-${pack}`} .checked=${on} @change=${tap} /> ${title}</label>`;
    })}
    ${field({ key: "purpose", label: t("open.purpose"), type: "text", lines: 2, value: setup.purpose ?? "", testId: "purpose", set: (purpose) => set({ purpose }) })}
    <div class="row">
      <button type="button" class="primary" data-testid="save-setup" @click=${() => void save(opening)}>${t(old ? "open.save" : "campaign.open")}</button>
      <span class="state" role="status" data-testid="state">${t(app.writes > 0 ? "state.writing" : "state.draft")}</span>
      ${sureButton("discard", "app.cancel", "open.sure", "discard", () => void discard(opening))}
    </div>
  </section>`;
}

function name(value: string): string {
  return known(`open.${value}`) ?? value;
}

function unit({ source }: Opening, setup: Setup, set: Set): View {
  const chosen = source.units.find(({ id }) => id === setup.unit);
  const query = app.ui.get("unit") ?? "";
  const words = bare(query).split(/\s+/).filter(Boolean);
  const found = words.length > 0 ? source.units.filter((one) => words.every((word) => bare(`${one.name} ${one.code ?? ""}`).includes(word))) : [];
  const choose = (one: (typeof found)[number]): void => {
    setUi("unit", undefined);
    // Places of the unit before go with it; what was typed by hand stays.
    const own = (setup.sites ?? []).filter(({ id }) => !chosen?.sites?.some((site) => site.id === id));
    set({ unit: one.id, sites: [...(one.sites ?? []), ...own] });
  };
  return html`<p data-testid="unit">${chosen ? html`<strong>${chosen.name}</strong>` : t("open.noUnit")}</p>
    <label class="field search"><span class="label">${t("open.unit")}</span>
      <input type="search" data-testid="unit-search" .value=${query}
        @input=${(event: Event) => setUi("unit", (event.target as HTMLInputElement).value || undefined)} /></label>
    ${words.length > 0 ? html`<p role="status">${found.length > 0 ? t("home.found", { n: found.length }) : t("open.noneFound")}</p>` : nothing}
    <div class="stack">${found.slice(0, MOST).map((one) => html`<button type="button" data-testid="unit-choice" @click=${() => choose(one)}>${one.name}</button>`)}</div>`;
}

function sites({ sites: places = [] }: Setup, set: Set): View {
  const put = (at: number, parts?: Partial<Site>): void =>
    set({ sites: places.flatMap((site, index) => (index !== at ? site : parts ? { ...site, ...parts } : [])) });
  const add = (): void => set({ sites: [...places, { id: `noi-${Date.now().toString(36)}`, name: "", kind: "", address: "" }] });
  return html`<h2>${t("home.sites")}</h2>
    ${places.map((site, index) => html`<div class="row">
      ${field({ key: site.id, label: t("open.site"), type: "text", value: site.name, testId: "site", set: (text) => put(index, { name: text }) })}
      <button type="button" class="quiet" data-testid="drop-site" aria-label=${`${t("open.drop")} ${site.name}`} @click=${() => put(index)}>${t("open.drop")}</button></div>`)}
    <button type="button" data-testid="add-site" @click=${add}>${t("open.addSite")}</button>`;
}

function team({ source }: Opening, { members = [] }: Setup, set: Set): View {
  const put = (account: string, parts?: Partial<Member>): void =>
    set({ members: members.flatMap((one) => (one.account !== account ? one : parts ? { ...one, ...parts } : [])) });
  const others = source.people.filter(({ account }) => !members.some((one) => one.account === account));
  const add = (event: Event): void => {
    const chosen = others.find(({ account }) => account === (event.target as HTMLSelectElement).value);
    if (chosen) set({ members: [...members, { ...chosen, functions: ["thanh_vien"], checklists: [], areas: [], mandate: "" }] });
  };
  const line = ({ account, name: who, functions, mandate = "" }: Member): View => {
    const [main = "thanh_vien", ...more] = functions;
    const choose = (event: Event): void => {
      const chosen = (event.target as HTMLSelectElement).value as Member["functions"][number];
      put(account, { functions: [chosen, ...more.filter((one) => one !== chosen)] });
    };
    return html`<li class="card" data-testid="member"><strong>${who}</strong> ${more.map(name).join(", ")}
      <div class="row">
        <select aria-label=${`${t("open.function")}: ${who}`} @change=${choose}>${FUNCTIONS.map((one) => html`<option value=${one} ?selected=${one === main}>${name(one)}</option>`)}</select>
        <button type="button" class="quiet" aria-label=${`${t("open.drop")} ${who}`} @click=${() => put(account)}>${t("open.drop")}</button>
      </div>
      ${field({ key: `m-${account}`, label: t("open.mandate"), type: "text", value: mandate, testId: "mandate", set: (text) => put(account, { mandate: text }) })}</li>`;
  };
  return html`<h2>${t("open.team")}</h2>
    <ul class="cards">${members.map(line)}</ul>
    <label class="field"><span class="label">${t("open.addMember")}</span><select data-testid="add-member" .value=${""} @change=${add}>
      <option value="">…</option>${others.map(({ account, name: who, position }) => html`<option value=${account}>${who}${position ? ` · ${position}` : ""}</option>`)}</select></label>`;
}

/** A change of the setup that the server did not take: both sides, and the way out. Nothing is lost by either. */
export function setupCard(board: Board): View {
  return html`${board.refusedSetups.map((mine) => {
    const theirs = board.setupNow.at(-1)?.value as Setup | undefined;
    const said = shown(mine.value as Setup);
    const held = theirs ? shown(theirs) : {};
    const parts = Object.keys(said).filter((key) => said[key] !== held[key]);
    return html`<section class="card warn" data-testid="setup-refused"><h2>${t("open.refused")}</h2>
      <p>${mine.refusal?.message}</p>
      ${theirs ? html`<dl>${parts.map((key) => html`<dt>${key}</dt><dd>${t("open.theirs")}: ${held[key]}</dd><dd>${t("open.mine")}: ${said[key]}</dd>`)}</dl>` : nothing}
      <div class="row"><button type="button" class="primary" data-testid="offer-mine" @click=${() => void offerMine(board.id, mine)}>${t("open.offer")}</button>
        ${theirs ? html`<button type="button" data-testid="drop-mine" @click=${() => void dropMine(mine)}>${t("open.keepTheirs")}</button>` : nothing}</div></section>`;
  })}`;
}

/** What people compare of a setup. */
function shown({ unit: id, dates = [], kind = "dot_xuat", sites: places = [], members = [], checklists, purpose = "" }: Setup): Record<string, string> {
  return {
    [t("open.unit")]: app.lines.find((line) => line.unit === id)?.unit_name ?? id,
    [t("open.day")]: dates.map(showDate).join("; "),
    [t("open.kind")]: name(kind),
    [t("home.sites")]: places.map((site) => site.name).join("; "),
    [t("open.team")]: members.map((one) => `${one.name} (${one.functions.map(name).join(", ")})`).join("; "),
    [t("open.packs")]: checklists.join(", "),
    [t("open.purpose")]: purpose,
  };
}

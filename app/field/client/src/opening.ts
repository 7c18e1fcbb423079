/**
 * Opening an inspection in the field, without a network, from what was taken along of a campaign; and changing an
 * inspection's setup there. What is typed is a durable draft at once; saving makes it one entry, and in the same
 * strict transaction the bundle that the workspace works with.
 */
import * as api from "./api";
import { Failure } from "./api";
import { app, changed, count, loadLists, navigate, reloadBoard, soon, storeFailed, take } from "./app";
import { loadBoard } from "./board";
import { DROPPED, reading, writing, type Draft, type StoredEntry, type TakenBundle } from "./db";
import { today } from "./format";
import { t } from "./i18n";
import { uuid7 } from "./ids";
import { dropDraft, keepDraft, makeEntry, saveEntries } from "./journal";
import { setupSubject } from "./subjects";
import type { Bundle, CampaignBundle, Member, Setup } from "./types";

/** What there is to choose from: of the campaign, or of the inspection's own bundle where no campaign is at hand. */
export type Source = Pick<CampaignBundle, "units" | "people" | "checklists" | "open_findings" | "inspections" | "issuer" | "limits">;

export interface Opening {
  id: string;
  source: Source;
  draft: Draft;
  /** The inspection is on the tablet already: its setup is being changed. */
  old: Bundle | undefined;
}

let open: Opening | undefined;
let saving = false;
let loading = "";

export async function takeCampaign(id: string): Promise<void> {
  const { account } = app;
  if (!account) return;
  app.taking = id;
  app.notice = "";
  changed();
  try {
    await api.session();
    const bundle = await api.campaign(id);
    const kept = { account: account.id, id, bundle, taken_at: new Date().toISOString() };
    await writing(["campaigns"], async (tx) => void (await tx.objectStore("campaigns").put(kept)));
    app.persisted = (await navigator.storage?.persist?.()) ?? false;
    await loadLists();
  } catch (error) {
    if (error instanceof Failure) app.notice = t("error.bundle", { message: error.message || t("error.noNetwork") });
    else storeFailed(error);
  }
  app.taking = "";
  changed();
}

/** Begins an opening: a draft with the campaign's own defaults, for today. */
export async function begin(campaign: string): Promise<void> {
  const account = app.account?.id;
  const kept = account && (await reading(["campaigns"], async (tx) => tx.objectStore("campaigns").get([account, campaign])));
  if (!account || !kept) return;
  const { title, issuer, document_kind, members, checklists, team, purpose, plan, decision } = kept.bundle.campaign.value;
  const opened = { at: new Date().toISOString(), by: account };
  const value = { title, issuer, document_kind, members, checklists, team, purpose, plan, decision, campaign, opened, kind: "dot_xuat", dates: [today()], sites: [], unit: "" };
  const id = uuid7();
  if (await keep(draftOf(account, id, value, []))) await navigate({ name: "setup", id });
}

function draftOf(account: string, inspection: string, value: unknown, base: string[]): Draft {
  return { account, inspection, subject: setupSubject(inspection), value, base, updated_at: new Date().toISOString() };
}

async function keep(draft: Draft): Promise<boolean> {
  app.writes += 1;
  changed();
  const kept = await keepDraft(draft).then(() => true, storeFailed);
  app.writes -= 1;
  changed();
  return kept === true;
}

/** The opening of an inspection once it has been read from the store. */
export function openingOf(id: string): Opening | undefined {
  if (open?.id === id && open.draft.account === app.account?.id) return open;
  if (loading !== id) {
    loading = id;
    void load(id).catch(storeFailed).finally(changed);
  }
  return undefined;
}

async function load(id: string, mine?: unknown): Promise<void> {
  const account = app.account?.id ?? "";
  const board = app.board?.id === id ? app.board : await loadBoard(account, id);
  const { draft, campaigns } = await reading(["drafts", "campaigns"], async (tx) => ({
    draft: await tx.objectStore("drafts").get([account, setupSubject(id)]),
    campaigns: await tx.objectStore("campaigns").index("account").getAll(account),
  }));
  const base = board?.setupNow.map((entry) => entry.id).sort() ?? [];
  // Before anything of it was pulled the server's own setup is what the bundle came with.
  const known = base.length > 0 || board?.refusedSetups.length ? base : board ? [board.bundle.inspection.setup_entry] : [];
  const begun = draft && !mine ? draft : board && draftOf(account, id, mine ?? board.bundle.inspection.setup, known);
  const old = board?.bundle;
  const campaign = campaigns.find((kept) => kept.id === (begun?.value as Setup | undefined)?.campaign)?.bundle;
  if (!begun || !(campaign ?? old)) return;
  open = { id, draft: begun, old, source: sourceOf(campaign, old) };
  loading = "";
}

function sourceOf(campaign: CampaignBundle | undefined, old: Bundle | undefined): Source {
  if (campaign || !old) return campaign as Source;
  const people = old.members.map(({ account, name, position = "" }) => ({ account, name, position }));
  return { ...old, people, units: [old.unit as Source["units"][number]], open_findings: { [old.unit.id]: old.open_findings }, inspections: [] };
}

export async function change(opening: Opening, parts: Partial<Setup>): Promise<void> {
  opening.draft = { ...opening.draft, value: { ...(opening.draft.value as Setup), ...parts }, updated_at: new Date().toISOString() };
  await keep(opening.draft);
}

/** What is still missing, as a sentence; empty where it can be saved. */
export function lacking({ draft }: Opening): string {
  const { unit, members = [], checklists, dates = [] } = draft.value as Setup;
  if (!unit) return t("open.noUnit");
  if (!/^\d{4}-/.test(dates[0] ?? "")) return t("open.noDate");
  if (!members.some(({ functions }) => functions.includes("truong_doan"))) return t("open.noHead");
  if (!members.some(({ account }) => account === draft.account)) return t("open.notMyself");
  return checklists.length > 0 ? "" : t("open.noPack");
}

/** Inspections of the same unit within a week of the day: a warning, never a hindrance. */
export function clashes({ id, source, draft }: Opening): string[] {
  const { unit, dates = [] } = draft.value as Setup;
  const near = (day: string): boolean => Math.abs(Date.parse(day) - Date.parse(dates[0] ?? "")) <= 7 * 86_400_000;
  const known = [...source.inspections, ...app.lines].filter((one) => one.unit === unit && one.id !== id && (one.dates ?? []).some(near));
  return [...new Map(known.map((one) => [one.id, one.title])).values()];
}

/** Makes the draft an entry; the inspection can be worked on at once. */
export async function save(opening: Opening): Promise<void> {
  const { id, draft, old } = opening;
  app.notice = lacking(opening);
  if (app.notice || saving) return changed();
  saving = true;
  const value = draft.value as Setup;
  const sites = (value.sites ?? []).filter(({ name }) => name.trim() !== "");
  try {
    const entry = await makeEntry(draft.account, draft.subject, { ...value, sites }, draft.base);
    const kept: TakenBundle = { account: draft.account, inspection: id, bundle: bundleOf(opening, entry), taken_at: new Date().toISOString() };
    await saveEntries([entry], kept);
    open = undefined;
    app.alarm = "";
    await loadLists();
    if (old && app.board?.id === id) await reloadBoard();
    await count();
    soon();
    await navigate({ name: "home", id });
  } catch (error) {
    storeFailed(error);
  }
  saving = false;
}

/** What the server would send of the inspection, as far as it is known here. */
function bundleOf({ id, source, old, draft }: Opening, entry: StoredEntry): Bundle {
  const setup = entry.value as Setup;
  const members = setup.members ?? [];
  const day = (setup.dates ?? []).at(-1) ?? today();
  return {
    inspection: { id, setup, setup_entry: entry.id },
    unit: source.units.find((unit) => unit.id === setup.unit) ?? old?.unit ?? { id: setup.unit, name: setup.unit, level: "" },
    issuer: source.issuer,
    members,
    functions: members.find(({ account }) => account === draft.account)?.functions ?? [],
    checklists: source.checklists.filter(({ id: pack, version }) => setup.checklists.includes(`${pack}@${version}`)),
    open_findings: source.open_findings[setup.unit] ?? [],
    limits: source.limits,
    fact_day: day,
    server_time: new Date().toISOString(),
  };
}

export async function discard({ id, draft, old }: Opening): Promise<void> {
  await dropDraft(draft.account, draft.subject).catch(storeFailed);
  open = undefined;
  await loadLists();
  await navigate(old ? { name: "home", id } : { name: "list" });
}

/** A refused change once more, upon what the server holds now. */
export async function offerMine(id: string, mine: StoredEntry): Promise<void> {
  await load(id, mine.value);
  if (open && (await keep(open.draft))) await navigate({ name: "setup", id });
}

/** The author gives a refused change up: it stays on the tablet, marked so. */
export async function dropMine(mine: StoredEntry): Promise<void> {
  const refusal = { code: DROPPED, message: t("open.dropped") };
  try {
    await writing(["entries"], async (tx) => void (await tx.objectStore("entries").put({ ...mine, state: "refused", refusal })));
    await take(mine.inspection);
    await reloadBoard();
  } catch (error) {
    storeFailed(error);
  }
}

/** Who may change the setup: its leaders and secretary, and administrators. */
export function mayChange({ members }: Bundle): boolean {
  const own = members.find(({ account }) => account === app.account?.id)?.functions ?? [];
  return app.account?.role === "admin" || own.some((name) => DRAFTING.includes(name));
}

const DRAFTING: readonly Member["functions"][number][] = ["truong_doan", "pho_truong_doan", "thu_ky"];

/** Items done and asked, by inspection on the tablet; read anew whenever the switch is opened. */
export const progress = new Map<string, { done: number; total: number }>();

export async function readProgress(): Promise<void> {
  const account = app.account?.id;
  for (const id of app.taken.keys()) {
    const board = app.board?.id === id ? app.board : await loadBoard(account ?? "", id);
    if (board) progress.set(id, board.progress([...board.items.values()].map(({ item }) => item)));
    changed();
  }
}

/** Inspections by day: today's first, then the others as the server lists them. */
export function byDay<T extends { dates?: string[] }>(lines: readonly T[]): T[] {
  const late = ({ dates = [] }: T): number => Number(!dates.includes(today()));
  return [...lines].sort((a, b) => late(a) - late(b));
}

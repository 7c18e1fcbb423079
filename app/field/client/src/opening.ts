/**
 * Opening an inspection in the field, without a network, from what was taken along of a campaign; and changing an
 * inspection's setup there. What is typed is a durable draft at once; saving makes it one entry, and in the same
 * strict transaction the bundle that the workspace works with.
 */
import * as api from "./api";
import { count, loadLists, soon, take } from "./exchange";
import { navigate } from "./moving";
import { app, changed, storeFailed } from "./state";
import { loadBoard, type Board } from "./board";
import { reading, writing, type Draft, type StoredEntry } from "./db";
import { today } from "./format";
import { t } from "./i18n";
import { uuid7 } from "./ids";
import { dropDraft, keepDraft, makeEntry, saveEntries } from "./journal";
import { setupSubject } from "./subjects";
import type { Bundle, CampaignBundle, Setup } from "./types";

export interface Opening {
  id: string;
  /** What there is to choose from. */
  source: CampaignBundle;
  draft: Draft & { value: Setup };
  /** The inspection is on the tablet already: its setup is being changed. */
  board: Board | undefined;
}

const WEEK = 7 * 86_400_000;
let open: Opening | undefined;
let loading = "";
let saving = false;

const now = (): string => new Date().toISOString();

export const takeCampaign = (id: string): Promise<void> =>
  take(id, async () => {
    const bundle = await api.campaign(id);
    const kept = { account: app.account?.id ?? "", id, bundle, taken_at: now() };
    await writing(["campaigns"], async (tx) => void (await tx.objectStore("campaigns").put(kept)));
    await loadLists();
  });

/** Goes on with an opening of the campaign that was begun, or begins one with the campaign's own defaults, for today. */
export async function begin(campaign: string): Promise<void> {
  const account = app.account?.id ?? "";
  const { kept, drafts } = await reading(["campaigns", "drafts"], async (tx) => ({
    kept: await tx.objectStore("campaigns").get([account, campaign]),
    drafts: await tx.objectStore("drafts").getAll(),
  }));
  if (!kept) return;
  const begun = drafts.find((draft) => draft.account === account && draft.subject === setupSubject(draft.inspection) && !app.taken.has(draft.inspection) && (draft.value as Setup).campaign === campaign);
  const { title, issuer, document_kind, members, checklists, team, purpose, plan, decision } = kept.bundle.campaign.value;
  const value = { title, issuer, document_kind, members, checklists, team, purpose, plan, decision, campaign, opened: { at: now(), by: account }, kind: "dot_xuat", dates: [today()], unit: "" };
  const id = begun?.inspection ?? uuid7();
  if (begun || (await keep(draftOf(account, id, value, [])))) await navigate({ name: "setup", id });
}

function draftOf(account: string, inspection: string, value: unknown, base: string[]): Draft {
  return { account, inspection, subject: setupSubject(inspection), value, base, updated_at: now() };
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

/** `mine`: a refused change, once more upon what the server holds now. */
async function load(id: string, mine?: unknown): Promise<void> {
  const account = app.account?.id ?? "";
  const board = await loadBoard(account, id);
  const { kept, taken } = await reading(["drafts", "campaigns"], async (tx) => ({
    kept: await tx.objectStore("drafts").get([account, setupSubject(id)]),
    taken: await tx.objectStore("campaigns").index("account").getAll(account),
  }));
  const base = board?.setupNow.map((entry) => entry.id) ?? [];
  const draft = (!mine && kept) || (board && draftOf(account, id, mine ?? board.bundle.inspection.setup, base));
  const source = (taken.find((one) => one.id === (draft?.value as Setup | undefined)?.campaign) ?? taken[0])?.bundle;
  if (!draft || !source) return void (app.notice = t("open.none"));
  open = { id, source, board, draft: draft as Opening["draft"] };
  loading = "";
}

export async function change(opening: Opening, parts: Partial<Setup>): Promise<void> {
  opening.draft = { ...opening.draft, value: { ...opening.draft.value, ...parts }, updated_at: now() };
  await keep(opening.draft);
}

/** What is still missing, as a sentence; empty where it can be saved. */
function lacking({ account, value: { unit, members = [], checklists, dates = [] } }: Opening["draft"]): string {
  if (!unit) return t("open.noUnit");
  if (!/^\d{4}-/.test(dates[0] ?? "")) return t("open.noDate");
  if (!members.some(({ functions }) => functions.includes("truong_doan"))) return t("open.noHead");
  if (!members.some((member) => member.account === account)) return t("open.notMyself");
  return checklists.length > 0 ? "" : t("open.noPack");
}

/** Inspections of the same unit within a week of the day: a warning, never a hindrance. */
export function clashes({ id, source, draft: { value } }: Opening): string[] {
  const near = (day: string): boolean => Math.abs(Date.parse(day) - Date.parse(value.dates?.[0] ?? "")) <= WEEK;
  const found = [...source.inspections, ...app.lines].filter((one) => one.unit === value.unit && one.id !== id && one.dates?.some(near));
  return [...new Map(found.map((one) => [one.id, one.title])).values()];
}

/** Makes the draft an entry; the inspection can be worked on at once. */
export async function save(opening: Opening): Promise<void> {
  const { id, draft, board } = opening;
  app.notice = lacking(draft);
  if (app.notice || saving) return changed();
  saving = true;
  try {
    const sites = draft.value.sites?.filter(({ name }) => name.trim() !== "");
    const entry = await makeEntry(draft.account, draft.subject, { ...draft.value, sites }, draft.base);
    const kept = { account: draft.account, inspection: id, bundle: bundleOf(opening, entry), taken_at: now() };
    await saveEntries([entry], kept, board?.setups.filter(isRefused));
    await done();
    await count();
    soon();
    await navigate({ name: "home", id });
  } catch (error) {
    storeFailed(error);
  }
  saving = false;
}

/** What was read before is not what stands in the store now. */
async function done(): Promise<void> {
  open = undefined;
  app.board = undefined;
  app.alarm = "";
  await loadLists();
}

export const isRefused = ({ state }: StoredEntry): boolean => state === "refused";

/** What the server would send of the inspection, as far as it is known here. */
function bundleOf({ id, source, board, draft }: Opening, entry: StoredEntry): Bundle {
  const setup = entry.value as Setup;
  const { unit, members = [], checklists, dates = [] } = setup;
  const old = board?.bundle;
  const { issuer, limits } = old ?? source;
  return {
    inspection: { id, setup, setup_entry: entry.id },
    unit: source.units.find((one) => one.id === unit) ?? old?.unit ?? { id: unit, name: unit, level: "" },
    issuer,
    limits,
    members,
    functions: members.find(({ account }) => account === draft.account)?.functions ?? [],
    checklists: [...source.checklists, ...(old?.checklists ?? [])].filter(
      (pack, at, all) => checklists.includes(`${pack.id}@${pack.version}`) && all.findIndex((one) => one.id === pack.id) === at,
    ),
    open_findings: source.open_findings[unit] ?? [],
    fact_day: dates.at(-1) ?? today(),
    server_time: now(),
  };
}

export async function discard({ id, draft, board }: Opening): Promise<void> {
  await dropDraft(draft.account, draft.subject).catch(storeFailed);
  open = undefined;
  await navigate(board ? { name: "home", id } : { name: "list" });
}

export async function offerMine(id: string, mine: StoredEntry): Promise<void> {
  await load(id, mine.value);
  if (open && (await keep(open.draft))) await navigate({ name: "setup", id });
}

/** The author gives a refused change up, and the server's own stands. */
export async function dropMine({ id, inspection }: StoredEntry): Promise<void> {
  await writing(["entries"], (tx) => tx.objectStore("entries").delete(id)).then(done, storeFailed);
  await navigate({ name: "home", id: inspection });
}

/** Leaders, secretary and administrators change a setup, where a campaign is on the tablet to choose from. */
export function mayChange({ members }: Bundle): boolean {
  const drafts = members.some(({ account, functions }) => account === app.account?.id && /truong|thu_ky/.test(functions.join()));
  return app.campaigns.some(({ taken_at }) => taken_at) && (drafts || app.account?.role === "admin");
}

/** Items done and asked, by inspection on the tablet; read anew whenever the switch is opened. */
export const progress = new Map<string, { done: number; total: number }>();

export async function readProgress(): Promise<void> {
  for (const id of app.taken.keys()) {
    const board = app.board?.id === id ? app.board : await loadBoard(app.account?.id ?? "", id);
    if (board) progress.set(id, board.progress([...board.items.values()].map(({ item }) => item)));
    changed();
  }
}

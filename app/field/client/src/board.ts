/** One inspection as the tablet holds it in memory: its bundle, its entries by place, its drafts. */
import { current, distinct } from "./current";
import { checkKey, reading, type Draft, type EntryState, type Held, type Refusal, type StoredEntry } from "./db";
import type { Check } from "./ready";
import { answerSubject, parseSubject, placeKey, setupSubject, type Place } from "./subjects";
import type { AnswerValue, Bundle, EvidenceValue, Item, MinutesValue, OpenFinding, Pack, ReportedFigure, Site } from "./types";
import { t } from "./i18n";
import { applicable } from "./rules";

export interface Placed {
  item: Item;
  pack: Pack;
}

/** Subjects that belong to one item at one site. */
interface Gathered {
  rows: Set<string>;
  notes: Set<string>;
}

export type PlaceMark = "none" | "draft" | "partial" | "done" | "disputed" | "refused";

export class Board {
  readonly items = new Map<string, Placed>();
  /** Those with items that this person is asked to fill come first. */
  readonly packs: Pack[];
  private readonly own = new Set<string>();
  readonly drafts = new Map<string, Draft>();
  private readonly bySubject = new Map<string, StoredEntry[]>();
  private readonly places = new Map<string, Gathered>();
  private readonly evidenceOf = new Map<string, Set<string>>();
  private readonly minutes = new Set<string>();
  /** Entries that a site record which was read covers; null before it is known, false where there is no such record. */
  private covered: Set<string> | false | null = null;
  private readonly cache = new Map<string, StoredEntry[]>();
  /** Files that are on this tablet: still to be sent, or not. */
  readonly localFiles = new Map<string, "saved" | "other">();
  readonly refusedFiles = new Map<string, Refusal>();
  /** How far each file of the inspection has come. */
  readonly files = new Map<string, string>();
  held: Held | undefined;
  /** What the last check of this tablet before departure said. */
  checked: Check | undefined;

  constructor(
    readonly id: string,
    readonly account: string,
    readonly bundle: Bundle,
  ) {
    const { level } = bundle.unit;
    const { checklists = [], areas = [] } = bundle.members.find((member) => member.account === account) ?? {};
    const packs = bundle.checklists.map((pack) => ({
      ...pack,
      items: pack.items.filter((item) => applicable(item, level, bundle.fact_day)),
    }));
    for (const pack of packs) {
      const asked = pack.items.filter((item) => checklists.includes(pack.id) || areas.includes(item.area || pack.area));
      for (const { id } of asked) this.own.add(id);
    }
    const isOwn = ({ items }: Pack): boolean => items.some((item) => this.isMine(item));
    this.packs = [...packs.filter(isOwn), ...packs.filter((pack) => !isOwn(pack))];
    for (const pack of this.packs) for (const item of pack.items) this.items.set(item.id, { item, pack });
  }

  /** Whether an item was assigned to this person; nobody is kept from answering the others. */
  isMine({ id }: Item): boolean {
    return this.own.has(id);
  }

  /** Leads of the inspection end disagreements. */
  get leads(): boolean {
    return this.bundle.functions.some((one) => one === "truong_doan" || one === "pho_truong_doan");
  }

  get sites(): Site[] {
    return this.bundle.inspection.setup.sites ?? [];
  }

  add(entry: StoredEntry): void {
    const kept = this.bySubject.get(entry.subject) ?? [];
    this.bySubject.set(entry.subject, [...kept.filter(({ id }) => id !== entry.id), entry]);
    this.cache.delete(entry.subject);
    this.covered = null;
    this.gather(entry.subject, entry.value);
  }

  private gather(subject: string, value: unknown): void {
    const parsed = parseSubject(subject);
    const gathered = this.gathered(parsed);
    if (parsed.kind === "answer" && parsed.tail !== "") gathered.rows.add(subject);
    if (parsed.kind === "note") gathered.notes.add(subject);
    if (parsed.kind === "minutes") this.minutes.add(subject);
    if (parsed.kind === "evidence" && value !== null) {
      const { item, site } = value as EvidenceValue;
      const key = placeKey({ item: item ?? "", site: site ?? "" });
      this.evidenceOf.set(key, (this.evidenceOf.get(key) ?? new Set()).add(subject));
    }
  }

  private gathered(place: Place): Gathered {
    const key = placeKey(place);
    const kept = this.places.get(key) ?? { rows: new Set(), notes: new Set() };
    this.places.set(key, kept);
    return kept;
  }

  keep(draft: Draft): void {
    this.drafts.set(draft.subject, draft);
    this.gather(draft.subject, draft.value);
  }

  /** Current entries of a subject. */
  currentOf(subject: string): StoredEntry[] {
    const kept = this.cache.get(subject) ?? current(this.bySubject.get(subject) ?? []);
    this.cache.set(subject, kept);
    return kept;
  }

  answer(place: Place): StoredEntry[] {
    return this.currentOf(answerSubject(this.id, place));
  }

  rows(place: Place): string[] {
    return this.alive(this.gathered(place).rows);
  }

  notes(place: Place): string[] {
    return this.alive(this.gathered(place).notes);
  }

  evidence(place: Place): string[] {
    const subjects = this.alive(this.evidenceOf.get(placeKey(place)) ?? []);
    return subjects.filter((subject) => {
      const value = this.shown<EvidenceValue>(subject);
      return value !== undefined && (value.item ?? "") === place.item && (value.site ?? "") === place.site;
    });
  }

  /** All that is said of an item at one site. */
  subjectsAt(place: Place): string[] {
    return [answerSubject(this.id, place), ...this.rows(place), ...this.notes(place), ...this.evidence(place)];
  }

  /** Subjects of the site records, oldest first. */
  records(): string[] {
    return this.alive(this.minutes);
  }

  /** Ids of the current entries of answers, notes and evidence: what a record that is read now covers. */
  fieldEntries(): string[] {
    return [...this.bySubject.keys()]
      .filter((subject) => ["answer", "note", "evidence"].includes(parseSubject(subject).kind))
      .flatMap((subject) => this.currentOf(subject).map(({ id }) => id));
  }

  private coveredEntries(): Set<string> | false {
    const read = this.records()
      .flatMap((subject) => this.currentOf(subject).map(({ value }) => value as MinutesValue | null))
      .filter((value) => value?.read);
    return read.length > 0 && new Set(read.flatMap((value) => value?.covers ?? []));
  }

  /** Whether something here was recorded, changed or received after the site record had been read. */
  isLate(place: Place): boolean {
    const covered = (this.covered ??= this.coveredEntries());
    if (!covered) return false;
    return this.subjectsAt(place).some((subject) => this.currentOf(subject).some(({ id }) => !covered.has(id)));
  }

  private alive(subjects: Iterable<string>): string[] {
    return [...subjects]
      .filter((subject) => this.drafts.has(subject) || this.currentOf(subject).some(({ value }) => value !== null))
      .sort();
  }

  /** What the screen shows of a subject: the draft, or the own current value, or the first one. */
  shown<T>(subject: string): T | undefined {
    const draft = this.drafts.get(subject);
    if (draft) return draft.value as T;
    const front = this.currentOf(subject).filter(({ value }) => value !== null);
    const entry = front.find(({ author }) => author === this.account) ?? front[0];
    return entry?.value as T | undefined;
  }

  /** Values that differ; fewer than two mean agreement. */
  disputed(subject: string): StoredEntry[] {
    const values = distinct(this.currentOf(subject));
    return values.length > 1 ? values : [];
  }

  /** The places an item is answered at: its sites, or the unit as a whole. */
  placesOf(item: Item): Place[] {
    const sites = this.sitesOf(item).map(({ id }) => ({ item: item.id, site: id }));
    const whole = { item: item.id, site: "" };
    if (sites.length === 0) return [whole];
    return this.answer(whole).length > 0 ? [...sites, whole] : sites;
  }

  /** Sites of the item's own sort where the setup sorts them, else all. */
  private sitesOf(item: Item): Site[] {
    if (item.per === null || item.per === "nguon-so-lieu") return [];
    const own = this.sites.filter(({ kind }) => kind === item.per);
    return own.length > 0 ? own : this.sites;
  }

  mark(place: Place): PlaceMark {
    const subject = answerSubject(this.id, place);
    const all = this.subjectsAt(place);
    if (all.some((one) => this.stateOf(one) === "refused")) return "refused";
    if (all.some((one) => this.disputed(one).length > 0)) return "disputed";
    if (this.drafts.has(subject)) return "draft";
    const value = this.shown<AnswerValue>(subject);
    if (value?.verdict) return "done";
    return value || this.rows(place).length > 0 ? "partial" : "none";
  }

  /** An item is done when it is answered as a whole, or at every one of its sites. */
  isDone(item: Item): boolean {
    const done = (place: Place): boolean => this.verdictAt(place) !== undefined;
    const places = this.placesOf(item);
    return done({ item: item.id, site: "" }) || places.every(done);
  }

  verdictAt(place: Place): string | undefined {
    const values = this.answer(place).map(({ value }) => (value as AnswerValue | null)?.verdict);
    return values.find((verdict) => verdict != null) ?? undefined;
  }

  progress(items: readonly Item[]): { done: number; total: number } {
    return { done: items.filter((item) => this.isDone(item)).length, total: items.length };
  }

  progressAt(site: string): { done: number; total: number } {
    const places = [...this.items.values()]
      .flatMap(({ item }) => this.placesOf(item))
      .filter((place) => place.site === site);
    return { done: places.filter((place) => this.verdictAt(place) !== undefined).length, total: places.length };
  }

  reported(place: Place): ReportedFigure[] {
    return (this.bundle.inspection.setup.reported ?? []).filter(({ item }) => item === place.item);
  }

  findings(place: Place): OpenFinding[] {
    return this.bundle.open_findings.filter(
      ({ item, site }) => item === place.item && (!site || place.site === "" || site === place.site),
    );
  }

  nameOf(account: string): string {
    const name = this.bundle.members.find((member) => member.account === account)?.name;
    return name ?? (account === "system" ? t("author.system") : account);
  }

  /** How far an own subject has come: the state of its least advanced entry and of its file. */
  stateOf(subject: string): EntryState | undefined {
    const order: EntryState[] = ["refused", "saved", "sent", "received", "pulled"];
    const entries = this.currentOf(subject);
    const states = entries.map(({ state }) => state);
    for (const { value } of entries) {
      const sha = (value as EvidenceValue | null)?.file?.sha256;
      if (sha !== undefined && this.localFiles.get(sha) === "saved") states.push("saved");
      if (sha !== undefined && this.refusedFiles.has(sha)) states.push("refused");
    }
    return order.find((state) => states.includes(state));
  }

  /** The setup's current entries; one that the server refused stays on the tablet and counts no more. */
  get setupNow(): StoredEntry[] {
    return current(this.setups.filter(({ state }) => state !== "refused"));
  }

  /** Everything that was said of the setup, in whatever state. */
  get setups(): StoredEntry[] {
    return this.bySubject.get(setupSubject(this.id)) ?? [];
  }

  /** Whether the setup was changed since the bundle was taken. */
  get outdated(): boolean {
    const setup = this.setupNow;
    return setup.length > 0 && !setup.some(({ id }) => id === this.bundle.inspection.setup_entry);
  }

  has({ id, subject }: StoredEntry): boolean {
    return (this.bySubject.get(subject) ?? []).some((entry) => entry.id === id);
  }

  all(): StoredEntry[] {
    return [...this.bySubject.values()].flat();
  }
}

/** Reads an inspection into memory; undefined where this account has not taken it onto the tablet. */
export async function loadBoard(account: string, inspection: string): Promise<Board | undefined> {
  return reading(["bundles", "entries", "drafts", "receipts", "evidence", "meta"], async (tx) => {
    const taken = await tx.objectStore("bundles").get([account, inspection]);
    if (!taken) return undefined;
    const board = new Board(inspection, account, taken.bundle);
    for (const entry of await tx.objectStore("entries").index("inspection").getAll(inspection)) board.add(entry);
    for (const draft of await tx.objectStore("drafts").index("inspection").getAll([account, inspection])) {
      board.keep(draft);
    }
    const files = tx.objectStore("evidence");
    for (const sha of await files.index("inspection").getAllKeys(inspection)) board.localFiles.set(sha, "other");
    for (const sha of await files.index("state").getAllKeys("saved")) {
      if (board.localFiles.has(sha)) board.localFiles.set(sha, "saved");
    }
    for (const { sha256, refusal } of await files.index("state").getAll("refused")) {
      if (refusal && board.localFiles.has(sha256)) board.refusedFiles.set(sha256, refusal);
    }
    for (const state of ["saved", "sent", "received", "refused", "removed"]) {
      for (const sha of await files.index("state").getAllKeys(state)) if (board.localFiles.has(sha)) board.files.set(sha, state);
    }
    for (const [sha, state] of board.files) if (state === "removed") board.localFiles.delete(sha);
    board.held = await tx.objectStore("receipts").get(inspection);
    board.checked = (await tx.objectStore("meta").get(checkKey(account, inspection))) as Check | undefined;
    return board;
  });
}

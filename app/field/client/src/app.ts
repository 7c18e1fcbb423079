/** What the screens show, and the few things a person can do: everything durable goes through here. */
import * as api from "./api";
import { Failure } from "./api";
import { loadBoard, type Board } from "./board";
import { getMeta, reading, setMeta, writing, type Draft, type StoredEntry, type TakenBundle } from "./db";
import { t } from "./i18n";
import { uuid7 } from "./ids";
import { dropDraft, isChanged, keepDraft, makeEntry, putBack, saveEntries, saveEvidence, supersededBy, tidy } from "./journal";
import { finished, isVoid, problemOf } from "./judge";
import { forgive, keepers, type Keeper } from "./lock";
import * as outbox from "./outbox";
import { loadScreens } from "./later";
import type { Captured } from "./photo";
import type { Line } from "./ready";
import { markedPlace, markPlace } from "./resume";
import { parsePath, pathOf, type Route } from "./route";
import { evidenceSubject, minutesSubject, type Place } from "./subjects";
import { DEFAULT_LIMITS, sync, waitingCount } from "./sync";
import type { Account, CampaignLine, EvidenceValue, InspectionLine, Position } from "./types";

export interface SyncView {
  running: boolean;
  last: string | undefined;
  trouble: Failure | undefined;
  waiting: { entries: number; evidence: number };
}

export const app = {
  ready: false,
  account: undefined as Account | undefined,
  lines: [] as InspectionLine[],
  taken: new Map<string, string>(),
  /** Running campaigns of the account, and when each was taken along. */
  campaigns: [] as (CampaignLine & { taken_at?: string | undefined })[],
  board: undefined as Board | undefined,
  route: { name: "list" } as Route,
  sync: { running: false, last: undefined, trouble: undefined, waiting: { entries: 0, evidence: 0 } } as SyncView,
  /** A failure that must not be overlooked; stays until it is closed or mended. */
  alarm: "",
  /** A short message about the last action. */
  notice: "",
  busy: "",
  /** The inspection that is being fetched. */
  taking: "",
  writes: 0,
  /** What could not be kept and stands on the screen only. */
  unkept: new Set<string>(),
  /** The device whose store the browser has thrown away. */
  wiped: "",
  persisted: true,
  /** The sheet before departure: of which inspection, and whether it is being looked into. */
  sheet: { of: "", lines: [] as Line[], running: false },
  /** Who may open this tablet with a PIN; while it is locked nothing of the content is on the screen. */
  keepers: [] as Keeper[],
  locked: false,
  /** The office has reported this tablet lost. */
  revoked: false,
  update: undefined as ServiceWorker | undefined,
  /** What the screens remember that nobody else needs: open forms, filters, half-typed texts. */
  ui: new Map<string, string>(),
};

let repaint = (): void => undefined;

export function whenChanged(paint: () => void): void {
  let waiting = false;
  repaint = () => {
    if (waiting) return;
    waiting = true;
    queueMicrotask(() => {
      waiting = false;
      paint();
    });
  };
}

export function changed(): void {
  repaint();
}

export function setUi(key: string, value: string | undefined): void {
  if (value === undefined) app.ui.delete(key);
  else app.ui.set(key, value);
  changed();
}

// ---- starting and moving about

export async function start(path: string): Promise<void> {
  api.tablet.heard = heardRevoked;
  const [revoked, account] = await Promise.all([getMeta("revoked"), getMeta("account"), loadKeepers()]);
  app.revoked = revoked !== undefined;
  app.account = (account as Account | undefined) ?? (await alreadySignedIn());
  lock();
  const marked = app.account && (await markedPlace(app.account.id).catch(() => undefined));
  const isBack = marked !== undefined && (path === marked || parsePath(path).name === "list");
  if (isBack) history.replaceState(null, "", marked);
  else if (marked !== undefined) await markCamera();
  await Promise.all([loadLists(), goTo(parsePath(isBack ? marked : path))]);
  if (isBack) app.notice = t("camera.resumed");
  app.ready = true;
  changed();
}

const hasCamera = (route: Route): boolean => route.name === "item" && route.sub === "camera";

/** Before the camera opens, so that a page that the tablet drops then finds its way back. */
async function markCamera(route?: Route): Promise<void> {
  if (app.account) await markPlace(app.account.id, route && pathOf(route)).catch(storeFailed);
}

/** Who has come over from the office pages with a session: nobody is asked twice. */
async function alreadySignedIn(): Promise<Account | undefined> {
  try {
    const { account } = await api.session();
    if ((await getMeta("ended")) !== undefined) return void (await endSession());
    await setMeta("account", account);
    return account;
  } catch (error) {
    if (error instanceof Failure) return undefined;
    throw error;
  }
}

export async function loadLists(): Promise<void> {
  const { account } = app;
  if (!account) return;
  await reading(["lists", "bundles", "campaigns"], async (tx) => {
    const kept = await tx.objectStore("lists").get(account.id);
    app.lines = kept?.lines ?? [];
    const along = await tx.objectStore("campaigns").index("account").getAll(account.id);
    const at = new Map(along.map(({ id, taken_at }) => [id, taken_at]));
    app.campaigns = (kept?.campaigns ?? []).map((line) => ({ ...line, taken_at: at.get(line.id) }));
    const taken = await tx.objectStore("bundles").index("account").getAll(account.id);
    app.taken = new Map(taken.map((bundle) => [bundle.inspection, bundle.taken_at]));
    for (const { inspection, bundle } of taken) {
      // Removed from the list on the server or never listed: what is on the tablet stays reachable.
      if (app.lines.some(({ id }) => id === inspection)) continue;
      const { title, dates = [] } = bundle.inspection.setup;
      app.lines = [...app.lines, { id: inspection, title, unit: bundle.unit.id, unit_name: bundle.unit.name, dates }];
    }
  });
}

async function goTo(route: Route): Promise<void> {
  if (hasCamera(route)) await markCamera(route);
  else if (hasCamera(app.route)) await markCamera();
  app.route = route;
  app.notice = "";
  app.ui.delete("switch");
  if ("id" in route && app.account && app.board?.id !== route.id) {
    app.board = await loadBoard(app.account.id, route.id);
  }
  if (route.name === "ready") void loadScreens().then(({ checkTablet }) => checkTablet()).catch(() => undefined);
  changed();
}

/** Leaves the present item, which makes its drafts entries, and goes on; stays where that failed. */
export async function navigate(route: Route): Promise<void> {
  const kept = await leave(route);
  if (app.alarm !== "" && !kept) return;
  const { notice } = app;
  const path = pathOf(route);
  // From its camera or a photo back to the item: "back" must not lead there again.
  if (isWithin(route) && !("sub" in route)) history.replaceState(null, "", path);
  else if (location.pathname !== path) history.pushState(null, "", path);
  await goTo(route);
  if (!kept) app.notice = notice;
  scrollTo(0, 0);
  document.querySelector<HTMLElement>("h1")?.focus({ preventScroll: true });
}

/** The browser's own back and forward; it too stays where something could not be kept. */
export async function returned(path: string): Promise<void> {
  const route = parsePath(path);
  if (!(await leave(route)) && app.alarm !== "") return history.pushState(null, "", pathOf(app.route));
  await goTo(route).catch(storeFailed);
}

/** An item, its camera and its photos are one place: going about there ends nothing. */
function isWithin(to: Route | undefined): boolean {
  const { route } = app;
  return route.name === "item" && to?.name === "item" && pathOf({ ...route, sub: "" }) === pathOf({ ...to, sub: "" });
}

async function leave(to?: Route): Promise<boolean> {
  const { route, board } = app;
  if ("record" in route && board) return commitDrafts(board, [minutesSubject(board.id, route.record)], { item: "", site: "" });
  return route.name !== "item" || isWithin(to) || commit(route.place);
}

// ---- writing

export function storeFailed(error: unknown): void {
  const name = error instanceof Error ? error.name : "Error";
  if (name === "QuotaExceededError") app.alarm = t("error.disk");
  else app.alarm = name === "VersionError" ? t("error.newer") : t("error.store", { name });
  changed();
}

/** The alarm stays until all that could not be kept is: another success must not silence it. */
function kept(subject: string): void {
  app.unkept.delete(subject);
  if (app.unkept.size === 0) app.alarm = "";
}

/** The store was thrown away under the open page: what stands in memory goes back into it. */
export async function wiped(device: string): Promise<void> {
  const { account, board } = app;
  app.wiped = device;
  changed();
  if (account && board) await putBack(device, account, board).catch(storeFailed);
}

/** Keeps what was typed as a durable draft, at once; `seen` are the entries it shall take the place of. */
export async function edit(subject: string, value: unknown, seen?: string[]): Promise<void> {
  const { board, account } = app;
  if (!board || !account) return;
  const older = board.drafts.get(subject);
  const base = seen ?? older?.base ?? supersededBy(account.id, board.currentOf(subject));
  const draft: Draft = {
    account: account.id,
    inspection: board.id,
    subject,
    value,
    base,
    updated_at: new Date().toISOString(),
  };
  board.keep(draft);
  app.writes += 1;
  changed();
  try {
    await keepDraft(draft);
    kept(subject);
  } catch (error) {
    app.unkept.add(subject);
    storeFailed(error);
  } finally {
    app.writes -= 1;
    changed();
  }
}

export async function forgetDraft(subject: string): Promise<void> {
  const { board, account } = app;
  if (!board || !account) return;
  board.drafts.delete(subject);
  kept(subject);
  await dropDraft(account.id, subject).catch(storeFailed);
  changed();
}

let turn: Promise<unknown> = Promise.resolve();

/**
 * Makes the drafts of an item entries, in one transaction. False where some stay drafts. One after the other:
 * of two taps at once, the second would make the same drafts entries again.
 */
export function commit(place: Place, only?: string): Promise<boolean> {
  // An empty form that is opened while this waits its turn is not one that was left empty.
  const left = new Set(app.board?.drafts.values());
  const next = turn.then(() => commitNow(place, left, only));
  turn = next.catch(() => undefined);
  return next;
}

async function commitNow(place: Place, left: ReadonlySet<Draft>, only?: string): Promise<boolean> {
  const { board } = app;
  if (!board) return true;
  const subjects = board.subjectsAt(place).filter((subject) => only === undefined || subject === only);
  const done = await commitDrafts(board, subjects, place, left);
  if (only === undefined && done) app.ui.delete("form");
  return done;
}

async function commitDrafts(
  board: Board,
  subjects: readonly string[],
  place: Place,
  left: ReadonlySet<Draft> = new Set(board.drafts.values()),
): Promise<boolean> {
  const drafts = subjects.flatMap((subject) => board.drafts.get(subject) ?? []);
  const changedDrafts = drafts.filter(
    (draft) => isChanged(tidy(finished(draft)), board.currentOf(draft.subject)) && !isVoid(board, draft),
  );
  const idle = drafts.filter((draft) => left.has(draft) && !changedDrafts.includes(draft));
  const faults = changedDrafts.map((draft) => problemOf(board, place, draft));
  const good = changedDrafts.filter((_, index) => faults[index] === undefined);
  try {
    await write(board, good);
    for (const { subject } of idle) await forgetDraft(subject);
  } catch (error) {
    storeFailed(error);
    return false;
  }
  const fault = faults.find((problem) => problem !== undefined);
  app.notice = fault === undefined ? "" : t("error.kept", { problem: fault });
  changed();
  return fault === undefined;
}

async function write(board: Board, drafts: readonly Draft[]): Promise<void> {
  if (drafts.length === 0) return;
  const entries = await saveEntries(
    await Promise.all(drafts.map((draft) => makeEntry(draft.account, draft.subject, finished(draft), draft.base))),
  );
  for (const { subject } of drafts) kept(subject);
  // A sync may have read the inspection anew in the meantime.
  const live = app.board?.id === board.id ? app.board : board;
  for (const [index, entry] of entries.entries()) {
    if (!live.has(entry)) live.add(entry);
    const newer = live.drafts.get(entry.subject);
    if (newer === drafts[index]) live.drafts.delete(entry.subject);
    else if (newer) live.keep({ ...newer, base: [entry.id] });
  }
  for (const { subject } of entries) {
    const newer = live.drafts.get(subject);
    if (newer) await keepDraft(newer);
  }
  await count();
  soon();
}

/** Makes a subject's new value an entry at once, with the bytes it speaks of where there are any. */
export async function put(subject: string, value: unknown, file?: Captured): Promise<boolean> {
  const { board, account } = app;
  if (!board || !account) return false;
  const base = board.drafts.get(subject)?.base ?? supersededBy(account.id, board.currentOf(subject));
  try {
    const entry = await makeEntry(account.id, subject, value, base);
    if (file) await saveEvidence(entry, { sha256: file.sha256, bytes: file.bytes, type: file.type }, file.thumb);
    const stored = file ? [entry] : await saveEntries([entry]);
    const live = app.board?.id === board.id ? app.board : board;
    for (const one of stored) if (!live.has(one)) live.add(one);
    live.drafts.delete(subject);
    if (file && !live.localFiles.has(file.sha256)) live.localFiles.set(file.sha256, "saved");
    app.alarm = "";
  } catch (error) {
    storeFailed(error);
    return false;
  }
  await count();
  changed();
  soon();
  return true;
}

/** Withdraws what this account has said of a subject; a draft that never became an entry just goes. */
export async function withdraw(subject: string): Promise<void> {
  const { board, account } = app;
  if (!board || !account) return;
  await forgetDraft(subject);
  const front = board.currentOf(subject).filter(({ value }) => value !== null);
  if (front.length === 0) return;
  try {
    const entry = await makeEntry(account.id, subject, null, supersededBy(account.id, front));
    for (const one of await saveEntries([entry])) if (!board.has(one)) board.add(one);
    await count();
    soon();
  } catch (error) {
    storeFailed(error);
  }
  changed();
}

/** Takes photos and files in, each with its entry in one transaction; `position`: where the tablet is. */
export async function addFiles(place: Place, files: readonly File[], position?: Position): Promise<void> {
  const { board, account } = app;
  if (!board || !account) return;
  app.busy = t("evidence.adding", { n: files.length });
  app.notice = "";
  changed();
  for (const file of files) {
    try {
      const entry = await addFile(board, account.id, place, file, position);
      app.ui.set("shot", entry.subject);
      kept("file");
    } catch (error) {
      if (error instanceof Error && error.name === "UnusableFile") app.notice = error.message;
      else {
        app.unkept.add("file");
        storeFailed(error);
      }
    }
  }
  app.busy = "";
  await count();
  changed();
  soon();
}

async function addFile(
  board: Board,
  author: string,
  place: Place,
  file: File,
  position?: Position,
): Promise<StoredEntry> {
  const { capture } = await loadScreens();
  const captured = await capture(file, board.bundle.limits);
  const { sha256, bytes, type, picture, thumb } = captured;
  const value: EvidenceValue = {
    kind: picture ? "anh" : "tep",
    item: place.item,
    site: place.site || null,
    taken_at: new Date(file.lastModified || Date.now()).toISOString(),
    file: { sha256, type, size: bytes.byteLength, name: file.name.slice(0, 200) },
    ...(position && { position }),
    ...picture,
  };
  const entry = await makeEntry(author, evidenceSubject(board.id, uuid7()), value, []);
  await saveEvidence(entry, { sha256, bytes, type }, thumb);
  // A sync may have read the inspection anew in the meantime.
  const live = app.board?.id === board.id ? app.board : board;
  if (!live.localFiles.has(sha256)) live.localFiles.set(sha256, "saved");
  live.add(entry);
  return entry;
}

// ---- the server

export async function signIn(username: string, password: string): Promise<void> {
  const { account } = await api.signIn(username, password);
  await setMeta("ended", undefined);
  await forgive(account.id);
  await admit(account);
  app.sync.trouble = undefined;
  await refreshList();
}

/** From now on this person is at the tablet; of another's nothing stays on the screen, nor half-typed. */
export async function admit(account: Account): Promise<void> {
  if (app.account?.id !== account.id) {
    app.board = undefined;
    app.ui.clear();
    app.notice = app.busy = "";
    app.sheet = { of: "", lines: [], running: false };
  }
  app.account = account;
  app.locked = false;
  await setMeta("account", account);
  await loadKeepers();
  await loadLists();
}

export async function loadKeepers(): Promise<void> {
  app.keepers = await keepers();
}

/** Locks the screen where its person has a PIN. What is being typed is a durable draft already. */
export function lock(): void {
  app.locked ||= app.keepers.some((keeper) => keeper.account.id === app.account?.id);
  changed();
}

function heardRevoked(revoked: boolean): void {
  if (app.revoked === revoked) return;
  app.revoked = revoked;
  void setMeta("revoked", revoked ? "yes" : undefined).catch(storeFailed);
  changed();
}

/** Without a network the session goes on by itself: it is ended at the next chance, and opens nothing until then. */
async function endSession(): Promise<void> {
  await setMeta("ended", "yes");
  await api.signOut().then(() => setMeta("ended", undefined), () => undefined);
}

/** Ends the session; what is on the tablet stays, and shows again to the same account. */
export async function signOut(): Promise<void> {
  await leave();
  await setMeta("account", undefined);
  await endSession();
  app.account = undefined;
  app.ui.clear();
  app.sheet = { of: "", lines: [], running: false };
  app.board = undefined;
  app.lines = [];
  app.taken = new Map();
  await navigate({ name: "signin" });
}

export async function refreshList(): Promise<void> {
  const { account } = app;
  if (!account) return;
  try {
    await ownSession();
    const lines = await api.inspections();
    const campaigns = await api.campaigns();
    await writing(["lists"], async (tx) => void (await tx.objectStore("lists").put({ account: account.id, lines, campaigns })));
    await loadLists();
    app.sync.trouble = undefined;
  } catch (error) {
    if (error instanceof Failure) app.sync.trouble = error;
    else storeFailed(error);
  }
  changed();
}

/** What the server gives another person must never be kept as this one's. */
async function ownSession(): Promise<void> {
  const { account } = await api.session();
  if (account.id !== app.account?.id) throw new Failure("sign_in", "other_account", t("signin.other"));
}

/** Brings an inspection or a campaign onto the tablet, or its newer bundle. */
export async function take(id: string, fetching = fetchBundle): Promise<void> {
  app.taking = id;
  app.notice = "";
  changed();
  try {
    await ownSession();
    await fetching(id);
    app.persisted = (await navigator.storage?.persist?.()) ?? false;
    await synchronise();
  } catch (error) {
    if (error instanceof Failure) app.notice = t("error.bundle", { message: error.message || t("error.noNetwork") });
    else storeFailed(error);
  }
  app.taking = "";
  changed();
}

async function fetchBundle(id: string): Promise<void> {
  const { account } = app;
  if (!account) return;
  const bundle = await api.bundle(id);
  const kept: TakenBundle = { account: account.id, inspection: id, bundle, taken_at: new Date().toISOString() };
  await writing(["bundles"], async (tx) => void (await tx.objectStore("bundles").put(kept)));
  app.taken.set(id, kept.taken_at);
}

/** One exchange with the server; what it brought is shown at once. */
export async function synchronise(): Promise<void> {
  if (!app.account || app.sync.running) return;
  app.sync.running = true;
  changed();
  try {
    const limits = app.board?.bundle.limits ?? DEFAULT_LIMITS;
    const { trouble } = await sync([...app.taken.keys()], limits, app.account.id);
    app.sync.trouble = trouble;
    if (!trouble) app.sync.last = new Date().toISOString();
  } catch (error) {
    storeFailed(error);
  }
  app.sync.running = false;
  await count();
  await reloadBoard();
  if (app.board?.outdated && !app.sync.trouble) await renewBundle(app.board.id);
}

/** The office changed the setup: members, sites or checklists may be others now. */
async function renewBundle(id: string): Promise<void> {
  try {
    await fetchBundle(id);
    await reloadBoard();
  } catch (error) {
    if (!(error instanceof Failure)) storeFailed(error);
  }
}

export async function count(): Promise<void> {
  app.sync.waiting = await waitingCount();
}

/** Reads the open inspection again; drafts in memory are the newest and stay. */
export async function reloadBoard(): Promise<void> {
  const { account, board } = app;
  if (account && board) {
    const fresh = await loadBoard(account.id, board.id);
    if (fresh && app.board === board) {
      fresh.checked = board.checked ?? fresh.checked;
      fresh.drafts.clear();
      for (const draft of board.drafts.values()) fresh.keep(draft);
      // What was saved while the store was being read.
      for (const entry of board.all()) if (!fresh.has(entry)) fresh.add(entry);
      app.board = fresh;
    }
  }
  changed();
}

export async function sendRefusedAgain(inspection: string): Promise<void> {
  await outbox.tryAgain(inspection);
  await synchronise();
}

let timer: ReturnType<typeof setTimeout> | undefined;

/** A little after something was saved, so that a quick next tap travels along. */
export function soon(): void {
  clearTimeout(timer);
  timer = setTimeout(() => (app.sync.running ? soon() : void synchronise()), 1500);
}

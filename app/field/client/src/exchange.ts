/** Who is at the tablet and what goes between it and the server; what is being typed is not of this file. */
import * as api from "./api";
import { Failure } from "./api";
import { loadBoard } from "./board";
import { reading, setMeta, type TakenBundle, writing } from "./db";
import { t } from "./i18n";
import { forgive, keepers } from "./lock";
import * as outbox from "./outbox";
import { app, changed, storeFailed } from "./state";
import { DEFAULT_LIMITS, sync, waitingCount } from "./sync";
import type { Account } from "./types";

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

export function heardRevoked(revoked: boolean): void {
  if (app.revoked === revoked) return;
  app.revoked = revoked;
  void setMeta("revoked", revoked ? "yes" : undefined).catch(storeFailed);
  changed();
}

/** Without a network the session goes on by itself: it is ended at the next chance, and opens nothing until then. */
export async function endSession(): Promise<void> {
  await setMeta("ended", "yes");
  await api.signOut().then(() => setMeta("ended", undefined), () => undefined);
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

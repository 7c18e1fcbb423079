/** What a person says: durable drafts, and the entries they become. */
import type { Board } from "./board";
import type { Draft, StoredEntry } from "./db";
import { count, soon } from "./exchange";
import { t } from "./i18n";
import { uuid7 } from "./ids";
import { dropDraft, isChanged, keepDraft, makeEntry, putBack, saveEntries, saveEvidence, supersededBy, tidy } from "./journal";
import { finished, isVoid, problemOf } from "./judge";
import { loadScreens } from "./later";
import type { Captured } from "./photo";
import { app, changed, kept, storeFailed } from "./state";
import { evidenceSubject, type Place } from "./subjects";
import type { EvidenceValue, Position } from "./types";

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

export async function commitDrafts(
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

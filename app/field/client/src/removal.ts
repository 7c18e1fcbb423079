/** What may leave the tablet: only what the server confirms now, and only when asked. */
import * as api from "./api";
import { Failure } from "./api";
import { loadLists, reloadBoard } from "./exchange";
import { navigate } from "./moving";
import { app, changed, storeFailed } from "./state";
import type { Board } from "./board";
import { UNSENT } from "./custody";
import { writing } from "./db";
import { t } from "./i18n";
import { inspectionOf } from "./subjects";
import { alone } from "./sync";
import type { EvidenceValue } from "./types";

/** Takes confirmed photos off the tablet; the pictures are shown from the server then. */
export const dropPhotos = (): Promise<void> =>
  withServer(async (board) => {
    const n = await removePhotos(board);
    await reloadBoard();
    return t("custody.dropped", { n });
  });

/** Takes an inspection off the tablet where the server has everything of it; a sync under way ends first. */
export const dropInspection = (): Promise<void> =>
  withServer((board) =>
    alone(async () => {
      if (!(await removeInspection(board))) return t("custody.notYet");
      app.taken.delete(board.id);
      app.board = undefined;
      await loadLists();
      await navigate({ name: "list" });
      return "";
    }),
  );

async function withServer(work: (board: Board) => Promise<string>): Promise<void> {
  const { board } = app;
  if (!board || app.busy !== "") return;
  app.busy = t("custody.asking");
  app.notice = "";
  changed();
  try {
    app.notice = await work(board);
  } catch (error) {
    if (error instanceof Failure) app.notice = t("custody.offline");
    else storeFailed(error);
  }
  app.busy = "";
  changed();
}

/** Photos that a receipt covers, with their bytes as their entries state them. */
export function removable(board: Board): { hashes: string[]; bytes: number } {
  const sizes = new Map<string, number>();
  for (const { value } of board.all()) {
    const file = (value as EvidenceValue | null)?.file;
    if (file) sizes.set(file.sha256, file.size);
  }
  const hashes = [...board.files].filter(([, state]) => state === "received").map(([sha]) => sha);
  return { hashes, bytes: hashes.reduce((sum, sha) => sum + (sizes.get(sha) ?? 0), 0) };
}

/**
 * Takes the bytes of confirmed photos off the tablet and returns how many; their entries stay. Asks the server
 * again first, and leaves everything that an unsent entry or a draft of anybody names.
 */
export async function removePhotos(board: Board): Promise<number> {
  const { hashes } = removable(board);
  await api.session();
  const { missing } = await api.receipt(board.id, [], hashes);
  const held = hashes.filter((sha) => !missing.evidence.includes(sha));
  return writing(["entries", "evidence", "drafts"], async (tx) => {
    const states = tx.objectStore("entries").index("state");
    const unsure = await Promise.all([...UNSENT, "sent"].map((state) => states.getAll(state)));
    const named = JSON.stringify([unsure, await tx.objectStore("drafts").getAll()]);
    let removed = 0;
    for (const sha of held) {
      const file = await tx.objectStore("evidence").get(sha);
      if (file?.state !== "received" || named.includes(sha)) continue;
      await tx.objectStore("evidence").put({ ...file, bytes: new ArrayBuffer(0), state: "removed" });
      removed += 1;
    }
    return removed;
  });
}

/**
 * Takes a whole inspection off the tablet. False, and nothing changes, where anything of anybody is unsent, a draft,
 * or not confirmed now. Another account's copy of the inspection keeps what both share.
 */
export async function removeInspection(board: Board): Promise<boolean> {
  const own = board.all().filter(({ state }) => state !== "pulled").map(({ id }) => id);
  await api.session();
  const { missing } = await api.receipt(board.id, own, [...board.files.keys()]);
  if (missing.entries.length + missing.evidence.length > 0) return false;
  return writing(["entries", "evidence", "drafts", "bundles", "cursors", "receipts", "thumbs"], async (tx) => {
    const entries = await tx.objectStore("entries").index("inspection").getAll(board.id);
    const keys = await tx.objectStore("evidence").index("inspection").getAllKeys(board.id);
    const drafts = (await tx.objectStore("drafts").getAllKeys()).some(([, subject]) => inspectionOf(subject) === board.id);
    const asked = new Set(own);
    if (drafts || entries.some(({ id, state }) => state !== "pulled" && (state !== "received" || !asked.has(id)))) return false;
    for (const sha of keys) {
      const { state } = (await tx.objectStore("evidence").get(sha)) ?? {};
      if (state !== "received" && state !== "removed") return false;
    }
    await tx.objectStore("bundles").delete([board.account, board.id]);
    const others = (await tx.objectStore("bundles").getAllKeys()).some(([, id]) => id === board.id);
    if (others) return true;
    for (const { id } of entries) await tx.objectStore("entries").delete(id);
    for (const sha of keys) {
      const file = await tx.objectStore("evidence").get(sha);
      const inspections = (file?.inspections ?? []).filter((id) => id !== board.id);
      if (file && inspections.length > 0) await tx.objectStore("evidence").put({ ...file, inspections });
      else await Promise.all([tx.objectStore("evidence").delete(sha), tx.objectStore("thumbs").delete(sha)]);
    }
    await Promise.all([tx.objectStore("cursors").delete(board.id), tx.objectStore("receipts").delete(board.id)]);
    return true;
  });
}

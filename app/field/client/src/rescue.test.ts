/** The rescue file: everything that lies on the tablet is in it, and nothing on the tablet changes. */
import "fake-indexeddb/auto";
import { expect, it } from "vitest";

import { reading } from "./db";
import { sha256 } from "./ids";
import { makeEntry, saveEntries, saveEvidence } from "./journal";
import { fileName, rescueFile } from "./rescue";

const bytesOf = async (text: string): Promise<ArrayBuffer> => new Blob([text]).arrayBuffer();

it("holds one inspection's entries with their state and its evidence bytes", async () => {
  const refused = { ...(await makeEntry("an", "inspection/k1/answer/a.b", { verdict: "dat" }, [])), state: "refused" as const, refusal: { code: "bad", message: "sai" } };
  await saveEntries([refused, await makeEntry("an", "inspection/k2/answer/a.b", { verdict: "dat" }, [])]);
  const bytes = await bytesOf("ảnh\nthử");
  const digest = await sha256(bytes);
  const photo = await makeEntry("binh", "inspection/k1/evidence/e1", { kind: "anh", file: { sha256: digest } }, []);
  await saveEvidence(photo, { sha256: digest, bytes, type: "image/jpeg" });

  const file = await rescueFile("k1", "an", "Sở Nội vụ");
  const [line = "", noted, ...rest] = (await file.blob.text()).split("\n");
  const head = JSON.parse(line);
  expect(line.startsWith('{"format":"kiemtra-rescue-1"')).toBe(true);
  expect(noted).toBe(await sha256(await bytesOf(line)));
  expect(rest.join("\n")).toBe("ảnh\nthử");
  expect(head.entries.map((entry: { id: string }) => entry.id).sort()).toEqual([refused.id, photo.id].sort());
  expect(head.entries.find((entry: { id: string }) => entry.id === refused.id)).toMatchObject({ state: "refused", refusal: { code: "bad" } });
  expect(head.evidence).toEqual([{ sha256: digest, type: "image/jpeg", size: bytes.byteLength }]);
  expect([file.entries, file.evidence]).toEqual([2, 1]);
  expect(await reading(["entries"], async (tx) => tx.objectStore("entries").count())).toBe(3);
});

it("names the file without diacritics", () => {
  expect(fileName("UBND xã Đồng Đậu – “Mới”", new Date(2026, 10, 2, 8, 5))).toBe("kiemtra-ubnd-xa-dong-dau-moi-20261102-0805.kiemtra");
  expect(fileName("…", new Date(2026, 10, 2, 8, 5))).toBe("kiemtra-cuoc-kiem-tra-20261102-0805.kiemtra");
});

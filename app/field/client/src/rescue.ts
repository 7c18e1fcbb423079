/**
 * The rescue file `kiemtra-rescue-1`: the whole inspection as it lies on this tablet, made without a server.
 * One line of JSON that begins with its format, one line with that line's SHA-256, then the evidence bytes in
 * the order of `evidence`. Nothing on the tablet changes by it.
 */
import { deviceId, reading, type StoredEvidence } from "./db";
import { sha256 } from "./ids";
import { wire } from "./outbox";

export interface RescueFile {
  blob: Blob;
  name: string;
  entries: number;
  evidence: number;
}

/** `place` names the inspected unit; it becomes part of the file's name. */
export async function rescueFile(inspection: string, account: string, place: string, now = new Date()): Promise<RescueFile> {
  // Entries first: a photo taken meanwhile is then one too many, never one too few.
  const kept = await reading(["entries"], async (tx) => tx.objectStore("entries").index("inspection").getAll(inspection));
  const entries = kept.map(({ state, refusal, ...entry }) => ({ ...wire(entry), state, ...(refusal && { refusal }) }));
  const keys = await reading(["evidence"], async (tx) => tx.objectStore("evidence").index("inspection").getAllKeys(inspection));
  const evidence: { sha256: string; type: string; size: number }[] = [];
  const parts: Blob[] = [];
  for (const key of keys) {
    // One by one: a Blob may lie on disk, all photos of a day at once would not fit into memory.
    const file = await reading(["evidence"], async (tx) => tx.objectStore("evidence").get(key));
    if (file && file.state !== "removed") parts.push(listed(file, evidence));
  }
  const head = { format: "kiemtra-rescue-1", inspection, account, device: await deviceId(), made_at: now.toISOString(), entries, evidence };
  const line = new TextEncoder().encode(JSON.stringify(head));
  const digest = await sha256(line.buffer);
  const blob = new Blob([line, `\n${digest}\n`, ...parts], { type: "application/octet-stream" });
  return { blob, name: fileName(place, now), entries: entries.length, evidence: evidence.length };
}

function listed({ sha256: digest, type, bytes }: StoredEvidence, list: { sha256: string; type: string; size: number }[]): Blob {
  list.push({ sha256: digest, type, size: bytes.byteLength });
  return new Blob([bytes]);
}

/** `kiemtra-so-noi-vu-20261122-0805.kiemtra`: no diacritics, in local time. */
export function fileName(place: string, now: Date): string {
  const plain = place.normalize("NFD").replace(/\p{M}/gu, "").replace(/[đĐ]/g, "d").toLowerCase();
  const slug = plain.replace(/[^a-z0-9]+/g, "-").replace(/^-|-$/g, "").slice(0, 60) || "cuoc-kiem-tra";
  const two = (part: number): string => String(part).padStart(2, "0");
  const day = `${now.getFullYear()}${two(now.getMonth() + 1)}${two(now.getDate())}`;
  return `kiemtra-${slug}-${day}-${two(now.getHours())}${two(now.getMinutes())}.kiemtra`;
}

/** Hands a file to the browser's own saving. */
export function download({ blob, name }: RescueFile): void {
  const address = URL.createObjectURL(blob);
  const link = document.createElement("a");
  link.href = address;
  link.download = name;
  document.body.append(link);
  link.click();
  link.remove();
  // Writing a large file takes its time; the address must live as long.
  setTimeout(() => URL.revokeObjectURL(address), 600_000);
}

/**
 * Pictures as object URLs. Lists show the small copies of one place only, a picture on its own screen is read
 * whole; what is no longer looked at is released. What is not on the tablet is asked of the server.
 */
import { changed } from "./app";
import { reading, writing, type Thumb } from "./db";
import { evidenceBytes } from "./outbox";
import { thumbOf } from "./photo";

const urls = new Map<string, string>();
let shownAt = "";
let wanted: string[] = [];

const release = (url: string | undefined): void => {
  if (url?.startsWith("blob:")) URL.revokeObjectURL(url);
};

const objectUrl = (bytes: ArrayBuffer, type = "image/jpeg"): string => URL.createObjectURL(new Blob([bytes], { type }));

/** The URL of a picture's small copy, or undefined while it is being read; the screen is painted again then. */
export function thumbUrl(place: string, sha256: string): string | undefined {
  if (place !== shownAt) {
    urls.forEach(release);
    urls.clear();
    shownAt = place;
  }
  if (!urls.has(sha256)) {
    urls.set(sha256, "");
    if (wanted.push(sha256) === 1) queueMicrotask(() => void readWanted());
  }
  return urls.get(sha256) || undefined;
}

async function readWanted(): Promise<void> {
  const [list, place] = [wanted, shownAt];
  wanted = [];
  const found = await reading(["thumbs"], async (tx) =>
    Promise.all(list.map((sha256) => tx.objectStore("thumbs").get(sha256))),
  ).catch(() => []);
  for (const [index, sha256] of list.entries()) {
    const thumb = found[index] ?? (await makeThumb(sha256).catch(() => undefined));
    if (place !== shownAt) return;
    urls.set(sha256, thumb ? objectUrl(thumb.bytes) : `/api/evidence/${sha256}?nho=1`);
  }
  changed();
}

async function makeThumb(sha256: string): Promise<Thumb | undefined> {
  const file = await evidenceBytes(sha256);
  if (!file) return undefined;
  const thumb = { sha256, bytes: await thumbOf(file.bytes, file.type) };
  await writing(["thumbs"], async (tx) => void (await tx.objectStore("thumbs").put(thumb)));
  return thumb;
}

let whole: { sha256: string; url: string } | undefined;

/** The URL of the one picture that is looked at whole; none releases it. */
export function wholeUrl(sha256?: string): string | undefined {
  if (whole?.sha256 !== sha256) {
    release(whole?.url);
    whole = sha256 === undefined ? undefined : { sha256, url: "" };
    if (whole) void readWhole(whole);
  }
  return whole?.url || undefined;
}

async function readWhole(mine: { sha256: string; url: string }): Promise<void> {
  const file = await evidenceBytes(mine.sha256).catch(() => undefined);
  if (whole !== mine) return;
  mine.url = file ? objectUrl(file.bytes, file.type) : `/api/evidence/${mine.sha256}`;
  changed();
}

/**
 * Pictures as object URLs. Lists show the small copies of one place only, a picture on its own screen is read
 * whole; what is no longer looked at is released. What is not on the tablet is asked of the server.
 */
import { changed } from "./state";
import { reading } from "./db";
import { evidenceBytes } from "./outbox";

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
    const thumb = found[index];
    const url = thumb ? objectUrl(thumb.bytes) : await bigUrl(sha256, "?nho=1");
    if (place !== shownAt) return release(url);
    urls.set(sha256, url);
  }
  changed();
}

async function bigUrl(sha256: string, small = ""): Promise<string> {
  const file = await evidenceBytes(sha256).catch(() => undefined);
  return file ? objectUrl(file.bytes, file.type) : `/api/evidence/${sha256}${small}`;
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
  const url = await bigUrl(mine.sha256);
  if (whole !== mine) return release(url);
  mine.url = url;
  changed();
}

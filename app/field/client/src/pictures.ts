/** Pictures of the open item as object URLs; the bytes stay in the store until they are looked at. */
import { changed } from "./app";
import { evidenceBytes } from "./outbox";

const urls = new Map<string, string>();
const MOST = 24;

/** The URL of a kept picture, or undefined while it is being read; the screen is painted again then. */
export function pictureUrl(sha256: string): string | undefined {
  const url = urls.get(sha256);
  if (url === undefined) {
    urls.set(sha256, "");
    void read(sha256);
  }
  return url || undefined;
}

async function read(sha256: string): Promise<void> {
  const file = await evidenceBytes(sha256).catch(() => undefined);
  if (!file) return void urls.delete(sha256);
  urls.set(sha256, URL.createObjectURL(new Blob([file.bytes], { type: file.type })));
  for (const [oldest, url] of urls) {
    if (urls.size <= MOST) break;
    URL.revokeObjectURL(url);
    urls.delete(oldest);
  }
  changed();
}

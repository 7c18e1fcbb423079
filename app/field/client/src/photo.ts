/** Makes what a camera or a file chooser gives into bytes that the server accepts, or says why not. */
import { cameraFacts, type CameraFacts } from "./exif";
import { t } from "./i18n";
import { sha256 } from "./ids";
import type { CapturedFile } from "./journal";
import type { Limits } from "./types";

/** A file that cannot be kept; the message says what to do. */
export class UnusableFile extends Error {
  override name = "UnusableFile";
}

const SIGNATURES: readonly [string, (bytes: Uint8Array) => boolean][] = [
  ["image/jpeg", (b) => b[0] === 0xff && b[1] === 0xd8 && b[2] === 0xff],
  ["image/png", (b) => text(b, 1, 4) === "PNG"],
  ["image/webp", (b) => text(b, 0, 4) === "RIFF" && text(b, 8, 12) === "WEBP"],
  ["application/pdf", (b) => text(b, 0, 5) === "%PDF-"],
];

function text(bytes: Uint8Array, from: number, to: number): string {
  return String.fromCharCode(...bytes.subarray(from, to));
}

/** The type the bytes themselves show; names and declared types are never trusted. */
export function sniff(bytes: ArrayBuffer): string | undefined {
  const head = new Uint8Array(bytes, 0, Math.min(16, bytes.byteLength));
  return SIGNATURES.find(([, matches]) => matches(head))?.[0];
}

/** What a list shows instead of the photo itself: longest edge in pixels. */
const THUMB_EDGE = 400;
/** Answers must still find room when photos no longer do. */
const SPARE_BYTES = 20_000_000;

export interface Picture extends CameraFacts {
  width: number;
  height: number;
}

export interface Captured extends CapturedFile {
  picture?: Picture;
  thumb?: ArrayBuffer;
}

/** Everything that may speak against a file is found out here, while it can be taken again. */
export async function capture(file: File, limits: Limits): Promise<Captured> {
  const { name } = file;
  let bytes = await file.arrayBuffer();
  if (bytes.byteLength === 0) throw new UnusableFile(t("evidence.empty", { name }));
  let type = sniff(bytes);
  let seen: Pick<Captured, "picture" | "thumb"> = {};
  if (!type || type.startsWith("image/")) {
    const camera = cameraFacts(bytes);
    const bitmap = await decode(file);
    // A tablet may still hold a bundle of a server that did not know this limit.
    const edge = limits.photo_longest_edge || Infinity;
    const { width, height } = fitted(bitmap, edge);
    // HEIC and others: what this browser can show, it can also write as JPEG.
    if (!type || width < bitmap.width) [bytes, type] = [await asJpeg(bitmap, edge, 0.9, name), "image/jpeg"];
    seen = { picture: { width, height, ...camera }, thumb: await asJpeg(bitmap, THUMB_EDGE, 0.7, name) };
    bitmap.close();
  }
  await requireRoom(name, bytes.byteLength, limits.evidence_bytes);
  return { sha256: await sha256(bytes), bytes, type, ...seen };
}

async function requireRoom(name: string, size: number, limit: number): Promise<void> {
  const mega = (value: number): number => Math.max(0, Math.floor(value / 1e6));
  if (size > limit) throw new UnusableFile(t("evidence.tooLarge", { name, size: mega(size) + 1, limit: mega(limit) }));
  const { quota, usage } = (await navigator.storage?.estimate?.().catch(() => undefined)) ?? {};
  const free = quota === undefined || usage === undefined ? Infinity : quota - usage;
  if (free < size + SPARE_BYTES) throw new UnusableFile(t("evidence.noRoom", { name, free: mega(free) }));
}

/** Half a picture is found out now. */
async function decode(file: File): Promise<ImageBitmap> {
  try {
    return await createImageBitmap(file);
  } catch {
    throw new UnusableFile(t("evidence.badPhoto", { name: file.name }));
  }
}

function fitted({ width, height }: ImageBitmap, edge: number): { width: number; height: number } {
  const scale = Math.min(1, edge / Math.max(width, height));
  return { width: Math.max(1, Math.round(width * scale)), height: Math.max(1, Math.round(height * scale)) };
}

async function asJpeg(picture: ImageBitmap, edge: number, quality: number, name: string): Promise<ArrayBuffer> {
  const { width, height } = fitted(picture, edge);
  const blob = await drawn(picture, width, height, quality);
  if (!blob) throw new UnusableFile(t("evidence.badPhoto", { name }));
  return blob.arrayBuffer();
}

/** A picture as JPEG of that size; null where the device has no memory for it. */
export async function drawn(source: CanvasImageSource, width: number, height: number, quality: number): Promise<Blob | null> {
  const canvas = Object.assign(document.createElement("canvas"), { width, height });
  canvas.getContext("2d")?.drawImage(source, 0, 0, width, height);
  return new Promise((done) => canvas.toBlob(done, "image/jpeg", quality));
}

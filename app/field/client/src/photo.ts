/** Makes what a camera or a file chooser gives into bytes that the server accepts, or says why not. */
import { t } from "./i18n";
import { sha256 } from "./ids";
import type { CapturedFile } from "./journal";

/** A file that cannot be kept; the message says what to do. */
export class UnusableFile extends Error {}

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

export async function capture(file: File, limit: number): Promise<CapturedFile> {
  let bytes = await file.arrayBuffer();
  if (bytes.byteLength === 0) throw new UnusableFile(t("evidence.empty", { name: file.name }));
  let type = sniff(bytes);
  if (type === undefined) {
    bytes = await asJpeg(file);
    type = "image/jpeg";
  } else if (type.startsWith("image/")) {
    (await decode(file)).close();
  }
  if (bytes.byteLength > limit) {
    const size = Math.ceil(bytes.byteLength / 1e6);
    throw new UnusableFile(t("evidence.tooLarge", { name: file.name, size, limit: Math.floor(limit / 1e6) }));
  }
  return { sha256: await sha256(bytes), bytes, type };
}

/** Half a picture is found out now, while it can be taken again. */
async function decode(file: File): Promise<ImageBitmap> {
  try {
    return await createImageBitmap(file);
  } catch {
    throw new UnusableFile(t("evidence.badPhoto", { name: file.name }));
  }
}

/** HEIC and others: what this browser can show, it can also write as JPEG. */
async function asJpeg(file: File): Promise<ArrayBuffer> {
  const picture = await decode(file);
  const canvas = document.createElement("canvas");
  canvas.width = picture.width;
  canvas.height = picture.height;
  canvas.getContext("2d")?.drawImage(picture, 0, 0);
  picture.close();
  const blob = await new Promise<Blob | null>((done) => canvas.toBlob(done, "image/jpeg", 0.9));
  if (!blob) throw new UnusableFile(t("evidence.badPhoto", { name: file.name }));
  return blob.arrayBuffer();
}

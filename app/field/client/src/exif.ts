/** When and where a camera says that it took a photo (EXIF). Nothing else of it is read, and nothing is trusted. */
import type { EvidenceValue } from "./types";

export type CameraFacts = Pick<EvidenceValue, "camera_at" | "position">;

/** Cameras write it at the beginning. */
const LOOK_BYTES = 262_144;
const VIETNAM = "+07:00";
const TAG = { time: 0x132, camera: 0x8769, place: 0x8825, taken: 0x9003, zone: 0x9011 };

export function cameraFacts(bytes: ArrayBuffer): CameraFacts {
  try {
    return read(new DataView(bytes, 0, Math.min(bytes.byteLength, LOOK_BYTES)));
  } catch {
    return {}; // it points beyond its own end
  }
}

function read(view: DataView): CameraFacts {
  const base = begin(view);
  if (base === undefined) return {};
  const little = view.getUint16(base) === 0x4949;
  const short = (at: number): number => view.getUint16(base + at, little);
  const long = (at: number): number => view.getUint32(base + at, little);
  /** Where each tag's entry of 12 bytes lies. */
  const entries = (at: number): Map<number, number> =>
    new Map(Array.from({ length: short(at) }, (_, n) => [short(at + 2 + n * 12), at + 2 + n * 12]));
  const text = (entry: number | undefined): string => {
    if (entry === undefined) return "";
    const length = long(entry + 4);
    const at = base + (length > 4 ? long(entry + 8) : entry + 8);
    return Array.from({ length }, (_, n) => String.fromCharCode(view.getUint8(at + n))).join("");
  };
  const degrees = (entry: number | undefined): number => {
    if (entry === undefined) return NaN;
    const at = long(entry + 8);
    const part = (n: number): number => long(at + n * 8) / long(at + n * 8 + 4);
    return part(0) + part(1) / 60 + part(2) / 3600;
  };
  const first = entries(long(4));
  const within = (tag: number): Map<number, number> => {
    const entry = first.get(tag);
    return entry === undefined ? new Map() : entries(long(entry + 8));
  };
  const camera = within(TAG.camera);
  const place = within(TAG.place);
  return {
    ...moment(text(camera.get(TAG.taken) ?? first.get(TAG.time)), text(camera.get(TAG.zone))),
    ...point(degrees(place.get(2)), text(place.get(1)), degrees(place.get(4)), text(place.get(3))),
  };
}

function begin(view: DataView): number | undefined {
  for (let at = 0; at < view.byteLength - 14; at += 1) {
    if (view.getUint32(at) === 0x45786966 && view.getUint16(at + 4) === 0) return at + 6;
  }
  return undefined;
}

function moment(time: string, zone: string): CameraFacts {
  const [, year, month, day, clock] = /^(\d{4}):(\d\d):(\d\d) (\d\d:\d\d:\d\d)/.exec(time) ?? [];
  const [offset = VIETNAM] = /^[+-]\d\d:\d\d/.exec(zone) ?? [];
  const camera_at = `${year}-${month}-${day}T${clock}${offset}`;
  return Number.isNaN(Date.parse(camera_at)) ? {} : { camera_at };
}

function point(lat: number, north: string, lon: number, east: string): CameraFacts {
  if (!(lat <= 90 && lon <= 180) || (lat === 0 && lon === 0)) return {};
  const signed = (value: number, isMinus: boolean): string => (isMinus ? -value : value).toFixed(6);
  return { position: { lat: signed(lat, north.startsWith("S")), lon: signed(lon, east.startsWith("W")), source: "exif" } };
}

import { describe, expect, it } from "vitest";

import { cameraFacts } from "./exif";

type Field = { tag: number; type: number; count: number; data: number[] };

/** A JPEG's beginning with an EXIF block as cameras write it, in either byte order. */
function jpeg(little: boolean, camera: Field[], place: Field[]): ArrayBuffer {
  const out: number[] = [];
  const put = (value: number, size: number, at = out.length): void => {
    for (let n = 0; n < size; n += 1) out[at + n] = (value >>> (8 * (little ? n : size - 1 - n))) & 0xff;
  };
  out.push(...(little ? [0x49, 0x49] : [0x4d, 0x4d]));
  put(42, 2);
  put(8, 4);
  const directory = (fields: Field[]): void => {
    put(fields.length, 2);
    let extra = out.length + fields.length * 12 + 4;
    const late: Field[] = [];
    for (const field of fields) {
      put(field.tag, 2);
      put(field.type, 2);
      put(field.count, 4);
      const size = field.type === 5 ? field.data.length * 4 : field.data.length;
      if (field.type === 4) put(field.data[0] ?? 0, 4);
      else if (size > 4) {
        put(extra, 4);
        extra += size;
        late.push(field);
      } else out.push(...field.data, ...new Array<number>(4 - size).fill(0));
    }
    put(0, 4);
    for (const { type, data } of late) for (const one of data) type === 5 ? put(one, 4) : out.push(one);
  };
  const link = (tag: number, at: number): Field => ({ tag, type: 4, count: 1, data: [at] });
  const first = 8 + 2 + 24 + 4;
  const cameraSize = 2 + camera.length * 12 + 4 + camera.reduce((sum, { data }) => sum + (data.length > 4 ? data.length : 0), 0);
  directory([link(0x8769, first), link(0x8825, first + cameraSize)]);
  directory(camera);
  directory(place);
  return new Uint8Array([0xff, 0xd8, 0xff, 0xe1, 0, 0, ...letters("Exif"), 0, 0, ...out, 0, 0, 0, 0, 0, 0, 0, 0]).buffer;
}

const letters = (text: string): number[] => [...text].map((letter) => letter.charCodeAt(0));
const ascii = (tag: number, text: string): Field => ({ tag, type: 2, count: text.length + 1, data: [...letters(text), 0] });
const ratio = (tag: number, data: number[]): Field => ({ tag, type: 5, count: data.length / 2, data });

const CAMERA = [ascii(0x9003, "2026:11:21 08:30:05")];
const PLACE = [ascii(1, "N"), ratio(2, [10, 1, 27, 1, 2596, 100]), ascii(3, "E"), ratio(4, [105, 1, 37, 1, 5560, 100])];

describe.each([true, false])("cameraFacts, little endian: %s", (little) => {
  it("reads time, as Vietnamese where no zone is named, and place", () => {
    expect(cameraFacts(jpeg(little, CAMERA, PLACE))).toEqual({
      camera_at: "2026-11-21T08:30:05+07:00",
      position: { lat: "10.457211", lon: "105.632111", source: "exif" },
    });
  });

  it("keeps the camera's own zone, and south and west", () => {
    const south = [ascii(1, "S"), ratio(2, [1, 1, 30, 1, 0, 1]), ascii(3, "W"), ratio(4, [2, 1, 0, 1, 0, 1])];
    expect(cameraFacts(jpeg(little, [...CAMERA, ascii(0x9011, "+09:00")], south))).toEqual({
      camera_at: "2026-11-21T08:30:05+09:00",
      position: { lat: "-1.500000", lon: "-2.000000", source: "exif" },
    });
  });

  it("leaves out what is not there or makes no sense", () => {
    const nowhere = [ascii(1, "N"), ratio(2, [0, 1, 0, 1, 0, 1]), ascii(3, "E"), ratio(4, [0, 1, 0, 1, 0, 1])];
    const broken = [ascii(1, "N"), ratio(2, [0, 0, 0, 0, 0, 0]), ascii(3, "E"), ratio(4, [999, 1, 0, 1, 0, 1])];
    expect(cameraFacts(jpeg(little, [ascii(0x9003, "0000:00:00 00:00:00")], nowhere))).toEqual({});
    expect(cameraFacts(jpeg(little, [], broken))).toEqual({});
    expect(cameraFacts(jpeg(little, CAMERA, []))).toEqual({ camera_at: "2026-11-21T08:30:05+07:00" });
  });

  it("survives a block cut anywhere", () => {
    const whole = jpeg(little, CAMERA, PLACE);
    for (let size = 0; size < whole.byteLength; size += 1) expect(() => cameraFacts(whole.slice(0, size))).not.toThrow();
  });
});

it("finds nothing in a picture without EXIF", () => {
  expect(cameraFacts(new Uint8Array([0xff, 0xd8, 0xff, 0xdb, 1, 2, 3]).buffer)).toEqual({});
  expect(cameraFacts(new ArrayBuffer(0))).toEqual({});
});

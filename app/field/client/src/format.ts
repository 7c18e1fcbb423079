/** Numbers and dates as people here write them: 34.336; 99,56; 05/07/2022. Stored: "34336", "99.56", ISO. */
import type { FieldType } from "./types";

const THOUSANDS = /^[+-]?\d{1,3}(\.\d{3})+(,\d+)?$/;
const PLAIN = /^[+-]?\d+([.,]\d+)?$/;

/** The decimal string of what was typed, or null where it is no number. */
export function parseNumber(typed: string): string | null {
  const text = typed.replace(/[\s\u00a0%]/g, "");
  let number: string;
  if (THOUSANDS.test(text)) number = text.replaceAll(".", "").replace(",", ".");
  else if (PLAIN.test(text)) number = text.replace(",", ".");
  else return null;
  return number.replace(/^\+/, "").replace(/^(-?)0+(?=\d)/, "$1");
}

export function showNumber(stored: string): string {
  const [whole = "", fraction] = stored.split(".");
  const grouped = whole.replace(/\B(?=(\d{3})+(?!\d))/g, ".");
  return fraction === undefined ? grouped : `${grouped},${fraction}`;
}

/** ISO date of `5/7/2022`, `05072022` or `2022-07-05`; null where there is no such day. */
export function parseDate(typed: string): string | null {
  const text = typed.trim();
  const found =
    /^(?<d>\d{1,2})[/.-](?<m>\d{1,2})[/.-](?<y>\d{4})$/.exec(text) ??
    /^(?<d>\d\d)(?<m>\d\d)(?<y>\d{4})$/.exec(text) ??
    /^(?<y>\d{4})-(?<m>\d\d)-(?<d>\d\d)$/.exec(text);
  if (!found?.groups) return null;
  const { d = "", m = "", y = "" } = found.groups;
  const iso = `${y}-${m.padStart(2, "0")}-${d.padStart(2, "0")}`;
  const day = new Date(`${iso}T00:00:00Z`);
  return !Number.isNaN(day.getTime()) && day.toISOString().startsWith(iso) ? iso : null;
}

export function showDate(iso: string): string {
  const [y = "", m = "", d = ""] = iso.slice(0, 10).split("-");
  return d === "" ? iso : `${d}/${m}/${y}`;
}

/** HH:MM of `7:15`, `7h15`, `0715`; null where there is no such time. */
export function parseTime(typed: string): string | null {
  const found = /^(\d{1,2})[:hg.](\d{2})$/i.exec(typed.trim()) ?? /^(\d{2})(\d{2})$/.exec(typed.trim());
  if (!found) return null;
  const [, h = "", m = ""] = found;
  return Number(h) < 24 && Number(m) < 60 ? `${h.padStart(2, "0")}:${m}` : null;
}

/** What is stored for a typed text of a field, or null where it does not fit the field's type. */
export function parseField(type: FieldType, typed: string): string | null {
  if (type === "number" || type === "percent") return parseNumber(typed);
  if (type === "date") return parseDate(typed);
  if (type === "time") return parseTime(typed);
  return typed.normalize("NFC").trim();
}

export function showField(type: FieldType, stored: string): string {
  if (type === "number" || type === "percent") return parseNumber(stored) === null ? stored : showNumber(stored);
  if (type === "date") return parseDate(stored) === null ? stored : showDate(stored);
  return stored;
}

/** ISO text of a moment in the time of Việt Nam, which is UTC+7 all the year. */
function local(moment: Date): string {
  return new Date(moment.getTime() + 7 * 3_600_000).toISOString();
}

/** `14:05 22/11/2026` in the time of Việt Nam. */
export function showMoment(iso: string): string {
  const moment = new Date(iso);
  if (Number.isNaN(moment.getTime())) return iso;
  const text = local(moment);
  return `${text.slice(11, 16)} ${showDate(text)}`;
}

/** Today's ISO date in Việt Nam. */
export function today(now: Date = new Date()): string {
  return local(now).slice(0, 10);
}

/** The hour and minute it is now in Việt Nam. */
export function nowTime(): string {
  return local(new Date()).slice(11, 16);
}

/** Every text in a value, wherever it stands. */
export function words(value: unknown): string {
  if (typeof value === "string") return value;
  return typeof value === "object" && value !== null ? Object.values(value).map(words).join(" ") : "";
}

/** Letters without their marks, for a search that asks nobody to type diacritics. */
export function bare(text: string): string {
  return text.normalize("NFD").replace(/\p{M}/gu, "").replace(/đ/gi, "d").toLowerCase();
}

/** Today's first, then the newest: as the server lists them, so that no line moves under a finger when a list comes in. */
export function byDay<T extends { id: string; dates?: string[] }>(lines: readonly T[]): T[] {
  const late = ({ dates }: T): number => Number(!dates?.includes(today()));
  return [...lines].sort((a, b) => late(a) - late(b) || (a.id < b.id ? 1 : -1));
}

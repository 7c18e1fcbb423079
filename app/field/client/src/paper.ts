/**
 * The site record as it stands on paper (Mẫu 1.9, Phụ lục III NĐ 30/2020/NĐ-CP): lines with a style each, made from
 * the value alone, and the hash of exactly that text. `app/inspections/minutes.py` says the same; the table
 * `minutes_cases.json` holds both together. Its words are the catalogue's `paper.…`, the same in every language.
 */
import { t, type Text } from "./i18n";
import { sha256 } from "./ids";
import type { Attendee, MinutesValue } from "./types";

export type Line = readonly [style: string, text: string];

const BLANK = "......";

const clean = (text: string | null | undefined): string =>
  (text ?? "").normalize("NFC").replace(/[ \t\r\n\u00a0]+/g, " ").replace(/^ | $/g, "");

const lines = (style: string, text: string | null | undefined): Line[] =>
  (text ?? "").split("\n").map(clean).filter(Boolean).map((line) => [style, line]);

/** Items of a list: each ends with ";", the last with ".". */
const listed = (items: readonly string[], style = "item"): Line[] =>
  items.map((text, at) => [style, `- ${text.replace(/[ .;,]+$/, "")}${at === items.length - 1 ? "." : ";"}`]);

const joined = (...parts: (string | undefined)[]): string => parts.map(clean).filter(Boolean).join(", ");

const two = (count: number): string => (count ? String(count).padStart(2, "0") : "0");

/** `2026-11-20T08:05` → "08 giờ 05 phút, ngày 20 tháng 11 năm 2026"; dots where a part is not known. */
export function moment(at: string | null | undefined): string {
  const [, y = BLANK, m = BLANK, d = BLANK, hours = BLANK, minutes = BLANK] =
    /^(\d{4})-(\d\d)-(\d\d)T(?:(\d\d):(\d\d))?$/.exec(at ?? "") ?? [];
  return t("paper.moment", { hours, minutes, d, m: m.replace(/^0(?=[3-9])/, ""), y });
}

export function paperLines(value: MinutesValue): Line[] {
  const { letterhead: head, people = [], copies = 2 } = value;
  const text = (key: Text, parts = {}): Line => ["text", t(key, parts)];
  const signatory = (one: { name?: string; title?: string } | undefined): string => joined(one?.name, one?.title) || BLANK;
  const sides = [
    ["doan", clean(value.team) || t("paper.team")],
    ["don_vi", clean(value.unit_name) || t("paper.unit")],
    ["khac", t("paper.others")],
  ] as const;
  const known = people.filter(({ name, substitute }) => clean(name) + clean(substitute));
  const isThere = (one: Attendee): boolean => one.present !== false || clean(one.substitute) !== "";
  const groups = sides
    .map(([side, name]) => ({ name, here: known.filter((one) => (one.side ?? "don_vi") === side && isThere(one)) }))
    .filter(({ here }) => here[0]);
  const absent = known.filter((one) => !isThere(one)).map(({ name, position }) => joined(name, position));
  return [
    ...lines("superior", head?.superior?.toUpperCase()),
    ...lines("body", head?.body?.toUpperCase()),
    ["republic", t("paper.republic")],
    ["motto", t("paper.motto")],
    ["number", t("paper.number", { symbol: clean(head?.symbol) || `BB-${BLANK}` })],
    ["type", t("paper.type")],
    ["subject", clean(value.subject)],
    text("paper.began", { at: moment(value.started_at) }),
    text("paper.place", { place: clean(value.place) || BLANK }),
    text("paper.people"),
    ...groups.flatMap(({ name, here }, at): Line[] => [["text", `${at + 1}. ${name}:`], ...listed(here.map(attends))]),
    ...(absent[0] ? [text("paper.absent"), ...listed(absent)] : []),
    text("paper.chair", { who: signatory(value.chair) }),
    text("paper.secretary", { who: signatory(value.secretary) }),
    text("paper.content"),
    ...parts(value)
      .filter(([, body]) => body[0])
      .flatMap(([title, body], at): Line[] => [["heading", `${at + 1}. ${title}`], ...body]),
    text(value.kind === "diem_danh" ? "paper.countEnds" : "paper.ends", { at: moment(value.ended_at) }),
    text(copies === 2 ? "paper.two" : "paper.copies", { n: two(copies) }),
    ...(["secretary", "unit_signer", "chair"] as const).flatMap((key): Line[] => [
      ["sign", t(`paper.sign.${key}`)],
      ["title", key === "unit_signer" ? clean(value[key]?.title).toUpperCase() : ""],
      ["name", clean(value[key]?.name)],
    ]),
    ...listed((value.recipients ?? []).map(clean).filter(Boolean), "recipient"),
  ];
}

function attends({ name, position, substitute, mandate }: Attendee): string {
  const [by, instead] = [clean(mandate), clean(substitute)];
  const who = joined(name, position);
  return instead ? t("paper.instead", { instead, who }) + (by && t("paper.by", { by })) : who;
}

function parts(value: MinutesValue): [string, Line[]][] {
  const counts = (value.counts ?? []).map((one) => {
    const figures = (["expected", "present", "excused", "unexplained"] as const).flatMap((key) =>
      one[key] == null ? [] : t(`paper.${key}`, { n: two(one[key]) }));
    const where = clean(one.where);
    return `${moment(one.at)}${where && t("paper.at", { where })}: ${figures.join(", ") || BLANK}`;
  });
  const asked = (value.requests ?? [])
    .map((one) => ({ text: clean(one.text), whom: clean(one.addressee) }))
    .flatMap((one) => (one.text ? (one.whom ? t("paper.request", one) : one.text) : []));
  return [
    ...(value.sections ?? []).map(({ title, text }): [string, Line[]] => [clean(title), lines("text", text)]),
    [t("paper.counts"), listed(counts)],
    [t("paper.preliminary"), lines("text", value.preliminary?.text)],
    [t("paper.opinion"), lines("text", value.unit_opinion)],
    [t("paper.requests"), [...listed(asked), ...lines("text", value.petitions)]],
    [t("paper.handed"), lines("text", value.handed_over)],
  ];
}

/** SHA-256 of exactly the text that the paper shows. */
export async function shownHash(value: MinutesValue): Promise<string> {
  const text = paperLines(value).map((line) => `${line.join("\t")}\n`);
  return sha256(new TextEncoder().encode(`kiemtra-bien-ban-1\n${text.join("")}`).buffer);
}

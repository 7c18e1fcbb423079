/**
 * The site record as it stands on paper (Mẫu 1.9, Phụ lục III NĐ 30/2020/NĐ-CP): lines with a style each, made from
 * the value alone, and the hash of exactly that text. `app/inspections/minutes.py` says the same; the table
 * `minutes_cases.json` holds both together. The paper is Vietnamese whatever the screens speak.
 */
import { sha256 } from "./ids";
import type { MinutesValue } from "./types";

export type Line = readonly [style: string, text: string];

const BLANK = "......";

const clean = (text: string | null | undefined): string =>
  (text ?? "").normalize("NFC").replace(/[ \t\r\n\u00a0]+/g, " ").replace(/^ | $/g, "");

const paragraphs = (text: string | null | undefined): string[] => (text ?? "").split("\n").map(clean).filter(Boolean);

const texts = (text: string | null | undefined): Line[] => paragraphs(text).map((line) => ["text", line]);

/** Items of a list: each ends with ";", the last with ".". */
const listed = (items: readonly string[], style = "item"): Line[] =>
  items.map((text, at) => [style, `- ${text.replace(/[ .;,]+$/, "")}${at === items.length - 1 ? "." : ";"}`]);

const joined = (...parts: (string | undefined)[]): string => parts.map(clean).filter(Boolean).join(", ");

/** `2026-11-20T08:05` → "08 giờ 05 phút, ngày 20 tháng 11 năm 2026"; dots where a part is not known. */
export function moment(at: string | null | undefined): string {
  const [, year = BLANK, month = BLANK, date = BLANK, hours = BLANK, minutes = BLANK] =
    /^(\d{4})-(\d\d)-(\d\d)T(?:(\d\d):(\d\d))?$/.exec(at ?? "") ?? [];
  return `${hours} giờ ${minutes} phút, ngày ${date} tháng ${month.replace(/^0(?=[3-9])/, "")} năm ${year}`;
}

export function paperLines(value: MinutesValue): Line[] {
  const { letterhead: head, people = [], chair, secretary, unit_signer: unit, copies = 2 } = value;
  const upper = (style: string, text: string | undefined): Line[] =>
    paragraphs(text).map((line) => [style, line.toUpperCase()]);
  const sides = {
    doan: clean(value.team) || "Đoàn kiểm tra",
    don_vi: clean(value.unit_name) || "Đơn vị được kiểm tra",
    khac: "Thành phần khác",
  };
  const known = people.filter(({ name, substitute }) => clean(name) + clean(substitute) !== "");
  const isThere = (one: (typeof people)[number]): boolean => one.present !== false || clean(one.substitute) !== "";
  const groups = Object.entries(sides)
    .map(([side, name]) => ({ name, here: known.filter((one) => (one.side ?? "don_vi") === side && isThere(one)) }))
    .filter(({ here }) => here.length > 0);
  const absent = known.filter((one) => !isThere(one)).map(({ name, position }) => joined(name, position));
  const counted = value.kind === "diem_danh" ? "Việc kiểm đếm" : "Buổi làm việc";
  const shares = copies === 2 ? "mỗi bên giữ 01 bản" : "mỗi bên giữ ít nhất 01 bản";
  return [
    ...upper("superior", head?.superior),
    ...upper("body", head?.body),
    ["republic", "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"],
    ["motto", "Độc lập - Tự do - Hạnh phúc"],
    ["number", `Số: ${BLANK}/${clean(head?.symbol) || `BB-${BLANK}`}`],
    ["type", "BIÊN BẢN"],
    ["subject", clean(value.subject)],
    ["text", `Thời gian bắt đầu: ${moment(value.started_at)}.`],
    ["text", `Địa điểm: ${clean(value.place) || BLANK}.`],
    ["text", "Thành phần tham dự:"],
    ...groups.flatMap(({ name, here }, at): Line[] => [["text", `${at + 1}. ${name}:`], ...listed(here.map(attends))]),
    ...(absent.length > 0 ? ([["text", "Vắng mặt:"], ...listed(absent)] as Line[]) : []),
    ["text", `Chủ trì (chủ tọa): ${joined(chair?.name, chair?.title) || BLANK}.`],
    ["text", `Thư ký (người ghi biên bản): ${joined(secretary?.name, secretary?.title) || BLANK}.`],
    ["text", "Nội dung:"],
    ...parts(value)
      .filter(([, lines]) => lines.length > 0)
      .flatMap(([title, lines], at): Line[] => [["heading", `${at + 1}. ${title}`], ...lines]),
    ["text", `${counted} kết thúc vào ${moment(value.ended_at)}.`],
    [
      "text",
      `Biên bản này được lập thành ${two(copies)} bản có giá trị như nhau, ${shares}; đã được đọc lại cho những người có mặt cùng nghe, thống nhất và ký tên dưới đây./.`,
    ],
    ...signer("THƯ KÝ", "", secretary?.name),
    ...signer("ĐẠI DIỆN ĐƠN VỊ", clean(unit?.title).toUpperCase(), unit?.name),
    ...signer("CHỦ TỌA", "", chair?.name),
    ...listed((value.recipients ?? []).map(clean).filter(Boolean), "recipient"),
  ];
}

function signer(title: string, second: string, name: string | undefined): Line[] {
  return [["sign", title], ["title", second], ["name", clean(name)]];
}

function attends({ name, position, substitute, mandate }: NonNullable<MinutesValue["people"]>[number]): string {
  const by = clean(mandate);
  const instead = clean(substitute);
  return instead ? `${instead}, dự thay ${joined(name, position)}${by && ` (theo ${by})`}` : joined(name, position);
}

const two = (count: number): string => (count ? String(count).padStart(2, "0") : "0");

const COUNTED = [
  ["expected", "phải có mặt"],
  ["present", "có mặt"],
  ["excused", "vắng có lý do"],
  ["unexplained", "vắng chưa rõ lý do"],
] as const;

function parts(value: MinutesValue): [string, Line[]][] {
  const counts = (value.counts ?? []).map((one) => {
    const figures = COUNTED.flatMap(([key, label]) => (one[key] == null ? [] : `${label} ${two(one[key])} người`));
    const where = clean(one.where);
    return `${moment(one.at)}${where && `, tại ${where}`}: ${figures.join(", ") || BLANK}`;
  });
  const asked = (value.requests ?? [])
    .map(({ text, addressee }) => [clean(text), clean(addressee)] as const)
    .flatMap(([text, whom]) => (text ? (whom ? `Với ${whom}: ${text}` : text) : []));
  return [
    ...(value.sections ?? []).map(({ title, text }): [string, Line[]] => [clean(title), texts(text)]),
    ["Kiểm đếm người có mặt", listed(counts)],
    ["Kết luận sơ bộ của người chủ trì", texts(value.preliminary?.text)],
    ["Ý kiến của đơn vị được kiểm tra", texts(value.unit_opinion)],
    ["Kiến nghị của đơn vị được kiểm tra", [...listed(asked), ...texts(value.petitions)]],
    ["Tài liệu giao, nhận", texts(value.handed_over)],
  ];
}

/** SHA-256 of exactly the text that the paper shows. */
export async function shownHash(value: MinutesValue): Promise<string> {
  const lines = paperLines(value).map(([style, text]) => `${style}\t${text}\n`);
  return sha256(new TextEncoder().encode(`kiemtra-bien-ban-1\n${lines.join("")}`).buffer);
}

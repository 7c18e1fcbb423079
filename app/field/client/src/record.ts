/** Site records: filled in from the setup, proposed from the answers, read through, changed afterwards. */
import type { Board } from "./board";
import { nowTime, showField, showMoment, today } from "./format";
import { known, t, type Text } from "./i18n";
import { shownHash } from "./paper";
import { chosenFigures, derive } from "./rules";
import type { AnswerValue, Item, Member, MinutesValue } from "./types";

export type RecordKind = NonNullable<MinutesValue["kind"]>;

/** What the server tells of unit and issuing body, as far as the paper needs it. */
interface Heads {
  unit: { name: string; address?: string; terms?: Record<string, string> };
  issuer: { name?: string; letterhead?: string; superior?: string; archive?: string; symbols?: Record<string, string> };
}

export function stateOf({ read, scans = [], shown_sha256, printed_at }: MinutesValue): "draft" | "read" | "printed" | "scanned" {
  if (!read) return "draft";
  if (scans.some(({ shown }) => shown === shown_sha256)) return "scanned";
  return printed_at ? "printed" : "read";
}

/** The minute it is in Việt Nam. */
export const now = (): string => `${today()}T${nowTime()}`;

/** A new record as far as setup and answers can fill it in; nobody is present until ticked. */
export function newRecord(board: Board, kind: RecordKind): MinutesValue {
  const { setup } = board.bundle.inspection;
  const { members } = board.bundle;
  const { unit, issuer } = board.bundle as unknown as Heads;
  const counting = kind === "diem_danh";
  const title = (one: Member | undefined): string => known(`paper.${one?.functions[0]}`) ?? "";
  const member = (functions: readonly string[]): Member | undefined =>
    functions.flatMap((one) => members.filter((each) => (each.functions as string[]).includes(one)))[0];
  const chair = member(["chu_tri", "truong_doan", "pho_truong_doan"]);
  const secretary = member(["thu_ky"]) ?? members.find(({ account }) => account === board.account);
  const head = unit.terms?.["head_title"] ?? "";
  const value: MinutesValue = {
    held_at: showMoment(new Date().toISOString()),
    kind,
    letterhead: {
      superior: issuer.superior ?? "",
      body: issuer.letterhead ?? issuer.name ?? "",
      symbol: issuer.symbols?.["BB"] || (issuer.symbols?.["TB"]?.replace(/^TB/, "BB") ?? ""),
    },
    subject: counting ? t("paper.countSubject") : setup.title,
    unit_name: unit.name,
    team: setup.team?.split(";")[0] ?? "",
    started_at: now(),
    place: unit.address || unit.name,
    people: [
      ...members.map((one) => ({
        name: one.name,
        position: one.position?.startsWith(title(one)) ? one.position : [one.position, title(one)].filter(Boolean).join(", "),
        side: "doan" as const,
        present: false,
      })),
      { position: head, side: "don_vi", present: false },
    ],
    chair: { name: chair?.name ?? "", title: title(chair) },
    secretary: { name: secretary?.name ?? "" },
    unit_signer: { title: head },
    recipients: [unit.name, t("paper.members"), t("paper.archive", { archive: issuer.archive || "VT" })],
    counts: counting ? [{ at: now() }] : [],
  };
  return counting ? value : proposed(board, value);
}

/** Any change of the text ends the reading: what was read, printed and signed was another text. */
export function changedText(value: MinutesValue, part: Partial<MinutesValue>): MinutesValue {
  const { settled: _, read: _read, shown_sha256: _shown, covers: _covers, head: _head, printed_at: _at, ...rest } = value;
  return { ...rest, ...part };
}

/** The record as it was read out just now: hash of the text, entries it covers, the server's head as known here. */
export async function readOut(board: Board, value: MinutesValue, by: string): Promise<MinutesValue> {
  const head = board.held?.receipt.head ?? null;
  const read = { by, at: new Date().toISOString() };
  return { ...value, read, head, shown_sha256: await shownHash(value), covers: board.fieldEntries() };
}

/** Why a record cannot be kept yet. */
export function recordProblem({ started_at, ended_at, counts = [] }: MinutesValue): string | undefined {
  const typed = [started_at, ended_at, ...counts.map(({ at }) => at)].find((at) => at && !/^\d{4}-\d\d-\d\dT(\d\d:\d\d)?$/.test(at));
  if (typed) return t("figures.badDate", { typed });
  return ended_at && started_at && ended_at.length === started_at.length && ended_at < started_at ? t("record.endsFirst") : undefined;
}

// ---- what the answers propose

const BLAMED = ["chua_dat", "dat_mot_phan", "cho_bo_sung", "da_khac_phuc_tai_cho"];

interface Found {
  area: string;
  bad: boolean;
  text: string;
}

function findings(board: Board, site: string | undefined): Found[] {
  const { unit } = board.bundle as unknown as Heads;
  const found: Found[] = [];
  for (const { item, pack } of board.items.values()) {
    for (const place of board.placesOf(item)) {
      const [entry] = board.answer(place);
      const value = entry && board.shown<AnswerValue>(entry.subject);
      const verdict = value?.verdict ?? "";
      const bad = BLAMED.includes(verdict);
      // What the delegation does not agree on itself is not proposed.
      if (!value || (!bad && verdict !== "dat") || (site && site !== place.site) || board.disputed(entry.subject)[0]) continue;
      const at = board.sites.find(({ id }) => id === place.site)?.name;
      const fixed = verdict === "da_khac_phuc_tai_cho" ? t("paper.fixed") : "";
      found.push({ area: pack.area || pack.title, bad, text: `- ${sentence(item, bad, value, unit)}${at ? ` (${at})` : ""}${fixed}.` });
    }
  }
  return found;
}

const listed = (found: readonly Found[], key: Text): string[] => (found[0] ? [t(key), ...found.map(({ text }) => text)] : []);

/** Puts what was found so far into the parts that nobody has typed in; typed ones are left as they are. */
export function proposed(board: Board, value: MinutesValue): MinutesValue {
  const found = findings(board, value.sites?.[0]);
  const bad = found.filter((one) => one.bad);
  const typed = (value.sections ?? []).filter((one) => one.typed);
  const areas = [...new Set(found.map(({ area }) => area))].filter((area) => !typed.some(({ title }) => title === area));
  const sections = areas.map((title) => {
    const [good, poor] = [false, true].map((is) => found.filter((one) => one.area === title && one.bad === is));
    return { title, text: [...listed(good ?? [], "paper.good"), ...listed(poor ?? [], "paper.bad")].join("\n"), typed: false };
  });
  const sums = found[0] && t("paper.found", { n: found.length, good: found.length - bad.length, bad: bad.length });
  const preliminary = { text: [sums ?? "", ...listed(bad.slice(0, 12), "paper.mend")].join("\n"), typed: false };
  return { ...value, sections: [...typed, ...sections], preliminary: value.preliminary?.typed ? value.preliminary : preliminary };
}

/** One sentence of an item from its wording, with whose figures they are; a part whose figures are unknown drops. */
export function sentence(item: Item, bad: boolean, { figures: readings = {} }: AnswerValue, unit: Heads["unit"]): string {
  const chosen = chosenFigures({ figures: readings });
  const figures: Record<string, string> = { ...chosen, ...derive(item, chosen) };
  let used = false;
  const fill = (text: string): string | undefined => {
    let lost = false;
    const filled = text.replace(/\{(\w+)\}/g, (_, key: string) => {
      const figure = figures[key];
      const type = item.fields.find((field) => field.key === key)?.type ?? "number";
      const term = unit.terms?.[key] || known(`paper.${key}`);
      // A count of nothing is no shortcoming.
      if (figure === undefined ? !term : bad && type === "number" && Number(figure) <= 0) lost = true;
      if (figure === undefined) return term ?? "";
      used = true;
      return showField(type, figure) + (type === "percent" ? "%" : "");
    });
    return lost ? undefined : filled;
  };
  const whole = (text: string | null): string | undefined =>
    fill((text ?? "").replace(/\[\[(.*?)\]\]/gs, (_, parts: string) => parts.split("|").map(fill).find((part) => part !== undefined) ?? ""));
  const part = bad ? "shortcoming" : "pass";
  const told = whole(item[part]) || whole(item.plain[part]) || item.question;
  // Counts stand before their noun with two digits: 03 hồ sơ.
  const text = told.replace(/%%/g, "%").replace(/(?<![\d.,/])([1-9])(?= \p{Ll})/gu, "0$1").replace(/\s+/g, " ").replace(/ (?=[,;.:)])|[ .;,]+$/g, "");
  const sources = new Set(Object.values(readings).flatMap((each) => each.map(({ source }) => source)));
  const said = used && sources.size === 1 ? t(`paper.${[...sources][0]}` as Text) : "";
  return !said || text.includes(said.slice(5)) ? text : `${said}, ${text.charAt(0).toLowerCase()}${text.slice(1)}`;
}

// ---- strokes

/** Drawn strokes as integers on a field 1000 wide: start, then steps of x, y and milliseconds. */
export function compact(strokes: readonly { points: readonly { x: number; y: number; time: number }[] }[], width: number): number[][] {
  return strokes.map(({ points }) => {
    let last = [0, 0, Math.round(points[0]?.time ?? 0)];
    return points.flatMap(({ x, y, time }) => {
      const here = [Math.round((x * 1000) / width), Math.round((y * 1000) / width), Math.round(time)];
      const step = here.map((one, at) => one - (last[at] ?? 0));
      last = here;
      return step;
    });
  });
}

/** The `d` of an SVG path for compact strokes; a dot is a step of no length. */
export function strokePath(strokes: readonly (readonly number[])[]): string {
  return strokes.map((stroke) => `M${stroke.slice(0, 2).join(" ")}l0 0${stroke.slice(3).reduce((path, step, at) => (at % 3 < 2 ? `${path} ${step}` : path), "")}`).join("");
}

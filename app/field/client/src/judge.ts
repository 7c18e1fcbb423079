/** What the rules say of an answer as it stands on the screen. */
import type { Board } from "./board";
import type { Draft } from "./db";
import { t, type Text } from "./i18n";
import { parseDate, parseField } from "./format";
import { screens } from "./later";
import { checkAnswer, checkRow, chosenFigures, derive, differences, proposeVerdict, withRows } from "./rules";
import { parseSubject, type Place } from "./subjects";
import type { AnswerValue, EvidenceValue, FieldType, Figures, Item, MinutesValue, NoteValue, RowValue, Verdict } from "./types";

export interface Judgement {
  proposed: Verdict | undefined;
  derived: Record<string, string>;
  warnings: string[];
  /** Keys of the figures whose sources differ. */
  differing: string[];
}

export function judge(board: Board, place: Place, item: Item, value: AnswerValue): Judgement {
  const chosen = withRows(item, chosenFigures(said(value)), filledRows(board, place));
  // The reason is asked for beside the verdict.
  const faults = checkAnswer(item, said(value)).filter(({ level, where }) => level === "warning" && where !== "reason");
  return {
    proposed: proposeVerdict(item, chosen, board.bundle.unit.level) ?? undefined,
    derived: derive(item, chosen),
    warnings: [...new Set(faults.map(({ text }) => text))],
    differing: differences(item, said(value)).map(({ key }) => key),
  };
}

/** How many rows of the table say something; an opened and empty one does not count. */
export function filledRows(board: Board, place: Place): number {
  const values = board.rows(place).flatMap((subject) => board.shown<RowValue>(subject) ?? []);
  return values.filter((value) => !isBlankRow(value)).length;
}

/** A draft as it goes into the journal: without figures and cells that were begun and left empty. */
export function finished({ subject, value }: Draft): unknown {
  const { kind, tail } = parseSubject(subject);
  return value !== null && kind === "answer" && tail === "" ? said(value as AnswerValue) : value;
}

/** The answer as the rules take it: without figures that were begun and left empty. */
function said(value: AnswerValue): AnswerValue & { figures: Figures } {
  const figures = Object.entries(value.figures ?? {}).map(
    ([key, readings]) => [key, readings.filter((reading) => reading.value !== "")] as const,
  );
  return { ...value, figures: Object.fromEntries(figures) };
}

/** What was typed and cannot be read as a figure of its type. */
function unreadableFigure(item: Item, { figures = {} }: AnswerValue): string | undefined {
  for (const { key, label, type } of item.fields) {
    for (const { value, as_of } of figures[key] ?? []) {
      const fault = complaint(type, value) ?? complaint("date", as_of ?? "");
      if (fault !== undefined) return `${label}: ${fault}`;
    }
  }
  return undefined;
}

function unreadableCell(item: Item, { row }: RowValue): string | undefined {
  for (const { key, label, type } of item.rows) {
    const fault = complaint(type, row[key] ?? "");
    if (fault !== undefined) return `${label}: ${fault}`;
  }
  return undefined;
}

const COMPLAINTS: Partial<Record<FieldType, Text>> = {
  number: "figures.badNumber",
  percent: "figures.badNumber",
  date: "figures.badDate",
  time: "figures.badTime",
};

/** The sentence for what was typed and cannot be read, in the way people write here. */
export function complaint(type: FieldType, typed: string): string | undefined {
  const text = COMPLAINTS[type];
  return text && typed !== "" && parseField(type, typed) === null ? t(text, { typed }) : undefined;
}

/** Why a draft cannot become an entry yet; undefined where it can. */
export function problemOf(board: Board, place: Place, draft: Draft): string | undefined {
  const { kind, tail } = parseSubject(draft.subject);
  if (kind === "minutes" && draft.value !== null) {
    // A record is only written on its screen, so that the second file is there.
    return screens()?.recordProblem(draft.value as MinutesValue);
  }
  const item = board.items.get(place.item)?.item;
  if (draft.value === null || !item) return undefined;
  if ((draft.value as AnswerValue).settled?.reason.trim() === "") return t("dispute.needReason");
  if (kind === "note") return (draft.value as NoteValue).text.trim() === "" ? t("notes.empty") : undefined;
  if (kind === "evidence") return evidenceProblem(draft.value as EvidenceValue);
  if (tail === "") {
    const answer = said(draft.value as AnswerValue);
    return unreadableFigure(item, answer) ?? firstError(checkAnswer(item, answer));
  }
  const row = draft.value as RowValue;
  return isBlankRow(row) ? t("rows.empty") : (unreadableCell(item, row) ?? firstError(checkRow(item, row)));
}

/** A form that was opened and left empty says nothing and is let go. */
export function isVoid(board: Board, { subject, value }: Draft): boolean {
  if (board.currentOf(subject).length > 0) return false;
  const { kind, tail } = parseSubject(subject);
  if (kind === "minutes") return false;
  if (kind === "note") return (value as NoteValue).text.trim() === "";
  if (kind === "evidence") return isBlankEvidence(value as EvidenceValue);
  if (tail !== "") return isBlankRow(value as RowValue);
  const { verdict, reason = "", figures = {} } = value as AnswerValue;
  return !verdict && reason.trim() === "" && Object.values(figures).every((readings) => readings.length === 0);
}

function isBlankRow({ row }: RowValue): boolean {
  return Object.values(row).every((cell) => cell.trim() === "");
}

function isBlankEvidence({ file, paper, address, call, caption }: EvidenceValue): boolean {
  const texts = [paper?.number, paper?.subject, paper?.issuer, paper?.date, address, call?.number, call?.result, caption];
  return !file && texts.every((text) => !text?.trim());
}

function firstError(problems: readonly { level: string; text: string }[]): string | undefined {
  return problems.find(({ level }) => level === "error")?.text;
}

function evidenceProblem({ kind, paper, address, call }: EvidenceValue): string | undefined {
  if (kind === "van_ban" && !paper?.number?.trim() && !paper?.subject?.trim()) return t("evidence.needPaper");
  if (paper?.date && parseDate(paper.date) === null) return t("figures.badDate", { typed: paper.date });
  if (kind === "dia_chi" && !address?.trim()) return t("evidence.needAddress");
  if (kind === "goi_thu" && !call?.number.trim()) return t("evidence.needPhone");
  return undefined;
}

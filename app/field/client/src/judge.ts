/** What the rules say of an answer as it stands on the screen. */
import type { Board } from "./board";
import type { Draft } from "./db";
import { t } from "./i18n";
import { checkAnswer, checkRow, chosenFigures, derive, differences, proposeVerdict, withRows } from "./rules";
import { parseSubject, type Place } from "./subjects";
import type { AnswerValue, EvidenceValue, FigureReading, Item, NoteValue, RowValue, Verdict } from "./types";

export interface Judgement {
  proposed: Verdict | undefined;
  derived: Record<string, string>;
  warnings: string[];
  differing: Map<string, FigureReading[]>;
}

export function judge(board: Board, place: Place, item: Item, value: AnswerValue): Judgement {
  const figures = withRows(item, chosenFigures(value), board.rows(place).length);
  return {
    proposed: proposeVerdict(item, figures, board.bundle.unit.level) ?? undefined,
    derived: derive(item, figures),
    warnings: checkAnswer(item, value).flatMap(({ level, text }) => (level === "warning" ? [text] : [])),
    differing: new Map(differences(item, value).map(({ key, readings }) => [key, [...readings]])),
  };
}

/** Why a draft cannot become an entry yet; undefined where it can. */
export function problemOf(board: Board, place: Place, draft: Draft): string | undefined {
  const { kind, tail } = parseSubject(draft.subject);
  const item = board.items.get(place.item)?.item;
  if (draft.value === null || !item) return undefined;
  if (kind === "note") return (draft.value as NoteValue).text.trim() === "" ? t("notes.empty") : undefined;
  if (kind === "evidence") return evidenceProblem(draft.value as EvidenceValue);
  if (tail === "") return firstError(checkAnswer(item, draft.value as AnswerValue));
  const row = draft.value as RowValue;
  return isBlankRow(row) ? t("rows.empty") : firstError(checkRow(item, row));
}

/** A form that was opened and left empty says nothing and is let go. */
export function isVoid(board: Board, { subject, value }: Draft): boolean {
  if (board.currentOf(subject).length > 0) return false;
  const { kind, tail } = parseSubject(subject);
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
  if (kind === "dia_chi" && !address?.trim()) return t("evidence.needAddress");
  if (kind === "goi_thu" && !call?.number.trim()) return t("evidence.needPhone");
  return undefined;
}

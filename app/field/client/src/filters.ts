/** What a person looks for among the items: what is open, failed, without proof, contradicted, their own. */
import type { Board } from "./board";
import { differences } from "./rules";
import { answerSubject, samePlace, type Place } from "./subjects";
import type { AnswerValue, FigureReading, Item, Pack } from "./types";

export const FILTERS = ["open", "mine", "failed", "proof", "differs", "disputed", "refused"] as const;
export type Filter = (typeof FILTERS)[number];

type Test = (board: Board, item: Item, place: Place, verdict: string) => boolean;

const isBad: Test = (_board, _item, _place, verdict) => ["chua_dat", "dat_mot_phan"].includes(verdict);

const TESTS: Record<Filter, Test> = {
  open: (board, item, _place, verdict) => verdict === "" && !board.isDone(item),
  mine: (board, item) => board.isMine(item),
  failed: isBad,
  // A verdict that speaks of something seen: where the checklist asks for proof, or where the unit may object.
  proof: (board, item, place, verdict) =>
    (isBad(board, item, place, verdict) ||
      (item.evidence.length > 0 && ["dat", "da_khac_phuc_tai_cho"].includes(verdict))) &&
    board.evidence(place).length === 0,
  differs: figuresDiffer,
  disputed: (board, _item, place) => board.subjectsAt(place).some((subject) => board.disputed(subject).length > 0),
  refused: (board, _item, place) => board.subjectsAt(place).some((subject) => board.stateOf(subject) === "refused"),
};

/** Own figures that differ among themselves or from what the unit reported. */
function figuresDiffer(board: Board, item: Item, place: Place): boolean {
  const { figures = {} } = board.shown<AnswerValue>(answerSubject(board.id, place)) ?? {};
  const merged = Object.entries(figures).map(([key, readings]): [string, FigureReading[]] => {
    const own = readings.filter(({ value }) => value !== "");
    const reported = board.reported(place).filter(({ figure }) => figure === key && own.length > 0);
    return [key, [...own, ...reported.map(({ value }): FigureReading => ({ value, source: "bao_cao" }))]];
  });
  return differences(item, { figures: Object.fromEntries(merged) }).length > 0;
}

/** The first place of an item that a filter finds. */
export function found(board: Board, item: Item, filter: Filter): Place | undefined {
  return board.placesOf(item).find((place) => TESTS[filter](board, item, place, board.verdictAt(place) ?? ""));
}

/** Core set first, as in the list. */
export function ordered(pack: Pack): Item[] {
  return [...pack.items.filter((item) => item.core), ...pack.items.filter((item) => !item.core)];
}

/** The next place after this one that a filter finds, through all checklists and round to the first. */
export function nextFound(board: Board, filter: Filter, here?: Place): Place | undefined {
  const items = board.packs.flatMap(ordered);
  const places = items.flatMap((item) => board.placesOf(item).map((place) => ({ item, place })));
  const at = here ? places.findIndex(({ place }) => samePlace(place, here)) : -1;
  const onward = [...places.slice(at + 1), ...places.slice(0, Math.max(at, 0))];
  return onward.find(({ item, place }) => TESTS[filter](board, item, place, board.verdictAt(place) ?? ""))?.place;
}

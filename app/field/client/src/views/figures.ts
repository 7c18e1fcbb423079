/** Figures with their source and day; several sources stand side by side, the unit's own report above them. */
import { html, nothing } from "lit/html.js";

import type { Board } from "../board";
import { nowTime, showDate, showField, today } from "../format";
import { known, t } from "../i18n";
import { filledRows, type Judgement } from "../judge";
import type { Place } from "../subjects";
import type { AnswerValue, FigureField, FigureReading, Item, ReportedFigure, Source } from "../types";
import { field, segments, type View } from "./parts";

const SOURCES: readonly Source[] = ["doan_kiem_dem", "phan_mem", "bao_cao"];

export interface FiguresProps {
  board: Board;
  place: Place;
  item: Item;
  subject: string;
  value: AnswerValue;
  judged: Judgement;
  set: (value: AnswerValue) => void;
}

export function figuresCard(props: FiguresProps): View {
  return html`<section class="card" aria-label=${t("figures.title")}><h2>${t("figures.title")}</h2>
    ${props.item.fields.map((one) => figure(props, one))}${derived(props.judged)}</section>`;
}

function figure(props: FiguresProps, one: FigureField): View {
  const { board, place, value, judged } = props;
  const readings = value.figures?.[one.key] ?? [];
  const reported = board.reported(place).filter(({ figure: key }) => key === one.key);
  const put = (next: FigureReading[]): void => props.set({ ...value, figures: { ...value.figures, [one.key]: next } });
  const rows = one.counts_rows ? filledRows(board, place) : 0;
  return html`<div class="figure" data-testid=${`figure-${one.key}`}>
    <p class="label">${one.label}${one.unit ? html` <small>(${one.unit})</small>` : nothing}</p>
    ${reported.map((given) => reportedLine(one, given, readings, put))}
    ${rows > 0 ? html`<p class="muted">${t("figures.counted", { n: rows })}</p>` : nothing}
    ${(readings.length > 0 ? readings : [EMPTY]).map((_, at) => reading(props, one, readings, at, put))}
    ${difference(one, reported, readings, judged)}
    ${readings.length > 0 && readings.length < SOURCES.length ? more(one, readings, put) : nothing}
  </div>`;
}

const EMPTY: FigureReading = { value: "", source: "doan_kiem_dem" };

function free(readings: readonly FigureReading[]): Source {
  return SOURCES.find((source) => !readings.some((one) => one.source === source)) ?? "doan_kiem_dem";
}

/** What the team counts it counts today; of other sources the inspector says the day. */
function begun(source: Source, value: string): FigureReading {
  return source === "doan_kiem_dem" ? { value, source, as_of: today() } : { value, source };
}

function reading(
  { subject }: FiguresProps,
  one: FigureField,
  readings: FigureReading[],
  at: number,
  put: (next: FigureReading[]) => void,
): View {
  const here = readings[at];
  const { value, source, as_of } = here ?? EMPTY;
  const change = (part: Partial<FigureReading>): void => {
    const next = { ...(here ?? begun(source, "")), ...part };
    put(here ? readings.with(at, next) : [next]);
  };
  const choices = SOURCES.map((candidate) => ({
    value: candidate,
    label: known(`source.${candidate}`) ?? candidate,
    disabled: candidate !== source && readings.some((other) => other.source === candidate),
  }));
  const test = `${one.key}-${at}`;
  // A figure that was wiped out is no figure.
  const setValue = (text: string): void => (text === "" ? put(readings.filter((_, i) => i !== at)) : change({ value: text }));
  return html`<div class="reading">
    ${input(one, `${subject} ${test}`, value, `value-${test}`, setValue)}
    ${segments(t("source.legend", { label: one.label }), choices, source, `source-${test}`, (chosen) =>
      change({ source: chosen as Source, as_of: as_of ?? (chosen === "doan_kiem_dem" ? today() : null) }))}
    ${here
      ? field({
          key: `${subject} ${test} day`,
          label: t("figures.date"),
          type: "date",
          value: as_of ?? "",
          testId: `as-of-${test}`,
          set: (day) => change({ as_of: day || null }),
        })
      : nothing}
    ${readings.length > 1
      ? html`<button type="button" class="quiet" data-testid=${`remove-${test}`}
          @click=${() => put(readings.filter((_, i) => i !== at))}>${t("figures.remove")}</button>`
      : nothing}
  </div>`;
}

function input(one: FigureField, key: string, value: string, testId: string, set: (text: string) => void): View {
  const label = t("figures.value", { label: one.label });
  if (one.type === "bool") {
    const choices = [
      { value: "true", label: t("figures.yes") },
      { value: "false", label: t("figures.no") },
    ];
    return segments(label, choices, value, testId, (chosen) => set(chosen === value ? "" : chosen));
  }
  const lines = one.type === "text" ? { lines: 1 } : {};
  const box = field({ key, label, type: one.type, value, testId, hideLabel: true, set, ...lines });
  if (one.type !== "time") return box;
  const now = (): void => set(nowTime());
  return html`${box}<button type="button" class="quiet" data-testid=${`${testId}-now`} @click=${now}>${t("figures.now")}</button>`;
}

function more(one: FigureField, readings: FigureReading[], put: (next: FigureReading[]) => void): View {
  const add = (): void => put([...readings, begun(free(readings), "")]);
  return html`<button type="button" class="quiet" data-testid=${`add-source-${one.key}`} @click=${add}>
    ${t("figures.addSource")}</button>`;
}

function reportedLine(
  one: FigureField,
  given: ReportedFigure,
  readings: FigureReading[],
  put: (next: FigureReading[]) => void,
): View {
  const day = given.as_of ?? given.period?.end;
  const use = (): void => {
    const taken: FigureReading = { value: given.value, source: "bao_cao" };
    if (given.as_of) taken.as_of = given.as_of;
    if (given.period) taken.period = given.period;
    put([...readings.filter(({ source }) => source !== "bao_cao"), taken]);
  };
  const used = readings.some(({ source, value }) => source === "bao_cao" && value === given.value);
  return html`<p class="reported" data-testid=${`reported-${one.key}`}>
    <span>${t("figures.reported", { value: showField(one.type, given.value) })}
      ${day ? html`<small>${t("figures.asOf", { date: showDate(day) })}</small>` : nothing}</span>
    ${used ? nothing : html`<button type="button" class="quiet" data-testid=${`use-reported-${one.key}`} @click=${use}>
      ${t("figures.useReported")}</button>`}</p>`;
}

/** Differences are shown; none of the sources is taken for the right one. */
function difference(
  one: FigureField,
  reported: readonly ReportedFigure[],
  readings: readonly FigureReading[],
  judged: Judgement,
): View {
  const given = reported.map(({ value }): FigureReading => ({ value, source: "bao_cao" }));
  const own = readings.filter(({ value }) => value !== "");
  const others = own.some(({ source }) => source === "bao_cao") ? own : [...own, ...given];
  const fromReport = own.length > 0 && given.some(({ value }) => own.some((reading) => reading.value !== value));
  if (!judged.differing.includes(one.key) && !fromReport) return nothing;
  const values = others
    .map(({ value, source }) => `${known(`source.${source}`)} ${showField(one.type, value)}`)
    .join(" · ");
  return html`<p class="differs" role="status" data-testid=${`differs-${one.key}`}>${t("figures.differs", { values })}</p>`;
}

function derived({ derived: figures }: Judgement): View {
  const lines = Object.entries(figures).flatMap(([key, value]) => {
    const label = known(`derived.${key}`);
    return label ? [html`<span>${label}: <b>${showField("number", value)}</b></span>`] : [];
  });
  return lines.length > 0 ? html`<p class="derived" data-testid="derived">${lines}</p>` : nothing;
}

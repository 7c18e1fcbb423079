/** Small pieces that several screens share. */
import { html, nothing, type TemplateResult } from "lit/html.js";

import { navigate } from "../moving";
import { app, setUi } from "../state";
import { parseField, showField } from "../format";
import { t, type Text } from "../i18n";
import { complaint } from "../judge";
import { pathOf, type Route } from "../route";
import type { FieldType } from "../types";

export type View = TemplateResult | typeof nothing;

/** A link within the workspace: no page load, the present item is kept first. */
export function link(route: Route, content: unknown, testId: string, style = "", then?: () => void): View {
  const go = (event: MouseEvent): void => {
    if (event.ctrlKey || event.metaKey || event.button !== 0) return;
    event.preventDefault();
    void navigate(route).then(then);
  };
  return html`<a class=${style} href=${pathOf(route)} data-testid=${testId} @click=${go}>${content}</a>`;
}

/** What was recorded here after the site record had been read. */
export function lateTag(): View {
  return html` <span class="tag" data-testid="late">${t("record.late")}</span>`;
}

/** A button that acts on its second tap only; the first one says so. */
export function sureButton(key: string, label: Text, sure: Text, testId: string, act: () => void): View {
  const armed = app.ui.get("armed") === key;
  const tap = (): void => {
    setUi("armed", armed ? undefined : key);
    if (armed) act();
  };
  return html`<button type="button" class="quiet ${armed ? "danger" : ""}" data-testid=${testId} @click=${tap}>
    ${t(armed ? sure : label)}
  </button>`;
}

export interface FieldOptions {
  key: string;
  label: string;
  type: FieldType;
  value: string;
  testId: string;
  placeholder?: string;
  hideLabel?: boolean;
  lines?: number;
  set: (value: string) => void;
}

const PLACEHOLDERS: Partial<Record<FieldType, Text>> = {
  date: "figures.datePlaceholder",
  time: "figures.timePlaceholder",
};

/** What is being typed right now, so that it is not put into shape under the fingers. */
let typing: { key: string; text: string } | undefined;

/** One typed field. What cannot be read stays as typed, with a sentence that says how to write it. */
export function field(options: FieldOptions): View {
  const { key, label, type, value, testId, placeholder, hideLabel, lines } = options;
  const shown = typing?.key === key ? typing.text : showField(type, value);
  const wrong = typing?.key === key ? undefined : complaint(type, value);
  const input = (event: Event): void => {
    const typed = (event.target as HTMLInputElement).value;
    typing = { key, text: typed };
    options.set(type === "text" ? typed : (parseField(type, typed) ?? typed));
  };
  const leave = (): void => {
    typing = undefined;
    setUi("typing", undefined);
  };
  const hint = placeholder ?? (PLACEHOLDERS[type] ? t(PLACEHOLDERS[type]) : "");
  const control = lines
    ? html`<textarea rows=${lines} data-testid=${testId} placeholder=${hint} aria-label=${hideLabel ? label : nothing}
        .value=${shown} @input=${input} @blur=${leave}></textarea>`
    : html`<input type="text" autocomplete="off" data-testid=${testId} placeholder=${hint}
        class=${`is-${type}`} inputmode=${modeOf(type)} aria-label=${hideLabel ? label : nothing}
        aria-invalid=${wrong ? "true" : "false"} .value=${shown} @input=${input} @blur=${leave} />`;
  return html`<label class="field">
    ${hideLabel ? nothing : html`<span class="label">${label}</span>`} ${control}
    ${wrong ? html`<span class="complaint" role="alert">${wrong}</span>` : nothing}
  </label>`;
}

function modeOf(type: FieldType): string {
  if (type === "number" || type === "percent") return "decimal";
  return type === "date" || type === "time" ? "numeric" : "text";
}

export interface Choice {
  value: string;
  label: string;
  disabled?: boolean;
}

/** Buttons of which at most one is pressed. */
export function segments(
  legend: string,
  choices: readonly Choice[],
  chosen: string | undefined,
  testId: string,
  choose: (value: string) => void,
): View {
  return html`<div class="segments" role="group" aria-label=${legend}>
    ${choices.map(
      ({ value, label, disabled = false }) =>
        html`<button type="button" data-testid=${`${testId}-${value}`} aria-pressed=${value === chosen}
          ?disabled=${disabled} @click=${() => choose(value)}>${label}</button>`,
    )}
  </div>`;
}

/** A bar with its figure; the figure alone carries the meaning. */
export function bar(done: number, total: number): View {
  return html`<span class="bar"><progress max=${Math.max(total, 1)} value=${done}></progress>
    <span class="count">${t("home.count", { done, total })}</span></span>`;
}

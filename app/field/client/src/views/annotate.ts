/** One photo on its own: shapes are laid over it; the photo stays as it was taken. */
import { html, nothing } from "lit/html.js";

import { navigate } from "../moving";
import { app, changed, setUi } from "../state";
import { commit, edit } from "../writing";
import type { Board } from "../board";
import { t } from "../i18n";
import { wholeUrl } from "../pictures";
import { evidenceSubject, type Place } from "../subjects";
import type { EvidenceValue, Mark } from "../types";
import { askPersonal, isOwn, withLayer } from "./evidence";
import { isMeant, pointIn, shapes, viewBox } from "./layer";
import { field, link, segments, type View } from "./parts";

const TOOLS: readonly Mark["kind"][] = ["cover", "arrow", "circle", "text"];

/** What is being drawn right now; a finger that leaves the screen makes it part of the draft. */
let sketch: Mark | undefined;

export function annotateView(board: Board, place: Place, id: string): View {
  const subject = evidenceSubject(board.id, id);
  const value = board.shown<EvidenceValue>(subject);
  if (!value?.file) return html`<section class="page"><h1 tabindex="-1">${t("app.notFound")}</h1></section>`;
  const own = isOwn(board, subject);
  return html`<section class="page" data-testid="annotate">
    <h1 tabindex="-1">${t(own ? "photo.title" : "photo.look")}</h1>
    ${own ? tools(subject, value) : nothing} ${canvas(subject, value, own)}
    ${own ? askPersonal(board, subject) : nothing}
    <div class="row">${own
      ? html`<button type="button" class="primary" data-testid="layer-done" @click=${() => void done(board, place, subject)}>${t("photo.done")}</button>`
      : link({ name: "item", id: board.id, place }, t("app.back"), "layer-back", "button")}</div>
  </section>`;
}

async function done(board: Board, place: Place, subject: string): Promise<void> {
  if (await commit(place, subject)) await navigate({ name: "item", id: board.id, place });
}

const tool = (): Mark["kind"] => (app.ui.get("tool") as Mark["kind"] | undefined) ?? "cover";

function tools(subject: string, value: EvidenceValue): View {
  const { layer = [] } = value;
  const draw = (marks: readonly Mark[]): void => void edit(subject, withLayer(value, marks));
  const choices = TOOLS.map((kind) => ({ value: kind, label: t(`photo.${kind}`) }));
  const everything: Mark = { kind: "cover", x: 0, y: 0, x2: 10_000, y2: 10_000 };
  return html`${segments(t("photo.tools"), choices, tool(), "tool", (kind) => setUi("tool", kind))}
    ${tool() === "text"
      ? field({ key: "layer text", label: t("photo.letters"), type: "text", value: app.ui.get("letters") ?? "", testId: "letters", set: (text) => setUi("letters", text.slice(0, 60)) })
      : html`<p class="muted">${t("photo.how")}</p>`}
    <div class="row">
      <button type="button" data-testid="undo" ?disabled=${layer.length === 0} @click=${() => draw(layer.slice(0, -1))}>${t("photo.undo")}</button>
      <button type="button" class="quiet" data-testid="cover-all" @click=${() => draw([...layer, everything])}>${t("photo.coverAll")}</button>
    </div>`;
}

function canvas(subject: string, value: EvidenceValue, own: boolean): View {
  const { file, caption, layer = [] } = value;
  const url = wholeUrl(file?.sha256);
  if (!url) return html`<p>${t("app.loading")}</p>`;
  // Photos of earlier versions did not say how large they are.
  const measure = ({ target }: Event): void => {
    const { naturalWidth: width, naturalHeight: height } = target as HTMLImageElement;
    if (!value.width && own) void edit(subject, { ...value, width, height });
  };
  const add = (mark: Mark): void => void edit(subject, withLayer(value, [...layer, mark]));
  const shown = { ...value, layer: sketch ? [...layer, sketch] : layer };
  return html`<div class="canvas ${own ? "drawn" : ""}">
    <img src=${url} alt=${caption || t("evidence.noPicture")} width=${value.width ?? nothing} height=${value.height ?? nothing} @load=${measure} />
    <svg class="layer" role="img" aria-label=${t("photo.marks", { n: layer.length })} data-testid="canvas" data-marks=${layer.length}
      viewBox=${viewBox(value)} preserveAspectRatio="none"
      @pointerdown=${own ? (event: PointerEvent) => begin(event, add) : nothing}
      @pointermove=${move} @pointerup=${() => end(add)} @pointercancel=${() => end()}>${shapes(shown)}</svg></div>`;
}

function begin(event: PointerEvent, add: (mark: Mark) => void): void {
  if (!event.isPrimary) return;
  event.preventDefault();
  const area = event.currentTarget as Element;
  const from = pointIn(area.getBoundingClientRect(), event.clientX, event.clientY);
  const kind = tool();
  const text = app.ui.get("letters")?.trim();
  if (kind === "text") {
    if (text) add({ kind, ...from, text });
    else document.querySelector<HTMLElement>("[data-testid=letters]")?.focus();
    return;
  }
  area.setPointerCapture(event.pointerId);
  sketch = { kind, ...from, x2: from.x, y2: from.y };
}

function move(event: PointerEvent): void {
  if (!sketch || !event.isPrimary) return;
  const { x, y } = pointIn((event.currentTarget as Element).getBoundingClientRect(), event.clientX, event.clientY);
  sketch = { ...sketch, x2: x, y2: y };
  changed();
}

function end(add?: (mark: Mark) => void): void {
  const drawn = sketch;
  sketch = undefined;
  if (drawn && isMeant(drawn)) add?.(drawn);
  changed();
}

/** The viewfinder: one photo after the other without leaving the item. */
import { html, nothing } from "lit/html.js";

import { app, changed } from "../state";
import { addFiles } from "../writing";
import type { Board } from "../board";
import { camera, closeCamera, followPosition, hasTorch, openCamera, positionNow, shoot, switchTorch } from "../camera";
import { t } from "../i18n";
import { prefer, preference } from "../preferences";
import type { Place } from "../subjects";
import { askPersonal, chooser, isPhoto, thumb } from "./evidence";
import { link, type View } from "./parts";

let shooting = false;

export function cameraView(board: Board, place: Place): View {
  if (!camera.why) void openCamera();
  const key = `position:${board.account}`;
  const isOn = preference(key) === "on";
  followPosition(isOn);
  const { stream, why, torch } = camera;
  const position = (): void => {
    prefer(key, isOn ? "off" : "on");
    changed();
  };
  return html`<section class="page camera" data-testid="camera-view">
    <h1 tabindex="-1">${t("camera.title", { n: board.evidence(place).filter((subject) => isPhoto(board, subject)).length })}</h1>
    <p class="muted">${board.items.get(place.item)?.item.question}</p>
    ${why
      ? html`<p class="card warn" role="alert" data-testid="camera-why">${t(why)} ${t("camera.instead")}</p>`
      : html`<video autoplay playsinline aria-label=${t("camera.finder")} data-testid="finder" .muted=${true}
          .srcObject=${stream ?? null}></video>
          ${stream ? nothing : html`<p role="status">${t("camera.opening")}</p>`}`}
    <div class="row">
      ${why
        ? html`<button type="button" @click=${again}>${t("camera.again")}</button>`
        : html`<button type="button" class="primary shutter" data-testid="shutter" ?disabled=${!stream || shooting}
            @click=${() => void take(place)}>${t("evidence.camera")}</button>`}
      ${hasTorch()
        ? html`<button type="button" data-testid="torch" aria-pressed=${torch} @click=${() => void switchTorch()}>${t("camera.torch")}</button>`
        : nothing}
      ${chooser(place, "camera.other", "camera", "image/*", true)}
      ${link({ name: "item", id: board.id, place }, t("camera.done"), "camera-done", "button")}
    </div>
    ${last(board, place)}
    <div class="row"><button type="button" data-testid="position" aria-pressed=${isOn} @click=${position}>
        ${t(isOn ? "camera.positionOn" : "camera.positionOff")}</button>
      ${isOn && !positionNow() ? html`<span class="muted" data-testid="no-fix">${t("camera.noFix")}</span>` : nothing}</div>
  </section>`;
}

export function leaveCamera(): void {
  closeCamera();
  followPosition(false);
}

function again(): void {
  camera.why = undefined;
  changed();
}

async function take(place: Place): Promise<void> {
  const video = document.querySelector("video");
  if (!video || shooting) return;
  shooting = true;
  changed();
  try {
    await addFiles(place, [await shoot(video)], positionNow());
  } catch {
    app.notice = t("camera.failed");
  }
  shooting = false;
  changed();
}

/** The photo just taken, and the question that each photo asks. */
function last(board: Board, place: Place): View {
  const subject = app.ui.get("shot");
  if (subject === undefined || !board.evidence(place).includes(subject) || !isPhoto(board, subject)) return nothing;
  return html`<div class="proof" role="status" data-testid="last-shot">${thumb(board, place, subject)}
    <div class="facts"><p class="good">${t("camera.saved")}</p>${askPersonal(board, subject, place)}</div></div>`;
}

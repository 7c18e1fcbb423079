/** Whether a new version may take over now: nothing is being typed, photographed, written or sent. */
import { app } from "./state";

export function isQuiet(): boolean {
  const at = document.activeElement;
  const typing = (at instanceof HTMLInputElement || at instanceof HTMLTextAreaElement) && at.type !== "file" && at.value !== "";
  const busy = app.writes > 0 || app.sync.running || app.busy !== "" || app.taking !== "";
  return !typing && !busy && document.querySelector("video") === null;
}

let asked = false;
let waiting = false;

/** After every painting: the update that the person asked for goes on as soon as it is quiet. */
export function updateWhenQuiet(): void {
  if (!app.ui.has("updating") || !isQuiet()) return;
  if (waiting) return location.reload();
  if (asked) return;
  asked = true;
  app.update?.postMessage("activate");
}

/** The new version has taken over; only the tab whose person asked for it loads anew, and in a quiet moment. */
export function takenOver(): void {
  waiting = app.ui.has("updating");
  updateWhenQuiet();
}

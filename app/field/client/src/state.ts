/** What the screens show, and the one way to say that it has changed. */
import type { Failure } from "./api";
import type { Board } from "./board";
import { t } from "./i18n";
import type { Keeper } from "./lock";
import type { Line } from "./ready";
import type { Route } from "./route";
import type { Account, CampaignLine, InspectionLine } from "./types";

export interface SyncView {
  running: boolean;
  last: string | undefined;
  trouble: Failure | undefined;
  waiting: { entries: number; evidence: number };
}

export const app = {
  ready: false,
  account: undefined as Account | undefined,
  lines: [] as InspectionLine[],
  taken: new Map<string, string>(),
  /** Running campaigns of the account, and when each was taken along. */
  campaigns: [] as (CampaignLine & { taken_at?: string | undefined })[],
  board: undefined as Board | undefined,
  route: { name: "list" } as Route,
  sync: { running: false, last: undefined, trouble: undefined, waiting: { entries: 0, evidence: 0 } } as SyncView,
  /** A failure that must not be overlooked; stays until it is closed or mended. */
  alarm: "",
  /** A short message about the last action. */
  notice: "",
  busy: "",
  /** The inspection that is being fetched. */
  taking: "",
  writes: 0,
  /** What could not be kept and stands on the screen only. */
  unkept: new Set<string>(),
  /** The device whose store the browser has thrown away. */
  wiped: "",
  persisted: true,
  /** The sheet before departure: of which inspection, and whether it is being looked into. */
  sheet: { of: "", lines: [] as Line[], running: false },
  /** Who may open this tablet with a PIN; while it is locked nothing of the content is on the screen. */
  keepers: [] as Keeper[],
  locked: false,
  /** The office has reported this tablet lost. */
  revoked: false,
  update: undefined as ServiceWorker | undefined,
  /** What the screens remember that nobody else needs: open forms, filters, half-typed texts. */
  ui: new Map<string, string>(),
};

let repaint = (): void => undefined;

export function whenChanged(paint: () => void): void {
  let waiting = false;
  repaint = () => {
    if (waiting) return;
    waiting = true;
    queueMicrotask(() => {
      waiting = false;
      paint();
    });
  };
}

export function changed(): void {
  repaint();
}

export function setUi(key: string, value: string | undefined): void {
  if (value === undefined) app.ui.delete(key);
  else app.ui.set(key, value);
  changed();
}

export function storeFailed(error: unknown): void {
  const name = error instanceof Error ? error.name : "Error";
  if (name === "QuotaExceededError") app.alarm = t("error.disk");
  else app.alarm = name === "VersionError" ? t("error.newer") : t("error.store", { name });
  changed();
}

/** The alarm stays until all that could not be kept is: another success must not silence it. */
export function kept(subject: string): void {
  app.unkept.delete(subject);
  if (app.unkept.size === 0) app.alarm = "";
}

/** Judges whether a tablet may go into the field: what was found out about it in, lines of the green sheet out. */
import { showNumber } from "./format";
import { t, type Text } from "./i18n";
import type { Bundle } from "./types";

/** What an API that this browser does not have can tell us. */
export type Maybe<T> = T | "unsupported";

/** Browser features that the workspace rests on. */
export type Feature = "worker" | "controlled" | "strict" | "subtle" | "buffers";

export type Clock =
  /** Milliseconds by which the tablet is ahead of the server. */
  { aheadMs: number } | "offline" | "sign_in";

export interface Facts {
  installed: Maybe<boolean>;
  persisted: Maybe<boolean>;
  /** Bytes that the browser still grants. */
  freeBytes: Maybe<number>;
  features: Record<Feature, boolean>;
  /** Checklists of the setup, as `id@version`, that are not whole on the tablet. */
  missingPacks: readonly string[];
  /** The office changed the setup after the bundle was taken. */
  outdated: boolean;
  /** Files of the build that the worker's cache lacks; `silent` where no worker answered. */
  missingFiles: number | "silent";
  clock: Clock;
  /** What became of writing, reading back and deleting; otherwise the error's name. */
  storage: Maybe<"ok" | { error: string }>;
  account: { name: string; member: boolean; session: "same" | "other" | "ended" | "unasked" };
  unsent: { entries: number; evidence: number };
}

export type LineState = "good" | "bad" | "advice" | "unknown";
export type LineId = "installed" | "persist" | "space" | "browser" | "bundle" | "clock" | "storage" | "account" | "sent";

export interface Line {
  id: LineId;
  state: LineState;
  text: string;
}

/** What is kept of a check, to be shown on the inspection's home. */
export interface Check {
  at: string;
  todo: number;
  unknown: number;
}

export const PHOTO_BYTES = 4_000_000;
export const PHOTOS_WANTED = 50;
const CLOCK_MS = 2 * 60_000;
const FEATURES: Readonly<Record<Feature, Text>> = {
  worker: "ready.feature.worker",
  controlled: "ready.feature.controlled",
  strict: "ready.feature.strict",
  subtle: "ready.feature.subtle",
  buffers: "ready.feature.buffers",
};

type Judged = [state: LineState, text: string];

export function judge(facts: Facts): Line[] {
  const judged: Record<LineId, Judged> = {
    installed: installed(facts),
    persist: persist(facts),
    space: space(facts),
    browser: browser(facts),
    bundle: bundle(facts),
    clock: clock(facts),
    storage: storage(facts),
    account: account(facts),
    sent: sent(facts),
  };
  return (Object.keys(judged) as LineId[]).map((id) => ({ id, state: judged[id][0], text: judged[id][1] }));
}

export function summed(lines: readonly Line[], at: string): Check {
  const of = (state: LineState): number => lines.filter((line) => line.state === state).length;
  return { at, todo: of("bad"), unknown: of("unknown") };
}

/** Good only where nothing is left open. */
export function overall({ todo, unknown }: Check): LineState {
  if (todo > 0) return "bad";
  return unknown > 0 ? "unknown" : "good";
}

/** The sheet's last line: what could not be found out is never passed over. */
export function total({ todo, unknown }: Check): string {
  const main = todo === 0 ? t("ready.ready") : t("ready.todo", { n: todo });
  return unknown === 0 ? main : `${main} ${t("ready.unknown", { n: unknown })}`;
}

/** Checklists that the setup names and the bundle does not hold, whole and at that version. */
export function missingPacks(bundle: Bundle | undefined, named: readonly string[]): string[] {
  const held = new Set(
    (bundle?.checklists ?? []).filter(({ items }) => items.length > 0).map(({ id, version }) => `${id}@${version}`),
  );
  return named.filter((ref) => !held.has(ref));
}

const good = (key: Text, parts?: Readonly<Record<string, string | number>>): Judged => ["good", t(key, parts)];
const bad = (key: Text, parts?: Readonly<Record<string, string | number>>): Judged => ["bad", t(key, parts)];
const unsupported = (): Judged => ["unknown", t("ready.unsupported")];

function installed(facts: Facts): Judged {
  if (facts.installed === "unsupported") return unsupported();
  return facts.installed ? good("ready.installed.good") : ["advice", t("ready.installed.advice")];
}

function persist(facts: Facts): Judged {
  if (facts.persisted === "unsupported") return unsupported();
  return facts.persisted ? good("ready.persist.good") : bad("ready.persist.bad");
}

function space({ freeBytes }: Facts): Judged {
  if (freeBytes === "unsupported") return unsupported();
  const n = Math.max(0, Math.floor(freeBytes / PHOTO_BYTES));
  const wanted = PHOTOS_WANTED;
  return n >= wanted ? good("ready.space.good", { n: showNumber(String(n)) }) : bad("ready.space.bad", { n, wanted });
}

function browser({ features }: Facts): Judged {
  const missing = (Object.keys(FEATURES) as Feature[]).filter((feature) => !features[feature]);
  if (missing.length === 0) return good("ready.browser.good");
  if (missing.join() === "controlled") return bad("ready.browser.reload");
  return bad("ready.browser.bad", { missing: missing.map((feature) => t(FEATURES[feature])).join("; ") });
}

function bundle({ missingPacks: packs, missingFiles: files, outdated }: Facts): Judged {
  if (packs.length > 0) return bad("ready.bundle.packs", { packs: packs.join(", ") });
  if (outdated) return bad("ready.bundle.outdated");
  if (files === "silent") return bad("ready.bundle.silent");
  return files > 0 ? bad("ready.bundle.files", { n: files }) : good("ready.bundle.good");
}

function clock({ clock: found }: Facts): Judged {
  if (found === "offline") return ["unknown", t("ready.clock.offline")];
  if (found === "sign_in") return ["unknown", t("ready.clock.signIn")];
  const { aheadMs } = found;
  if (Math.abs(aheadMs) <= CLOCK_MS) return good("ready.clock.good");
  return bad(aheadMs > 0 ? "ready.clock.ahead" : "ready.clock.behind", { span: span(Math.abs(aheadMs)) });
}

/** A span as people say it: minutes below an hour, hours below two days, days. */
function span(ms: number): string {
  const minutes = Math.round(ms / 60_000);
  if (minutes < 60) return t("ready.span.minutes", { n: minutes });
  const hours = Math.round(minutes / 60);
  return hours < 48 ? t("ready.span.hours", { n: hours }) : t("ready.span.days", { n: Math.round(hours / 24) });
}

function storage({ storage: found }: Facts): Judged {
  if (found === "unsupported") return unsupported();
  return found === "ok" ? good("ready.storage.good") : bad("ready.storage.bad", { name: found.error });
}

function account({ account: { name, member, session } }: Facts): Judged {
  if (!member) return bad("ready.account.stranger", { name });
  if (session === "other") return bad("ready.account.other", { name });
  return session === "ended" ? bad("ready.account.ended", { name }) : good("ready.account.good", { name });
}

function sent({ unsent: { entries, evidence } }: Facts): Judged {
  if (entries + evidence === 0) return good("ready.sent.good");
  return bad("ready.sent.bad", { entries, files: evidence });
}

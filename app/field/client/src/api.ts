/**
 * The way to the server. Every answer is judged by status and content, never by `navigator.onLine`:
 * a captive portal, a login redirect or a proxy's page is no answer of ours.
 */
import type { Bundle, CampaignBundle, CampaignLine, Entry, InspectionLine, PullAnswer, PushResult, Receipt, SessionAnswer, TabletReport } from "./types";

export type FailureKind = "offline" | "sign_in" | "too_large" | "changed" | "forbidden" | "refused" | "server" | "revoked";

/** Why a request did not succeed; `message` is the server's own sentence where it gave one. */
export class Failure extends Error {
  constructor(
    readonly kind: FailureKind,
    readonly code = "",
    message = "",
  ) {
    super(message);
    this.name = "Failure";
  }
}

const JSON_TYPE = "application/json";
const SESSION = "/api/session";
const PATIENCE_MS = 30_000;
/** A photo over a bad network: as slow as 10 kB/s is still worth waiting for. */
const MS_PER_BYTE = 0.1;
let csrf = "";
/** This tablet's id in every request, and who is told when the office locks it out or lets it in again. */
export const tablet = { device: "", heard: (_revoked: boolean): void => undefined };

function kindOf(status: number, code: string): FailureKind {
  if (status === 401) return "sign_in";
  if (code === "tablet_revoked") return "revoked";
  if (status === 413) return "too_large";
  if (code === "journal_changed") return "changed";
  if (status === 403) return "forbidden";
  return status >= 500 || status === 429 || status === 408 ? "server" : "refused";
}

function sizeOf(body: unknown): number {
  if (body instanceof ArrayBuffer) return body.byteLength;
  return typeof body === "string" ? body.length : 0;
}

async function send(path: string, options: RequestInit = {}): Promise<Response> {
  const headers = new Headers(options.headers);
  headers.set("Accept", JSON_TYPE);
  if (csrf !== "") headers.set("X-CSRFToken", csrf);
  if (tablet.device !== "") headers.set("X-Device", tablet.device);
  try {
    return await fetch(path, {
      ...options,
      headers,
      redirect: "manual",
      credentials: "same-origin",
      cache: "no-store",
      signal: AbortSignal.timeout(PATIENCE_MS + Math.ceil(sizeOf(options.body) * MS_PER_BYTE)),
    });
  } catch {
    throw new Failure("offline");
  }
}

async function call(path: string, options: RequestInit = {}): Promise<unknown> {
  try {
    return await callOnce(path, options);
  } catch (error) {
    const stale = error instanceof Failure && (error.kind === "refused" || error.kind === "forbidden");
    if (!stale || options.method === undefined || path === SESSION) throw error;
    // The token may be of a session that ended meanwhile: once more with a fresh one before it counts.
    await session();
    return callOnce(path, options);
  }
}

async function callOnce(path: string, options: RequestInit): Promise<unknown> {
  const answer = await send(path, options);
  // A redirect to a login page or a portal: `fetch` would have followed it and reported success.
  if (answer.type === "opaqueredirect" || answer.status === 0) throw new Failure("offline", "redirected");
  const isJson = (answer.headers.get("Content-Type") ?? "").startsWith(JSON_TYPE);
  const body: unknown = isJson ? await answer.json().catch(() => undefined) : undefined;
  if (!answer.ok) throw failureOf(answer.status, body);
  if (answer.status !== 204 && body === undefined) throw new Failure("offline", "not_ours");
  return body;
}

interface Problem {
  code?: string;
  message?: string;
  details?: { csrf_token?: string };
}

function failureOf(status: number, body: unknown): Failure {
  const { code = "", message = "", details } = (body as { error?: Problem } | undefined)?.error ?? {};
  // The token lets a locked-out tablet still offer what it holds.
  if (code === "tablet_revoked") csrf = details?.csrf_token ?? csrf;
  if (code === "tablet_revoked" || code === "not_signed_in") tablet.heard(code === "tablet_revoked");
  // Without our error shape the answer comes from something in between; only its load tells us anything.
  if (code === "" && status !== 401 && status !== 413) return new Failure("server", `http_${status}`);
  return new Failure(kindOf(status, code), code, message);
}

function json(method: string, body: unknown): RequestInit {
  return { method, body: JSON.stringify(body), headers: { "Content-Type": JSON_TYPE } };
}

function remember(answer: unknown): SessionAnswer {
  const session = answer as SessionAnswer;
  if (typeof session.csrf_token !== "string" || typeof session.account?.id !== "string") {
    throw new Failure("offline", "not_ours");
  }
  csrf = session.csrf_token;
  tablet.heard(false);
  return session;
}

export const signIn = async (username: string, password: string): Promise<SessionAnswer> =>
  remember(await call(SESSION, json("POST", { username, password })));

/** Who is signed in; also a fresh token for what follows. */
export const session = async (): Promise<SessionAnswer> => remember(await call(SESSION));

export async function signOut(): Promise<void> {
  await call(SESSION, { method: "DELETE" });
  csrf = "";
}

export const inspections = async (): Promise<InspectionLine[]> =>
  listOf<InspectionLine>(await call("/api/inspections"));

export const bundle = async (id: string): Promise<Bundle> =>
  (await call(`/api/inspections/${encodeURIComponent(id)}/bundle`)) as Bundle;

export const campaigns = async (): Promise<CampaignLine[]> => listOf<CampaignLine>(await call("/api/campaigns"));

export const campaign = async (id: string): Promise<CampaignBundle> =>
  (await call(`/api/campaigns/${encodeURIComponent(id)}/bundle`)) as CampaignBundle;

export async function push(entries: readonly Entry[]): Promise<PushResult[]> {
  const answer = (await call("/api/sync/push", json("POST", { entries }))) as { results?: unknown };
  return listOf<PushResult>(answer.results);
}

export async function pull(inspection: string, after: string): Promise<PullAnswer> {
  const query = new URLSearchParams({ inspection, limit: "1000" });
  if (after !== "") query.set("after", after);
  const answer = (await call(`/api/sync/pull?${query}`)) as PullAnswer;
  listOf(answer.entries);
  return answer;
}

export async function putEvidence(sha256: string, bytes: ArrayBuffer, type: string): Promise<void> {
  const options = { method: "PUT", body: bytes, headers: { "Content-Type": type } };
  const answer = (await call(`/api/evidence/${sha256}`, options)) as { sha256?: unknown };
  if (answer.sha256 !== sha256) throw new Failure("offline", "not_ours");
}

export async function report(device: string, said: TabletReport): Promise<void> {
  await call(`/api/tablets/${device}`, json("PUT", said));
}

export async function receipt(inspection: string, entries: string[], evidence: string[]): Promise<Receipt> {
  const path = `/api/inspections/${encodeURIComponent(inspection)}/receipt`;
  const answer = (await call(path, json("POST", { entries, evidence }))) as Receipt;
  listOf(answer.missing?.entries);
  listOf(answer.missing?.evidence);
  listOf(answer.quarantined);
  return answer;
}

function listOf<T>(value: unknown): T[] {
  if (!Array.isArray(value)) throw new Failure("offline", "not_ours");
  return value as T[];
}

/// <reference lib="webworker" />
/*
 * The field workspace's worker. Rules it keeps:
 * - a build is cached whole or not at all: any file that cannot be had makes the installation fail;
 * - only navigations are answered with the shell; a missing asset stays missing;
 * - nothing that was redirected is ever cached;
 * - a new version waits until the person asks for it.
 */
const scope = self as unknown as ServiceWorkerGlobalScope;
const CACHE = "field-__VERSION__";
const SHELL = "/field/";
// Both are filled in by the build, which alone knows the names.
declare const __FILES__: string[];
const ENTRY = "__ENTRY__";
const ASSETS = __FILES__.map((name) => `/field/assets/${name}`);

async function fresh(url: string): Promise<Response> {
  const answer = await fetch(url, { cache: "reload", redirect: "error" });
  if (!answer.ok) throw new Error(`${url}: ${answer.status}`);
  // A portal's page in the place of a file: it too says 200.
  const isPage = (answer.headers.get("Content-Type") ?? "").startsWith("text/html");
  if (isPage !== (url === SHELL)) throw new Error(`${url}: not the file`);
  return answer;
}

async function freshShell(): Promise<Response> {
  const shell = await fresh(SHELL);
  // A deployment in between would pair this worker's files with another build's shell.
  if (!(await shell.clone().text()).includes(ENTRY)) throw new Error("the shell is of another build");
  return shell;
}

async function install(): Promise<void> {
  const shell = await freshShell();
  const cache = await caches.open(CACHE);
  await cache.put(SHELL, shell);
  const store = async (url: string): Promise<void> => cache.put(url, await fresh(url));
  await Promise.all(ASSETS.map(store));
}

async function activate(): Promise<void> {
  const old = (await caches.keys()).filter((name) => name.startsWith("field-") && name !== CACHE);
  await Promise.all(old.map((name) => caches.delete(name)));
  await scope.clients.claim();
}

/** Storage may have been cleared behind our back: fetches what the cache lacks and says how many it still does. */
async function missing(): Promise<number> {
  const cache = await caches.open(CACHE);
  const lacks = async (url: string): Promise<boolean> => {
    if (await cache.match(url)) return false;
    const again = url === SHELL ? freshShell() : fresh(url);
    return again.then((file) => cache.put(url, file)).then(
      () => false,
      () => true,
    );
  };
  const lacking = await Promise.all([SHELL, ...ASSETS].map(lacks));
  return lacking.filter(Boolean).length;
}

async function answer(request: Request): Promise<Response> {
  const cache = await caches.open(CACHE);
  const kept = await cache.match(request.mode === "navigate" ? SHELL : request);
  return kept ?? fetch(request);
}

scope.addEventListener("install", (event) => event.waitUntil(install()));
scope.addEventListener("activate", (event) => event.waitUntil(activate()));
scope.addEventListener("message", (event) => {
  if (event.data === "activate") void scope.skipWaiting();
  if (event.data === "missing") event.waitUntil(missing().then((n) => event.ports[0]?.postMessage(n)));
});
scope.addEventListener("fetch", (event) => {
  const { pathname, origin } = new URL(event.request.url);
  const ours = origin === scope.location.origin && pathname.startsWith("/field/");
  if (event.request.method === "GET" && ours) event.respondWith(answer(event.request));
});

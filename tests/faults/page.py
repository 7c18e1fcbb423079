"""What a trial runs inside of a page: the recorder of what the screen claims, and a raw reading of the store.

Nothing of the application is called: the recorder sees what a person sees, the dump reads what is on the disk.
"""

from __future__ import annotations

DATABASE = "kiemtra-field"

SNAPSHOT = """() => {
  const text = (id) => document.querySelector(`[data-testid=${id}]`)?.textContent.trim() ?? null;
  const claim = { sync: text("sync-status"), alarm: text("alarm"), path: location.pathname };
  const shot = document.querySelector("[data-testid=last-shot] img")?.dataset.sha256;
  if (shot) return { ...claim, shot, place: decodeURIComponent(location.pathname.split("/item/")[1].split("/")[0]) };
  const item = document.querySelector("[data-testid=item]");
  const state = document.querySelector("[data-testid=state]");
  if (!item || !state) return claim;
  const fields = {};
  for (const input of item.querySelectorAll("input[data-testid^=value-]")) fields[input.dataset.testid] = input.value;
  const pressed = [...item.querySelectorAll("[data-testid^=verdict-][aria-pressed=true]")];
  const noteText = (note) => {
    const open = note.querySelector("[data-testid=note-text]");
    if (open) return open.value;
    const shown = note.querySelector("p").cloneNode(true);
    for (const part of shown.querySelectorAll("span.tag, small")) part.remove();
    return shown.textContent.trim();
  };
  return {
    ...claim,
    item: item.dataset.item,
    site: item.dataset.site,
    state: state.dataset.state,
    verdict: pressed.map((button) => button.dataset.testid.slice("verdict-".length))[0] ?? null,
    fields,
    notes: [...item.querySelectorAll("[data-testid=note]")].map(noteText).filter((text) => text !== ""),
    proofs: [...item.querySelectorAll("[data-testid=proof]")].map((proof) => ({
      kind: proof.dataset.kind,
      state: proof.dataset.state,
      sha256: proof.querySelector("img")?.dataset.sha256 ?? null,
      address: proof.querySelector("[data-testid=address]")?.value ?? proof.querySelector("p")?.textContent ?? "",
    })),
  };
}"""

# Reports every change of what the screen claims, at the moment when it has been painted into the document.
RECORDER = f"""(() => {{
  if (window !== top) return;
  const snapshot = {SNAPSHOT};
  let last = "";
  const look = () => {{
    const now = JSON.stringify(snapshot());
    if (now === last) return;
    last = now;
    (window.webkit?.messageHandlers?.claimed ?? {{ postMessage: window.claimed }}).postMessage(now);
  }};
  const watch = () => new MutationObserver(look).observe(document, {{
    subtree: true, childList: true, attributes: true, characterData: true,
  }});
  watch();
}})()"""

# The store as it lies on the disk; opening a store that is not there would make an empty one.
DUMP = f"""async () => {{
  const known = await indexedDB.databases();
  if (!known.some(({{ name }}) => name === "{DATABASE}")) return null;
  const db = await new Promise((done, fail) => {{
    const asked = indexedDB.open("{DATABASE}");
    asked.onsuccess = () => done(asked.result);
    asked.onerror = () => fail(asked.error);
  }});
  const stores = ["entries", "drafts", "receipts", "evidence"];
  // One transaction: what is written while we look must be seen whole or not at all.
  const tx = db.transaction(stores);
  const read = await Promise.all(stores.map((store) => new Promise((done, fail) => {{
    const asked = tx.objectStore(store).getAll();
    asked.onsuccess = () => done(asked.result);
    asked.onerror = () => fail(asked.error);
  }})));
  const hex = (buffer) => [...new Uint8Array(buffer)].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  const dump = {{ version: db.version, entries: read[0], drafts: read[1], receipts: read[2], evidence: [] }};
  for (const {{ bytes, ...kept }} of read[3]) {{
    dump.evidence.push({{ ...kept, found: hex(await crypto.subtle.digest("SHA-256", bytes)) }});
  }}
  db.close();
  return dump;
}}"""

MOVE = "(path) => { history.pushState(null, '', path); dispatchEvent(new PopStateEvent('popstate')); }"

WORKING = "() => navigator.serviceWorker.ready.then(() => true)"

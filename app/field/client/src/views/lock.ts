/** The locked screen, which shows nothing of the content, and the card where a PIN is set. */
import { html, nothing } from "lit/html.js";

import * as api from "../api";
import { admit, loadKeepers, lock, synchronise } from "../exchange";
import { navigate } from "../moving";
import { app, changed, setUi } from "../state";
import { t } from "../i18n";
import { dropPin, MIN_DIGITS, MOST_TRIES, setPin, tryPin, type Keeper } from "../lock";
import { prefer, preference } from "../preferences";
import { segments, sureButton, type View } from "./parts";

const MINUTES = ["2", "5", "10", "30"];

async function open(event: SubmitEvent, keeper: Keeper): Promise<void> {
  event.preventDefault();
  const form = event.target as HTMLFormElement;
  const pin = String(new FormData(form).get("pin"));
  form.reset();
  setUi("lock.error", t("lock.checking"));
  const tried = await tryPin(keeper.account.id, pin);
  await loadKeepers();
  if (tried === "open") {
    const same = app.account?.id === keeper.account.id;
    setUi("lock.error", undefined);
    await admit(keeper.account);
    if (!same || app.route.name === "signin") await navigate({ name: "list" });
    changed();
    return void synchronise();
  }
  const left = MOST_TRIES - (app.keepers.find(({ account }) => account.id === keeper.account.id)?.tries ?? MOST_TRIES);
  if (tried === "wrong") setUi("lock.error", t("lock.wrong", { n: left }));
  else setUi("lock.error", tried === "spent" ? t("lock.spent") : t("lock.wait", { n: Math.ceil(tried.wait / 1000) }));
}

export function lockView(): View {
  const chosen = app.ui.get("lock.who") ?? app.account?.id;
  const keeper = app.keepers.find(({ account }) => account.id === chosen) ?? app.keepers[0];
  const people = app.keepers.map(({ account }) => ({ value: account.id, label: account.name }));
  const error = app.ui.get("lock.error");
  const choose = (id: string): void => {
    setUi("lock.error", undefined);
    setUi("lock.who", id);
  };
  return html`<main class="signin" data-testid="locked">
    <form class="card" @submit=${(event: SubmitEvent) => keeper && void open(event, keeper)}>
      <h1 tabindex="-1">${t("lock.title")}</h1>
      <p>${t("lock.lead")}</p>
      ${people.length > 1 ? segments(t("lock.who"), people, keeper?.account.id, "keeper", choose) : html`<p><strong>${keeper?.account.name}</strong></p>`}
      <label class="field"><span class="label">${t("lock.pin")}</span>
        <input name="pin" type="password" inputmode="numeric" autocomplete="off" data-testid="pin" /></label>
      ${error ? html`<p class="complaint" role="alert" data-testid="pin-error">${error}</p>` : nothing}
      <button class="primary" data-testid="unlock">${t("lock.open")}</button>
      <button type="button" data-testid="unlock-password" @click=${() => setUi("lock.password", "yes")}>${t("lock.password")}</button>
    </form>
  </main>`;
}

/** The tablet was reported lost: only the office lets it in again. */
export function revokedView(): View {
  const again = (): void => {
    void synchronise();
    void api.session().catch(() => undefined);
  };
  return html`<main class="signin" data-testid="revoked"><form class="card">
    <h1 tabindex="-1">${t("revoked.title")}</h1><p>${t("revoked.lead")}</p>
    <button type="button" class="primary" data-testid="revoked-again" @click=${again}>${t("revoked.again")}</button></form></main>`;
}

async function keep(event: SubmitEvent): Promise<void> {
  event.preventDefault();
  const form = event.target as HTMLFormElement;
  const data = new FormData(form);
  const pin = String(data.get("new-pin"));
  if (!app.account) return;
  if (!/^\d+$/.test(pin) || pin.length < MIN_DIGITS) return setUi("pin.error", t("pin.short", { n: MIN_DIGITS }));
  if (pin !== data.get("again")) return setUi("pin.error", t("pin.differs"));
  form.reset();
  await setPin(app.account, pin);
  await loadKeepers();
  setUi("pin.error", undefined);
  app.notice = t("pin.set");
  form.closest("details")?.removeAttribute("open");
  changed();
}

export function pinCard(): View {
  const { account, ui } = app;
  const has = app.keepers.some((keeper) => keeper.account.id === account?.id);
  const error = ui.get("pin.error");
  const drop = (): void => void (account && dropPin(account.id).then(loadKeepers).then(changed));
  const minutes = MINUTES.map((value) => ({ value, label: t("pin.minutes", { n: value }) }));
  const input = (name: string, label: string): View =>
    html`<label class="field"><span class="label">${label}</span>
      <input name=${name} type="password" inputmode="numeric" autocomplete="off" data-testid=${name} /></label>`;
  return html`<section class="card" data-testid="pin-card"><h2>${t("pin.title")}</h2>
    <p>${t("pin.lead")}</p>
    ${has
      ? html`${segments(t("pin.idle"), minutes, preference("idle") ?? "10", "idle", (value) => {
            prefer("idle", value);
            changed();
          })}
          <div class="row"><button type="button" data-testid="lock-now" @click=${lock}>${t("lock.now")}</button>
          ${sureButton("pin", "pin.drop", "rows.sure", "pin-drop", drop)}</div>`
      : nothing}
    <details><summary>${t(has ? "pin.change" : "pin.make")}</summary>
    <form @submit=${keep}>${input("new-pin", t("pin.new", { n: MIN_DIGITS }))}${input("again", t("pin.again"))}
      <button class="primary" data-testid="pin-save">${t("pin.save")}</button></form></details>
    ${error ? html`<p class="complaint" role="alert" data-testid="pin-said">${error}</p>` : nothing}
  </section>`;
}

import { html, nothing } from "lit/html.js";

import { signIn, synchronise } from "../exchange";
import { navigate } from "../moving";
import { app, setUi } from "../state";
import { Failure } from "../api";
import { t } from "../i18n";
import { link, type View } from "./parts";
import { settings } from "./settings";

async function submit(event: SubmitEvent): Promise<void> {
  event.preventDefault();
  const data = new FormData(event.target as HTMLFormElement);
  const username = String(data.get("username")).trim();
  const password = String(data.get("password"));
  if (username === "" || password === "") return setUi("signin.error", t("signin.empty"));
  setUi("signin.error", undefined);
  setUi("signin.busy", "yes");
  try {
    await signIn(username, password);
    app.ui.delete("lock.password");
    await navigate(app.board ? { name: "home", id: app.board.id } : { name: "list" });
    void synchronise();
  } catch (error) {
    setUi("signin.error", error instanceof Failure ? error.message || t("signin.offline") : String(error));
  } finally {
    setUi("signin.busy", undefined);
  }
}

function byPin(): void {
  app.locked = true;
  setUi("lock.password", undefined);
}

export function signInView(): View {
  const error = app.ui.get("signin.error");
  const busy = app.ui.has("signin.busy");
  return html`<main class="signin">
    <form class="card" @submit=${submit}>
      <h1 tabindex="-1">${t("app.name")}</h1>
      <p>${app.account ? t("signin.again") : t("signin.lead")}</p>
      <label class="field"><span class="label">${t("signin.username")}</span>
        <input name="username" type="text" autocomplete="username" autocapitalize="none" spellcheck="false"
          .defaultValue=${app.account?.username ?? ""} data-testid="username" /></label>
      <label class="field"><span class="label">${t("signin.password")}</span>
        <input name="password" type="password" autocomplete="current-password" data-testid="password" /></label>
      ${error ? html`<p class="complaint" role="alert" data-testid="signin-error">${error}</p>` : nothing}
      <button class="primary" data-testid="signin" ?disabled=${busy}>${t(busy ? "signin.busy" : "signin.submit")}</button>
      ${app.locked || app.keepers.length > 0 ? html`<button type="button" data-testid="by-pin" @click=${byPin}>${t("signin.pin")}</button>` : nothing}
      ${app.account && !app.locked ? link({ name: "list" }, t("signin.later"), "signin-later", "button") : nothing}
    </form>
    ${app.account ? nothing : settings()}
  </main>`;
}

/** How far the sending has come, in a few words. */
import { app } from "../state";
import { isWhole, type Tally } from "../custody";
import { t } from "../i18n";

/** `text` and the chip's colour; the words alone say everything. */
export function syncStatus(): { text: string; tone: string } {
  const { running, trouble, waiting } = app.sync;
  const n = waiting.entries + waiting.evidence;
  if (running) return { text: t("sync.running"), tone: "busy" };
  if (trouble?.kind === "sign_in") return { text: t("sync.signIn"), tone: "warn" };
  if (trouble?.kind === "offline") {
    return { text: n > 0 ? t("sync.offlineWaiting", { n }) : t("sync.offline"), tone: "idle" };
  }
  if (trouble) return { text: t("sync.trouble"), tone: "warn" };
  return n > 0 ? { text: t("sync.waiting", { n }), tone: "busy" } : { text: t("sync.clean"), tone: "good" };
}

/** How much of this tablet's own the server has confirmed. */
export function receiptText(sum: Tally): string {
  const { entries, entriesOf, files, filesOf } = sum;
  return t(isWhole(sum) ? "sync.held" : "sync.missing", { entries, entriesOf, files, filesOf });
}

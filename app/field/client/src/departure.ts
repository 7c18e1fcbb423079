/** Looks into the tablet before it leaves, and mends what one tap can. */
import { take } from "./exchange";
import { app, changed, storeFailed } from "./state";
import { askPersistence, keepCheck, probe } from "./probe";
import { judge, summed } from "./ready";

/** Looks into everything anew; a later look outdoes an earlier one that is still under way. */
export async function checkTablet(): Promise<void> {
  const { account, board } = app;
  if (!account || !board) return;
  const sheet = { of: board.id, lines: app.sheet.of === board.id ? app.sheet.lines : [], running: true };
  app.sheet = sheet;
  changed();
  try {
    const { checklists } = board.bundle.inspection.setup;
    const facts = await probe({ account, inspection: board.id, checklists, outdated: board.outdated });
    if (app.sheet !== sheet) return;
    sheet.lines = judge(facts);
    const check = summed(sheet.lines, new Date().toISOString());
    await keepCheck(account.id, board.id, check);
    if (app.board?.id === board.id) app.board.checked = check;
  } catch (error) {
    storeFailed(error);
  }
  sheet.running = false;
  changed();
}

export async function persistAndCheck(): Promise<void> {
  app.persisted = await askPersistence();
  await checkTablet();
}

export async function takeAndCheck(): Promise<void> {
  if (app.board) await take(app.board.id);
  await checkTablet();
}

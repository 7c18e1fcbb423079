/** Names of what an entry speaks of: `inspection/<id>/answer/<item>[@<site>][/<row>]` and its neighbours. */

export interface Place {
  item: string;
  site: string;
}

export interface Subject extends Place {
  inspection: string;
  kind: string;
  /** Id of a row, note or evidence; empty for the answer itself. */
  tail: string;
}

/** `item@site`, or the item alone where it is answered for the whole unit. */
export function placeKey({ item, site }: Place): string {
  return site === "" ? item : `${item}@${site}`;
}

export function samePlace(one: Place, other: Place): boolean {
  return placeKey(one) === placeKey(other);
}

export function parsePlace(key: string): Place {
  const [item = "", site = ""] = key.split("@");
  return { item, site };
}

export function answerSubject(inspection: string, place: Place): string {
  return `inspection/${inspection}/answer/${placeKey(place)}`;
}

export function rowSubject(inspection: string, place: Place, row: string): string {
  return `${answerSubject(inspection, place)}/${row}`;
}

export function noteSubject(inspection: string, place: Place, note: string): string {
  return `inspection/${inspection}/note/${placeKey(place)}/${note}`;
}

export function evidenceSubject(inspection: string, id: string): string {
  return `inspection/${inspection}/evidence/${id}`;
}

export function setupSubject(inspection: string): string {
  return `inspection/${inspection}/setup`;
}

export function minutesSubject(inspection: string, id: string): string {
  return `inspection/${inspection}/minutes/${id}`;
}

export function inspectionOf(subject: string): string {
  const [scope, id] = subject.split("/", 2);
  return scope === "inspection" ? (id ?? "") : "";
}

export function parseSubject(subject: string): Subject {
  const [, inspection = "", kind = "", third = "", fourth = ""] = subject.split("/");
  if (kind === "evidence") return { inspection, kind, item: "", site: "", tail: third };
  return { inspection, kind, ...parsePlace(third), tail: fourth };
}

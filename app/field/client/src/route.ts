/** Addresses of the workspace; a reload (a camera may cause one) leads back to the same item. */
import { parsePlace, placeKey, type Place } from "./subjects";

export type Route =
  | { name: "list" }
  | { name: "signin" }
  | { name: "home"; id: string }
  | { name: "sync"; id: string }
  | { name: "ready"; id: string }
  | { name: "setup"; id: string }
  | { name: "items"; id: string }
  | { name: "pack"; id: string; pack: string }
  /** `sub`: the camera, or one photo on its own by its evidence's id. */
  | { name: "item"; id: string; place: Place; sub?: string }
  | { name: "records"; id: string }
  | { name: "record" | "paper"; id: string; record: string }
  | { name: "unknown" };

export function pathOf(route: Route): string {
  switch (route.name) {
    case "list":
      return "/field/";
    case "signin":
      return "/field/signin";
    case "home":
      return `/field/inspection/${route.id}`;
    case "sync":
    case "ready":
    case "setup":
    case "items":
    case "records":
      return `/field/inspection/${route.id}/${route.name}`;
    case "pack":
      return `/field/inspection/${route.id}/pack/${route.pack}`;
    case "item":
      return `/field/inspection/${route.id}/item/${placeKey(route.place)}${route.sub ? `/${route.sub}` : ""}`;
    case "record":
    case "paper":
      return `/field/inspection/${route.id}/${route.name}/${route.record}`;
    case "unknown":
      return "/field/unknown";
  }
}

export function parsePath(path: string): Route {
  const [, , scope = "", id = "", page = "", name = "", sub = ""] = path.split("/").map(decodeURIComponent);
  if (scope === "" || scope === "index.html") return { name: "list" };
  if (scope === "signin") return { name: "signin" };
  if (scope !== "inspection" || id === "") return { name: "unknown" };
  if (page === "") return { name: "home", id };
  if (page === "sync" || page === "ready" || page === "setup" || page === "items" || page === "records") return { name: page, id };
  if (page === "pack" && name !== "") return { name: "pack", id, pack: name };
  if (page === "item" && name !== "") return { name: "item", id, place: parsePlace(name), ...(sub && { sub }) };
  if ((page === "record" || page === "paper") && name !== "") return { name: page, id, record: name };
  return { name: "unknown" };
}

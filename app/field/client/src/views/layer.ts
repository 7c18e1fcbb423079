/** What is drawn over a photo. The server draws the same shapes in the same proportions onto its copies. */
import { nothing, svg } from "lit/html.js";

import type { EvidenceValue, Mark } from "../types";

const WHOLE = 10_000;
const [STROKE, LETTERS, HEAD] = [120, 25, 24];

export type Layered = Pick<EvidenceValue, "width" | "height" | "layer">;

/** The shapes in pixels of the picture, for an `<svg>` over it; covers first, as on the server. */
export function shapes({ width, height, layer = [] }: Layered): unknown {
  if (!width || !height) return nothing;
  const longest = Math.max(width, height);
  const sorted = [...layer].sort((a, b) => Number(b.kind === "cover") - Number(a.kind === "cover"));
  return sorted.map((mark) => {
    const [x, y] = [(mark.x * width) / WHOLE, (mark.y * height) / WHOLE];
    const [x2, y2] = [((mark.x2 ?? 0) * width) / WHOLE, ((mark.y2 ?? 0) * height) / WHOLE];
    return shape(mark, { x, y, x2, y2 }, longest);
  });
}

type Points = Record<"x" | "y" | "x2" | "y2", number>;

function shape({ kind, text }: Mark, { x, y, x2, y2 }: Points, longest: number): unknown {
  const stroke = longest / STROKE;
  if (kind === "text") {
    return svg`<text x=${x} y=${y} font-size=${longest / LETTERS} stroke-width=${stroke / 2}>${text}</text>`;
  }
  if (kind === "cover") {
    return svg`<rect x=${Math.min(x, x2)} y=${Math.min(y, y2)} width=${Math.abs(x2 - x)} height=${Math.abs(y2 - y)} />`;
  }
  const line = kind === "circle" ? ring(x, y, x2, y2) : arrow({ x, y, x2, y2 }, longest / HEAD);
  return svg`<path class="halo" d=${line} stroke-width=${stroke * 1.8} /><path d=${line} stroke-width=${stroke} />`;
}

function ring(x: number, y: number, x2: number, y2: number): string {
  const [rx, ry, middle] = [Math.abs(x2 - x) / 2, Math.abs(y2 - y) / 2, (y + y2) / 2];
  const half = `A${rx} ${ry} 0 1 0`;
  return `M${x} ${middle}${half} ${x2} ${middle}${half} ${x} ${middle}`;
}

function arrow({ x, y, x2, y2 }: Points, barb: number): string {
  const angle = Math.atan2(y2 - y, x2 - x);
  const end = (turn: number): string => `${x2 - barb * Math.cos(angle + turn)} ${y2 - barb * Math.sin(angle + turn)}`;
  return `M${x} ${y}L${x2} ${y2}M${end(-0.5)}L${x2} ${y2}L${end(0.5)}`;
}

export const viewBox = ({ width, height }: Layered): string => `0 0 ${width ?? 1} ${height ?? 1}`;

/** The rectangle between two corners may be drawn from any of them; nothing smaller than this was meant. */
const LEAST = 80;

export const isMeant = ({ kind, x, y, x2 = 0, y2 = 0 }: Mark): boolean =>
  kind === "text" || Math.abs(x2 - x) > LEAST || Math.abs(y2 - y) > LEAST;

/** A point of the screen as ten-thousandths of the picture that is shown in `box`. */
export function pointIn(box: DOMRect, clientX: number, clientY: number): { x: number; y: number } {
  const share = (part: number): number => Math.round(Math.min(1, Math.max(0, part)) * WHOLE);
  return { x: share((clientX - box.left) / box.width), y: share((clientY - box.top) / box.height) };
}

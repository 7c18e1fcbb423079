/** UUIDv7, made on the tablet: the idempotency key of an entry. */

let lastMillis = 0;
let counter = 0;

export function uuid7(now: number = Date.now()): string {
  counter = now === lastMillis ? (counter + 1) & 0xfff : randomBelow(0x800);
  lastMillis = now;
  const bytes = crypto.getRandomValues(new Uint8Array(8));
  bytes[0] = ((bytes[0] ?? 0) & 0x3f) | 0x80;
  const millis = now.toString(16).padStart(12, "0");
  const tail = hex(bytes);
  const middle = counter.toString(16).padStart(3, "0");
  return `${millis.slice(0, 8)}-${millis.slice(8)}-7${middle}-${tail.slice(0, 4)}-${tail.slice(4)}`;
}

export function hex(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

export async function sha256(bytes: ArrayBuffer): Promise<string> {
  return hex(new Uint8Array(await crypto.subtle.digest("SHA-256", bytes)));
}

function randomBelow(limit: number): number {
  return (crypto.getRandomValues(new Uint16Array(1))[0] ?? 0) % limit;
}

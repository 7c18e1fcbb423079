/**
 * The tablet's camera within the page. An external camera application makes Android drop the page; this one does
 * not. It is open only while its screen is shown, and says why where it cannot be opened.
 */
import { changed } from "./state";
import type { Text } from "./i18n";
import { drawn } from "./photo";
import type { Position } from "./types";

export const camera = {
  stream: undefined as MediaStream | undefined,
  /** Why there is no picture. */
  why: undefined as Text | undefined,
  torch: false,
};

/** Some devices never answer to `takePhoto`. */
const PATIENCE_MS = 6000;
const REASONS: Readonly<Record<string, Text>> = {
  NotAllowedError: "camera.denied",
  SecurityError: "camera.denied",
  NotFoundError: "camera.none",
  OverconstrainedError: "camera.none",
  NotReadableError: "camera.taken",
  AbortError: "camera.taken",
  TypeError: "camera.missing",
};

/** Counts openings, so that an answer that comes after the screen was left opens nothing. */
let turn = 0;
let opening = false;

export async function openCamera(): Promise<void> {
  if (opening || camera.stream) return;
  opening = true;
  const mine = ++turn;
  // With ImageCapture the stream is the viewfinder's only; without it, it is also the photo.
  const width = { ideal: "ImageCapture" in globalThis ? 1920 : 4096 };
  try {
    const video = { facingMode: { ideal: "environment" }, width };
    const stream = await navigator.mediaDevices.getUserMedia({ video, audio: false });
    if (turn !== mine) return stop(stream);
    camera.stream = stream;
    trackOf(stream)?.addEventListener("ended", () => {
      if (turn === mine) closeCamera("camera.taken");
    });
  } catch (error) {
    if (turn === mine) camera.why = REASONS[error instanceof Error ? error.name : ""] ?? "camera.taken";
  }
  if (turn === mine) opening = false;
  changed();
}

export function closeCamera(why?: Text): void {
  if (!camera.stream && !opening && camera.why === why) return;
  turn += 1;
  opening = false;
  stop(camera.stream);
  Object.assign(camera, { stream: undefined, torch: false, why });
  if (why) changed();
}

const trackOf = (stream?: MediaStream): MediaStreamTrack | undefined => stream?.getVideoTracks()[0];

function stop(stream?: MediaStream): void {
  stream?.getTracks().forEach((track) => track.stop());
}

/** One photo, as large as this device gives it. */
export async function shoot(video: HTMLVideoElement): Promise<File> {
  const late = new Promise<undefined>((done) => setTimeout(done, PATIENCE_MS));
  const blob =
    (await Promise.race([photo(), late]).catch(() => undefined)) ??
    (await drawn(video, video.videoWidth, video.videoHeight, 0.95));
  if (!blob) throw new Error("the camera gives no picture");
  return new File([blob], `anh-${Date.now()}.jpg`, { type: blob.type });
}

async function photo(): Promise<Blob | undefined> {
  const track = trackOf(camera.stream);
  return track && "ImageCapture" in globalThis ? new ImageCapture(track).takePhoto() : undefined;
}

export function hasTorch(): boolean {
  const can = trackOf(camera.stream)?.getCapabilities?.() as { torch?: boolean } | undefined;
  return can?.torch === true;
}

export async function switchTorch(): Promise<void> {
  const torch = !camera.torch;
  await trackOf(camera.stream)?.applyConstraints({ advanced: [{ torch } as MediaTrackConstraintSet] });
  camera.torch = torch;
  changed();
}

/** A position older than this speaks of another place. */
const FRESH_MS = 60_000;
let watch: number | undefined;
let fix: GeolocationPosition | undefined;

/** Follows the tablet's position while the camera is open, and only where its person has switched that on. */
export function followPosition(isOn: boolean): void {
  const { geolocation } = navigator;
  if (isOn === (watch !== undefined)) return;
  if (watch !== undefined) geolocation.clearWatch(watch);
  fix = undefined;
  const found = (position: GeolocationPosition): void => {
    if (!fix) queueMicrotask(changed);
    fix = position;
  };
  watch = isOn ? geolocation.watchPosition(found, undefined, { enableHighAccuracy: true }) : undefined;
}

export function positionNow(): Position | undefined {
  if (!fix || Date.now() - fix.timestamp > FRESH_MS) return undefined;
  const { latitude, longitude, accuracy } = fix.coords;
  return { lat: latitude.toFixed(6), lon: longitude.toFixed(6), accuracy: Math.round(accuracy), source: "device" };
}

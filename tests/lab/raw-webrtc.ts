/** What the networks allow: whether two hosts connect by bare RTCPeerConnections with the lab's STUN server, signalled by the driver. */
import { setTimeout as delay } from "node:timers/promises";
import type { Page } from "@playwright/test";

const LIMIT_MS = 8_000;
const LOOK_MS = 10;

interface RawPeer {
  readonly connection: RTCPeerConnection;
  /** Not yet told to the other side. */
  readonly candidates: RTCIceCandidateInit[];
  isOpen: boolean;
}

interface RawWindow {
  raw: RawPeer;
}

/** Milliseconds from the making of the offer to an open channel; undefined when none opened in 8 s. The pages may show anything. */
export async function connectRaw(caller: Page, called: Page, stunUrl: string): Promise<number | undefined> {
  await Promise.all([caller, called].map((page) => page.evaluate(makePeer, stunUrl)));
  const startedAt = performance.now();
  const offer = await caller.evaluate(describeSelf, null);
  const answer = await called.evaluate(describeSelf, offer);
  await caller.evaluate(accept, answer);
  let openMs: number | undefined;
  while (openMs === undefined && performance.now() - startedAt < LIMIT_MS) {
    await Promise.all([passCandidates(caller, called), passCandidates(called, caller)]);
    const opened = await Promise.all([caller, called].map((page) => page.evaluate(isOpen)));
    if (opened.every(Boolean)) openMs = performance.now() - startedAt;
    else await delay(LOOK_MS);
  }
  await Promise.all([caller, called].map((page) => page.evaluate(close)));
  return openMs;
}

async function passCandidates(from: Page, to: Page): Promise<void> {
  const candidates = await from.evaluate(takeCandidates);
  if (candidates.length > 0) await to.evaluate(addCandidates, candidates);
}

// What follows runs in the pages.

function makePeer(stunUrl: string): void {
  const connection = new RTCPeerConnection({ iceServers: [{ urls: stunUrl }] });
  const raw: RawPeer = { connection, candidates: [], isOpen: false };
  connection.addEventListener("icecandidate", ({ candidate }) => {
    if (candidate !== null) raw.candidates.push(candidate.toJSON());
  });
  connection.createDataChannel("raw", { negotiated: true, id: 0 }).addEventListener("open", () => {
    raw.isOpen = true;
  });
  (window as unknown as RawWindow).raw = raw;
}

/** The offer, or the answer to one. */
async function describeSelf(offer: RTCSessionDescriptionInit | null): Promise<RTCSessionDescriptionInit> {
  const { connection } = (window as unknown as RawWindow).raw;
  if (offer !== null) await connection.setRemoteDescription(offer);
  await connection.setLocalDescription();
  const own = connection.localDescription;
  if (own === null) throw new Error("no description was made");
  return { type: own.type, sdp: own.sdp };
}

async function accept(answer: RTCSessionDescriptionInit): Promise<void> {
  await (window as unknown as RawWindow).raw.connection.setRemoteDescription(answer);
}

function takeCandidates(): RTCIceCandidateInit[] {
  return (window as unknown as RawWindow).raw.candidates.splice(0);
}

async function addCandidates(candidates: readonly RTCIceCandidateInit[]): Promise<void> {
  const { connection } = (window as unknown as RawWindow).raw;
  for (const candidate of candidates) await connection.addIceCandidate(candidate);
}

function isOpen(): boolean {
  return (window as unknown as RawWindow).raw.isOpen;
}

function close(): void {
  (window as unknown as RawWindow).raw.connection.close();
}

/** Words of the connection doctor. Each says what is so, why, and what would help. */
import type { DeviceFinding } from "../../state/app-ports.ts";
import type { ContactFinding, Diagnosis } from "../../state/doctor.ts";
import { networkWords, pathWords } from "./network-words.ts";

export interface FindingWords {
  readonly title: string;
  readonly detail: string;
}

export function udpWords({ udp }: Diagnosis): FindingWords {
  switch (udp) {
    case "works":
      return { title: "Direct links: possible", detail: "UDP gets out of this network and back." };
    case "blocked":
      return {
        title: "Direct links: blocked here",
        detail:
          "This network lets no UDP through, so everything goes through relays. Messages arrive all the same. For direct links use another network, or ask whoever runs this one to allow UDP.",
      };
    case "no-server":
      return {
        title: "Direct links: on one network only",
        detail:
          "No STUN server is configured, so devices in different networks cannot find a direct way and use relays. Whoever runs this Kith can name one in network.json.",
      };
    case "no-network":
      return { title: "Direct links: no network", detail: "This device is on no network. Join one, then check again." };
    case "no-webrtc":
      return {
        title: "Direct links: switched off",
        detail: "This browser has WebRTC switched off. Allow it for this page, or use another browser.",
      };
  }
}

/** The camera reads codes; nothing uses a microphone yet. */
export function cameraWords({ camera }: Diagnosis): FindingWords {
  switch (camera) {
    case "ready":
      return { title: "Camera: ready", detail: "Codes can be scanned." };
    case "asks-first":
      return { title: "Camera: there", detail: "The browser asks you when you scan a code for the first time." };
    case "blocked":
      return {
        title: "Camera: blocked",
        detail:
          "To scan codes, allow the camera for this page in the browser’s site settings. Codes can be pasted as well.",
      };
    case "none":
      return { title: "Camera: none found", detail: "Paste codes instead of scanning them." };
  }
}

const DEVICE_WORDS: Readonly<Record<DeviceFinding, string>> = {
  ready: "ready",
  "asks-first": "there",
  blocked: "blocked",
  none: "none found",
};

export function microphoneWords({ microphone }: Diagnosis): FindingWords {
  return { title: `Microphone: ${DEVICE_WORDS[microphone]}`, detail: "Kith does not use one yet." };
}

export function relaysWords({ network }: Diagnosis): FindingWords {
  const { state, reason } = networkWords(network, true);
  const reserved = network.relays.filter((relay) => relay.state === "reserved").length;
  const known = network.relays.length;
  const title = known === 0 ? "Relays: none known" : `Relays: ${reserved} of ${known} answer`;
  const detail =
    state === "Online"
      ? "Others find you through them."
      : `${state}: ${reason}. Without one, “Pair without internet” links devices that are side by side.`;
  return { title, detail };
}

export function contactWords({ path, reason }: Omit<ContactFinding, "name">): FindingWords {
  return { title: pathWords(path), detail: reasonWords(reason) };
}

function reasonWords(reason: ContactFinding["reason"]): string {
  switch (reason) {
    case "fine":
      return "Nothing to do.";
    case "udp-blocked-here":
      return "This network lets no UDP through. Messages arrive; for a direct link change to another network.";
    case "their-network":
      return "Direct links work from here, so it is their network, or both together. Messages arrive; another network on either side may help.";
    case "no-stun":
      return "No STUN server is configured, so only devices on one network link directly. Messages arrive all the same.";
    case "we-are-offline":
      return "This device cannot be reached now. What you write leaves by itself once it is back.";
    case "they-are-away":
      return "Their device is not there now. Ask them to open Kith, or wait: what you write leaves by itself.";
  }
}

/** For whoever helps: no name, no id, no address. */
export function reportText(diagnosis: Diagnosis, version: string): string {
  const counts = new Map<string, number>();
  for (const { path, reason } of diagnosis.contacts) {
    const line = `${pathWords(path)} (${reason})`;
    counts.set(line, (counts.get(line) ?? 0) + 1);
  }
  return [
    `Kith ${version}, connection report`,
    `State: ${diagnosis.network.reachability.kind}`,
    relaysWords(diagnosis).title,
    `UDP: ${diagnosis.udp}`,
    `Camera: ${diagnosis.camera}, microphone: ${diagnosis.microphone}`,
    ...[...counts].map(([line, count]) => `Contacts ${line}: ${count}`),
  ].join("\n");
}

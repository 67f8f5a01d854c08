/** What works from here, how each contact is reached and why, and what would help. */
import { signal, type ReadonlySignal } from "@preact/signals";
import type { DirectThreadView, NetworkView, Path, ThreadView } from "../core/views.ts";
import type { Announcer } from "./announcer.ts";
import type { NetworkProbe, ProbeFindings, UdpFinding } from "./app-ports.ts";
import { copyText } from "./clipboard.ts";
import { fireAndForget } from "./fire-and-forget.ts";

/** Why a contact is not reached by a better way. */
export type PathReason =
  /** Nothing is better, or nothing is known to be wrong. */
  | "fine"
  /** This network lets no UDP out: no direct link is possible from here. */
  | "udp-blocked-here"
  /** UDP works here, so their network, or both together, allow no direct link. */
  | "their-network"
  /** No STUN server is configured: devices in different networks cannot find each other's addresses. */
  | "no-stun"
  /** This device cannot be reached itself. */
  | "we-are-offline"
  /** Their device is not there, as far as can be seen. */
  | "they-are-away";

export interface ContactFinding {
  /** With the tag that tells two of one name apart. */
  readonly name: string;
  readonly path: Path;
  readonly reason: PathReason;
}

export interface Diagnosis extends ProbeFindings {
  readonly network: NetworkView;
  readonly contacts: readonly ContactFinding[];
}

export interface DoctorModel {
  /** Undefined before the first look. */
  readonly diagnosis: ReadonlySignal<Diagnosis | undefined>;
  readonly isLooking: ReadonlySignal<boolean>;
  look(): void;
  copyReport(): void;
}

export interface DoctorNeeds {
  readonly probe: NetworkProbe;
  readonly network: ReadonlySignal<NetworkView>;
  readonly threads: ReadonlySignal<readonly ThreadView[]>;
  readonly navigator: Navigator;
  readonly announcer: Pick<Announcer, "announce">;
  /** What is copied: without anything private. */
  readonly report: (diagnosis: Diagnosis) => string;
  readonly onFailure: (error: unknown) => void;
}

export function createDoctor(needs: DoctorNeeds): DoctorModel {
  const { probe, network, threads, onFailure } = needs;
  const diagnosis = signal<Diagnosis | undefined>(undefined);
  const isLooking = signal(false);
  const look = async (): Promise<void> => {
    isLooking.value = true;
    try {
      diagnosis.value = diagnose(network.value, await probe.look(), threads.value);
    } finally {
      isLooking.value = false;
    }
  };
  return {
    diagnosis,
    isLooking,
    look() {
      if (!isLooking.value) fireAndForget(look(), onFailure);
    },
    copyReport() {
      if (diagnosis.value === undefined) return;
      const copying = copyText(needs.navigator, needs.report(diagnosis.value)).then((isDone) =>
        needs.announcer.announce({ kind: isDone ? "copied" : "not-copied" }),
      );
      fireAndForget(copying, onFailure);
    },
  };
}

export function diagnose(network: NetworkView, found: ProbeFindings, threads: readonly ThreadView[]): Diagnosis {
  const contacts = threads.filter((thread): thread is DirectThreadView => thread.kind === "direct");
  return {
    network,
    ...found,
    contacts: contacts
      .filter(({ contact }) => contact.isConfirmed && !contact.isBlocked)
      .map(({ name, tag, path }) => ({
        name: tag === undefined ? name : `${name} ${tag}`,
        path,
        reason: reasonOf(path, network, found.udp),
      })),
  };
}

function reasonOf(path: Path, network: NetworkView, udp: UdpFinding): PathReason {
  switch (path.kind) {
    case "direct":
    case "connecting":
      return "fine";
    case "away":
      return network.reachability.kind === "online" ? "they-are-away" : "we-are-offline";
    case "peer":
    case "relay":
      if (udp === "blocked" || udp === "no-webrtc") return "udp-blocked-here";
      return udp === "works" ? "their-network" : "no-stun";
  }
}

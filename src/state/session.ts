/**
 * The life of Kith in this tab: loading, taking the lock, who this is, and how it ends (another tab took over, the store closed).
 * The history is there before the network is asked for.
 */
import { signal, type ReadonlySignal } from "@preact/signals";
import type { MessengerEvent, ProfileView } from "../core/views.ts";
import type { AppPorts } from "./app-ports.ts";

export type Phase =
  | { readonly kind: "starting" }
  | { readonly kind: "elsewhere" }
  /** `wasCleared`: there was a profile, and the browser has nothing of it any more. */
  | { readonly kind: "first-run"; readonly wasCleared: boolean }
  | { readonly kind: "ready" }
  /** `unsent`: what stood in the composer and may not be stored. */
  | { readonly kind: "failed"; readonly reason: FailReason; readonly unsent?: string };

/**
 * `updated`: another tab brought a newer Kith. `newer`: what is stored is of one. `blocked`: another tab keeps an older version open.
 */
export type FailReason = "start" | "store-closed" | "updated" | "newer" | "blocked" | "full";

export interface SessionHooks {
  /** The ports are there; nothing was opened. Subscriptions go here. */
  readonly onPorts: (ports: AppPorts) => void;
  /** The store is open and read; the network is not started yet. */
  readonly onOpen: (profile: ProfileView | undefined) => Promise<void>;
  /** The network could not be started. */
  readonly onOffline: (error: unknown) => void;
  /** This page belongs to a build of the app that is gone. */
  readonly isReplaced: () => boolean;
  readonly onFailure: (error: unknown) => void;
  /** What stands in the composer, perhaps stored by nobody. */
  readonly unsent: () => string;
}

export interface Session {
  readonly phase: ReadonlySignal<Phase>;
  start(): Promise<void>;
  /** Takes Kith over from the other tab. */
  useHere(): Promise<void>;
  /** Opens the store if it was not yet, because there was nothing in it. */
  open(): Promise<void>;
  /** There is a profile. Starts the network; what is on this device can be used without it. */
  begin(): void;
  handle(event: MessengerEvent): void;
}

const LOCK_TRIES = 4;
const LOCK_PAUSE_MS = 150;

export function createSession(load: () => Promise<AppPorts>, hooks: SessionHooks): Session {
  const phase = signal<Phase>({ kind: "starting" });
  let ports: AppPorts | undefined;
  let wasOpened = false;
  let opening: Promise<ProfileView | undefined> | undefined;

  const fail = (error: unknown): void => {
    const reason = startTrouble(error);
    phase.value = { kind: "failed", reason };
    if (reason === "start") hooks.onFailure(error);
  };
  /** Somebody who only looks leaves nothing on the disk. */
  const openOnce = (messenger: AppPorts["messenger"]): Promise<ProfileView | undefined> => {
    opening ??= messenger.open().catch((error: unknown) => {
      opening = undefined;
      throw error;
    });
    return opening;
  };
  const open = async (open: AppPorts): Promise<void> => {
    wasOpened = true;
    open.lock.onLost(() => handle({ type: "stopped", reason: "taken-over" }));
    const isEmpty = await open.storage.isEmpty();
    const profile = isEmpty ? undefined : await openOnce(open.messenger);
    await hooks.onOpen(profile);
    if (phase.value.kind !== "starting") return;
    if (profile === undefined) phase.value = { kind: "first-run", wasCleared: open.storage.hadProfile() };
    else begin();
  };
  const begin = (): void => {
    phase.value = { kind: "ready" };
    ports?.storage.noteProfile();
    ports?.messenger.connect().catch(hooks.onOffline);
  };
  const handle = (event: MessengerEvent): void => {
    if (event.type !== "stopped" || phase.value.kind === "elsewhere") return;
    phase.value =
      event.reason === "taken-over"
        ? { kind: "elsewhere" }
        : { kind: "failed", reason: event.reason, unsent: hooks.unsent() };
    ports?.messenger.stop().catch(hooks.onFailure);
  };

  return {
    phase,
    async start() {
      try {
        ports = await load();
        hooks.onPorts(ports);
        if ((await acquire(ports)) === "elsewhere") phase.value = { kind: "elsewhere" };
        else await open(ports);
      } catch (error) {
        fail(error);
      }
    },
    async useHere() {
      if (ports === undefined || phase.value.kind !== "elsewhere") return;
      phase.value = { kind: "starting" };
      try {
        await ports.lock.steal();
        // What was stopped here does not start again, and what is not of this build may not read the store: a fresh page does.
        if (wasOpened || hooks.isReplaced()) ports.page.reload();
        else await open(ports);
      } catch (error) {
        fail(error);
      }
    },
    async open() {
      if (ports !== undefined) await openOnce(ports.messenger);
    },
    begin,
    handle,
  };
}

function startTrouble(error: unknown): FailReason {
  const name = error instanceof Error ? error.name : "";
  if (name === "StoreNewerError") return "newer";
  if (name === "StoreFullError") return "full";
  return name === "StoreBlockedError" ? "blocked" : "start";
}

/** A page that is just being left, a reload's own predecessor for one, holds the lock for a moment longer. */
async function acquire({ lock }: AppPorts): Promise<"held" | "elsewhere"> {
  for (let tries = 1; tries < LOCK_TRIES; tries += 1) {
    if ((await lock.acquire()) === "held") return "held";
    await new Promise((resolve) => setTimeout(resolve, LOCK_PAUSE_MS));
  }
  return lock.acquire();
}

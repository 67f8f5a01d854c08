/** What Settings shows and changes: the own name, open invites, storage, notifications. */
import { signal, type ReadonlySignal } from "@preact/signals";
import type { HelpsNow, InviteId, InviteView } from "../core/views.ts";
import { type CarriesFor, type CarryChoice, createCarryChoice } from "./carry-choice.ts";
import type { Announcer } from "./announcer.ts";
import type { AppPorts, StorageEstimate } from "./app-ports.ts";
import { fireAndForget } from "./fire-and-forget.ts";
import { createNotifyChoice, type NotifyChoice } from "./notify-choice.ts";
import { createRelayChoice, type RelayChoice } from "./relay-choice.ts";
import { nameTrouble, type NameTrouble } from "./first-run.ts";

export type Fingerprint =
  { readonly kind: "reading" | "unknown" } | { readonly kind: "known"; /** 64 digits. */ readonly hex: string };

export interface SettingsModel {
  readonly name: ReadonlySignal<string>;
  readonly nameTrouble: ReadonlySignal<NameTrouble | undefined>;
  readonly isNameSaved: ReadonlySignal<boolean>;
  readonly invites: ReadonlySignal<readonly InviteView[] | undefined>;
  readonly storage: ReadonlySignal<StorageEstimate | undefined>;
  readonly notify: NotifyChoice;
  readonly carry: CarryChoice;
  readonly relay: RelayChoice;
  readonly version: string;
  /** Of the release that runs here. */
  readonly fingerprint: ReadonlySignal<Fingerprint>;
  /** The browser was asked to keep the storage and said no. */
  readonly isRefused: ReadonlySignal<boolean>;
  askToPersist(): void;
  setNotifies(on: boolean): void;
  setCarriesFor(next: CarriesFor): void;
  setRelaysFor(next: HelpsNow): void;
  setAsksMembers(on: boolean): void;
  /** Whole megabytes a day. */
  setRelayLimit(megabytes: number): void;
  setShowsText(on: boolean): void;
  typeName(name: string): void;
  /** Stores the name if it changed. */
  saveName(): void;
  withdraw(invite: InviteId): void;
  dispose(): void;
}

export function createSettings(
  ports: AppPorts,
  ownName: string,
  announcer: Announcer,
  onFailure: (error: unknown) => void,
): SettingsModel {
  const { messenger, storage, release } = ports;
  const notify = createNotifyChoice(ports);
  const carry = createCarryChoice(messenger);
  const relay = createRelayChoice(messenger);
  const isRefused = signal(false);
  const name = signal(ownName);
  const trouble = signal<NameTrouble | undefined>(undefined);
  const isNameSaved = signal(false);
  const invites = signal<readonly InviteView[] | undefined>(undefined);
  const estimate = signal<StorageEstimate | undefined>(undefined);
  const fingerprint = signal<Fingerprint>({ kind: "reading" });
  let stored = ownName;

  const load = async (): Promise<void> => {
    await notify.load();
    await carry.load();
    await relay.load();
    invites.value = await messenger.openInvites();
    estimate.value = await storage.estimate();
  };
  const readFingerprint = async (): Promise<void> => {
    const hex = await release.fingerprint();
    fingerprint.value = hex === undefined ? { kind: "unknown" } : { kind: "known", hex };
  };
  const save = async (): Promise<void> => {
    const profile = await messenger.setName(name.value);
    stored = profile.name;
    isNameSaved.value = true;
    announcer.announce({ kind: "saved" });
  };
  const withdraw = async (id: InviteId): Promise<void> => {
    await messenger.withdrawInvite(id);
    invites.value = await messenger.openInvites();
    announcer.announce({ kind: "withdrawn" });
  };
  const unsubscribe = messenger.subscribe((event) => {
    if (event.type === "invites") invites.value = event.invites;
  });
  fireAndForget(load(), onFailure);
  fireAndForget(readFingerprint(), onFailure);

  return {
    name,
    nameTrouble: trouble,
    isNameSaved,
    invites,
    storage: estimate,
    notify,
    carry,
    relay,
    version: release.version,
    fingerprint,
    isRefused,
    askToPersist() {
      const work = storage.askToPersist().then(async (isKept) => {
        isRefused.value = !isKept;
        estimate.value = await storage.estimate();
      });
      fireAndForget(work, onFailure);
    },
    setCarriesFor: (next) => fireAndForget(carry.choose(next), onFailure),
    setRelaysFor: (next) => fireAndForget(relay.choose(next), onFailure),
    setAsksMembers: (on) => fireAndForget(relay.setAsksMembers(on), onFailure),
    setRelayLimit: (megabytes) => fireAndForget(relay.limit(megabytes), onFailure),
    setNotifies: (on) => fireAndForget(notify.setNotifies(on), onFailure),
    setShowsText: (on) => fireAndForget(notify.setShowsText(on), onFailure),
    typeName(next) {
      name.value = next;
      trouble.value = undefined;
      isNameSaved.value = false;
    },
    saveName() {
      if (name.value.trim() === stored) return;
      trouble.value = nameTrouble(name.value);
      if (trouble.value === undefined) fireAndForget(save(), onFailure);
    },
    withdraw: (id) => fireAndForget(withdraw(id), onFailure),
    dispose() {
      unsubscribe();
      relay.dispose();
    },
  };
}

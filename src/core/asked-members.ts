/**
 * Which members of common groups this device asks for help although they are no contacts. Whoever is asked learns this device's addresses,
 * so it is the last resort: only members who say that they help, and only where fewer than two contacts who help have been linked for a while.
 */
import type { AccountId, PeerKey } from "./codec/ids.ts";
import { isFellowMember } from "./conversations/co-members.ts";
import type { CoreContext } from "./conversations/core-context.ts";
import type { ReachCards } from "./conversations/reach-cards.ts";
import type { PeerPresence } from "./peer-presence.ts";

/** Contacts and members together: one may go, and nobody helps this device to reach themselves. */
const WANTED_HELPERS = 2;
/** A contact who helps may be linked in a moment. */
const ASK_AFTER_MS = 10_000;

export interface AskedMembersParts {
  readonly core: Pick<CoreContext, "clock" | "directory" | "fireAndForget">;
  readonly cards: Pick<ReachCards, "of" | "helpingMembers">;
  readonly presence: Pick<PeerPresence, "pathOf" | "isAway">;
  /** Others are to be asked than before. */
  changed(): void;
}

export class AskedMembers {
  readonly #parts: AskedMembersParts;
  #asked: readonly PeerKey[] = [];
  #mayAsk = false;
  #isWaiting = false;

  constructor(parts: AskedMembersParts) {
    this.#parts = parts;
  }

  has(peer: PeerKey): boolean {
    return this.#asked.includes(peer);
  }

  /** Whether the person lets this device ask. */
  allow(mayAsk: boolean): void {
    this.#mayAsk = mayAsk;
    this.review();
  }

  /** Called after what may matter here: cards, paths, contacts, members. */
  review(): void {
    const { core } = this.#parts;
    const candidates = this.#candidates();
    if (candidates.length === 0 && this.#asked.length === 0) return;
    const contacts = this.#linkedContacts();
    const kept = contacts >= WANTED_HELPERS ? [] : this.#asked.filter((peer) => candidates.includes(peer));
    const hasLess = kept.length < this.#asked.length;
    this.#asked = kept;
    if (this.#isLacking(candidates) && !this.#isWaiting) {
      this.#isWaiting = true;
      core.fireAndForget(core.clock.delay(ASK_AFTER_MS).then(() => this.#ask()));
    }
    if (hasLess) this.#parts.changed();
  }

  #ask(): void {
    this.#isWaiting = false;
    const candidates = this.#candidates();
    if (!this.#isLacking(candidates)) return;
    this.#asked = [...new Set([...this.#asked, ...candidates])].slice(0, WANTED_HELPERS - this.#linkedContacts());
    this.#parts.changed();
  }

  #isLacking(candidates: readonly PeerKey[]): boolean {
    const wanted = Math.min(WANTED_HELPERS - this.#linkedContacts(), candidates.length);
    return this.#asked.length < wanted;
  }

  #candidates(): readonly PeerKey[] {
    const { core, cards, presence } = this.#parts;
    if (!this.#mayAsk) return [];
    const { directory } = core;
    return cards.helpingMembers().filter((peer) => {
      const account = directory.accountOfPeer(peer);
      return account !== undefined && isFellowMember(directory, account) && !presence.isAway(peer);
    });
  }

  /** Contacts who help and are linked directly. */
  #linkedContacts(): number {
    const { core, cards, presence } = this.#parts;
    const { directory } = core;
    const isHelping = (account: AccountId): boolean =>
      (directory.devicesOf(account)?.devices ?? []).some(
        ({ peerKey, device }) => presence.pathOf(peerKey).kind === "direct" && cards.of(account, device).canHelp,
      );
    return [...directory.contacts.values()].filter(
      ({ account, isConfirmed }) => isConfirmed && !directory.blocked.has(account) && isHelping(account),
    ).length;
  }
}

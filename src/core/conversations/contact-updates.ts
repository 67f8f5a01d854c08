/**
 * Newer device lists and names of contacts (PROTOCOL, Identity), from a device that is known or from a new one: what the account's root
 * key signed says which devices are theirs. Lists and names only ever move forward.
 */
import { knownBehind } from "./group-peers.ts";
import { equalBytes } from "../codec/bytes.ts";
import { DecodeError } from "../codec/decode-error.ts";
import type { AccountId, ConversationId, PeerKey } from "../codec/ids.ts";
import { FRAME } from "../sync/frames.ts";
import type { PeerLink } from "../sync/peer-link.ts";
import type { ContactRow, DeviceListRow } from "../store/tables.ts";
import { learnOwnDevices } from "./account.ts";
import { updateAcquaintance } from "./acquaintances.ts";
import { type Bundle, claimedAccount, decodeBundle, deviceListRow } from "./bundle.ts";
import { changeContact } from "./contact-rows.ts";
import { compareLists, withFork, withNewerList } from "./contact-trust.ts";
import type { CoreContext } from "./core-context.ts";
import { replacingList } from "./former-devices.ts";

export interface ContactUpdatesEffects {
  admitted(link: PeerLink, account: AccountId, claimed: ConversationId | undefined): void;
  contactChanged(account: AccountId): void;
  blockedMet(peer: PeerKey, account: AccountId): void;
  /** This account has another device list: contacts are to be told. */
  ownDevicesChanged(): void;
}

export class ContactUpdates {
  readonly #core: CoreContext;
  readonly #effects: ContactUpdatesEffects;
  readonly #afford: (link: PeerLink) => Promise<void>;
  /** The newest bundle of each contact that was verified: it comes again on every link. */
  readonly #verifiedBundles = new Map<AccountId, Uint8Array>();
  /** Strangers say who they are once. Not verified. */
  readonly #heard = new WeakMap<PeerLink, Uint8Array>();

  /** `afford` resolves when another bundle of this peer may be verified. */
  constructor(core: CoreContext, effects: ContactUpdatesEffects, afford: (link: PeerLink) => Promise<void>) {
    this.#core = core;
    this.#effects = effects;
    this.#afford = afford;
  }

  /** Who a stranger says to be, with nothing verified. */
  strangersBundle(link: PeerLink): Uint8Array | undefined {
    return this.#heard.get(link);
  }

  /** A bundle that answers no claim. @throws DecodeError */
  async onBundle(link: PeerLink, payload: Uint8Array): Promise<void> {
    const account = knownBehind(this.#core.directory, link.peer);
    if (account === undefined) return this.#onStrangersBundle(link, payload);
    const verified = this.#verifiedBundles.get(account);
    if (verified !== undefined && equalBytes(verified, payload)) return this.#tellFormer(link, account);
    await this.#afford(link);
    const bundle = decodeBundle(this.#core.suite, payload);
    if (bundle.account !== account) throw new DecodeError("bundle of another account");
    const held = this.#core.directory.devicesOf(account);
    // They went back to an old copy: what they do not know any more is theirs to list again.
    if (held !== undefined && bundle.list.number < held.number) link.send(FRAME.ownDevices, 0, held.bytes);
    await this.update(bundle);
    this.#tellFormer(link, account);
    this.#verifiedBundles.set(account, payload);
  }

  /** A device that was restored from a backup may not know one that took its place before: what that one wrote is theirs. */
  #tellFormer(link: PeerLink, account: AccountId): void {
    const previous = this.#core.directory.devicesOf(account)?.previous;
    if (previous !== undefined) link.send(FRAME.ownDevices, 0, previous);
  }

  /** A contact knows devices of this account that this profile does not. @throws DecodeError */
  async onOwnDevices(link: PeerLink, payload: Uint8Array): Promise<void> {
    if (this.#core.directory.accountOfPeer(link.peer) === undefined) return;
    await this.#afford(link);
    if (await learnOwnDevices(this.#core, payload)) this.#effects.ownDevicesChanged();
  }

  /** What a contact's bundle changes here. @throws DecodeError for a list that takes over somebody else's device. */
  async update(bundle: Bundle): Promise<void> {
    const { directory, store, suite, clock } = this.#core;
    const { account } = bundle;
    const contact = directory.contacts.get(account);
    const held = directory.devicesOf(account);
    if (contact === undefined) {
      if (await updateAcquaintance(this.#core, bundle)) this.#effects.contactChanged(account);
      return;
    }
    if (held === undefined) return;
    const comparison = compareLists(held, bundle);
    if (comparison === "fork") {
      const forked = withFork(suite, contact, bundle, clock.now());
      if (forked === contact) return;
      await changeContact(this.#core, account, "strict", (row) => withFork(suite, row, bundle, clock.now()));
      this.#effects.contactChanged(account);
      return;
    }
    directory.checkDevices(account, bundle.list);
    const isNewName = bundle.profile.number > contact.profileNumber;
    if (comparison !== "newer" && !isNewName) return;
    const { name, number: profileNumber } = bundle.profile;
    const nextList: DeviceListRow = comparison === "newer" ? replacingList(held, deviceListRow(bundle)) : held;
    const nextContact = await store.write(["contacts", "devices"], "strict", async (tx) => {
      const row: ContactRow = (await tx.get("contacts", [account])) ?? contact;
      const named = isNewName ? { ...row, name, profileNumber } : row;
      const next = withNewerList(named, held, nextList, clock.now());
      tx.put("contacts", [account], next);
      tx.put("devices", [account], nextList);
      return next;
    });
    directory.contacts.set(account, nextContact);
    directory.putDevices(account, nextList);
    this.#effects.contactChanged(account);
  }

  /** A new device of a contact says whose it is; anybody else is passed over. */
  async #onStrangersBundle(link: PeerLink, payload: Uint8Array): Promise<void> {
    if (this.#heard.has(link)) throw new DecodeError("a second bundle of a stranger");
    this.#heard.set(link, payload);
    const { directory, suite } = this.#core;
    const account = claimedAccount(suite, payload);
    const isKnown = directory.contacts.get(account)?.isConfirmed === true || directory.isCoMember(account);
    if (!isKnown && !directory.blocked.has(account)) return;
    await this.#afford(link);
    const bundle = decodeBundle(suite, payload);
    if (!bundle.list.devices.some((device) => device.peerKey === link.peer))
      throw new DecodeError("bundle of another peer");
    if (directory.blocked.has(account)) return this.#effects.blockedMet(link.peer, account);
    await this.update(bundle);
    if (knownBehind(directory, link.peer) !== account) return;
    this.#tellFormer(link, account);
    this.#effects.admitted(link, account, undefined);
  }
}

/**
 * First contact over a link (PROTOCOL, First contact). The acceptor claims an invite and proves its secret first; the inviter
 * counts the use, stores contact and conversation in one transaction, and only then proves it back. A peer that proves nothing
 * is disconnected. Between contacts, the bundle frame carries a newer device list or name.
 */
import { DecodeError } from "../codec/decode-error.ts";
import { equalBytes } from "../codec/bytes.ts";
import type { AccountId, ConversationId, PeerKey, ThreadId, InviteId } from "../codec/ids.ts";
import { FRAME, type Frame } from "../sync/frames.ts";
import type { Greet } from "../sync/payloads.ts";
import { Allowances } from "../sync/allowance.ts";
import type { PeerLink } from "../sync/peer-link.ts";
import type { OpeningRow } from "../store/tables.ts";
import type { InviteTrouble } from "../views.ts";
import { learnOwnDevices, ownBundle } from "./account.ts";
import { type Bundle, decodeBundle, deviceListRow } from "./bundle.ts";
import {
  admitClaim,
  claimTrouble,
  completeOpening,
  hasInvite,
  ownGenesis,
  readClaim,
  type ReadClaim,
} from "./claim.ts";
import type { CoreContext } from "./core-context.ts";
import {
  decodeClaim,
  decodeRefusal,
  encodeClaim,
  encodeRefusal,
  proofOf,
  type Transcript,
} from "./first-contact-codec.ts";
import { inviteIdOf } from "./invite-codec.ts";
import { closeRefused } from "./refused-links.ts";

/** A guest has this long to prove an invite. */
const PROOF_TIMEOUT_MS = 10_000;
/** A peer whose claim failed is not listened to for this long. */
const REFUSE_MS = 30_000;
/**
 * Bundles to be verified, each with up to 34 signatures. Twenty at once are many more than a contact changes names; all strangers who
 * know an invite share one allowance.
 */
const BUNDLE_RATE = { burst: 20, perSecond: 0.5 };
const STRANGERS = "strangers";

/** What first contact causes outside of itself. */
export interface FirstContactEffects {
  /** The peer behind this link is a contact now; `claimed` is the conversation this side founded, to be compared at once. */
  admitted(link: PeerLink, account: AccountId, claimed: ConversationId | undefined): void;
  inviteAccepted(invite: InviteId, thread: ThreadId): void;
  openingChanged(account: AccountId): void;
  contactChanged(account: AccountId): void;
  /** This account has another device list: contacts are to be told. */
  ownDevicesChanged(): void;
  refuse(peer: PeerKey, forMs: number): void;
}

type State =
  /** Acceptor: the claim is out. */
  | { readonly kind: "claimed"; readonly opening: OpeningRow; readonly claim: Uint8Array }
  /** Acceptor: the proof is out. */
  | { readonly kind: "proved"; readonly opening: OpeningRow; readonly transcript: Transcript; readonly bundle: Bundle };

/** Inviter: our bundle is out, the proof is awaited. */
interface Challenge {
  readonly claim: ReadClaim;
  readonly transcript: Transcript;
}

interface Greetings {
  readonly own: Greet;
  readonly remote: Greet;
}

export class FirstContact {
  readonly #core: CoreContext;
  readonly #effects: FirstContactEffects;
  readonly #states = new WeakMap<PeerLink, State>();
  readonly #challenges = new WeakMap<PeerLink, Challenge>();
  readonly #greetings = new WeakMap<PeerLink, Greetings>();
  readonly #bundles: Allowances;
  /** The newest bundle of each contact that was verified: it comes again on every link. */
  readonly #verifiedBundles = new Map<AccountId, Uint8Array>();

  constructor(core: CoreContext, effects: FirstContactEffects) {
    this.#core = core;
    this.#bundles = new Allowances(core.clock, BUNDLE_RATE);
    this.#effects = effects;
  }

  /** Greetings are exchanged: claims what was opened towards this peer, tells a contact our bundle, gives a guest time to prove. */
  async begin(link: PeerLink, own: Greet, remote: Greet, account: AccountId | undefined): Promise<void> {
    this.#greetings.set(link, { own, remote });
    if (account !== undefined) link.send(FRAME.bundle, 0, ownBundle(this.#core));
    const opening = this.#core.directory.openingTowards(link.peer);
    if (opening !== undefined) await this.#claim(link, opening);
    else if (account === undefined) this.#core.fireAndForget(this.#expectProof(link));
  }

  /** An invite of this peer was accepted while the link was already there. */
  async claimNow(link: PeerLink): Promise<void> {
    const opening = this.#core.directory.openingTowards(link.peer);
    if (opening !== undefined && this.#greetings.has(link) && !this.#states.has(link)) await this.#claim(link, opening);
  }

  /** Tells a contact about a new name or device list. */
  sendBundle(link: PeerLink): void {
    link.send(FRAME.bundle, 0, ownBundle(this.#core));
  }

  /** @throws DecodeError for what no honest peer sends. */
  async onFrame(link: PeerLink, frame: Frame): Promise<void> {
    switch (frame.type) {
      case FRAME.claim:
        return this.#onClaim(link, frame.payload);
      case FRAME.bundle:
        return this.#onBundle(link, frame.payload);
      case FRAME.proof:
        return this.#onProof(link, frame.payload);
      case FRAME.welcome:
        return this.#onWelcome(link, frame.payload);
      case FRAME.refusal:
        return this.#onRefusal(link, frame.payload);
      case FRAME.ownDevices:
        return this.#onOwnDevices(link, frame.payload);
      default:
        return;
    }
  }

  async #expectProof(link: PeerLink): Promise<void> {
    await this.#core.clock.delay(PROOF_TIMEOUT_MS);
    const isContact = this.#core.directory.accountOfPeer(link.peer) !== undefined;
    if (link.isClosed || isContact) return;
    this.#effects.refuse(link.peer, REFUSE_MS);
    link.close();
  }

  async #claim(link: PeerLink, opening: OpeningRow): Promise<void> {
    const { suite } = this.#core;
    const parts = await ownGenesis(this.#core, opening.conversation);
    if (parts === undefined) return;
    const claim = encodeClaim({
      invite: inviteIdOf(suite, opening.secret),
      bundle: ownBundle(this.#core),
      genesis: parts,
    });
    this.#states.set(link, { kind: "claimed", opening, claim });
    link.send(FRAME.claim, 0, claim);
  }

  async #onClaim(link: PeerLink, payload: Uint8Array): Promise<void> {
    const greetings = this.#greetings.get(link);
    if (greetings === undefined || this.#challenges.has(link)) throw new DecodeError("claim at the wrong time");
    const decoded = decodeClaim(payload);
    if (!(await hasInvite(this.#core, decoded.invite))) return this.#refuse(link, "unknown");
    await this.#affordBundle(link);
    const claim = readClaim(this.#core, link.peer, decoded);
    const trouble = await claimTrouble(this.#core, claim);
    if (trouble !== undefined) return this.#refuse(link, trouble);
    const bundle = ownBundle(this.#core);
    const transcript: Transcript = {
      acceptorNonce: greetings.remote.nonce,
      inviterNonce: greetings.own.nonce,
      acceptorPeer: link.peer,
      inviterPeer: this.#core.directory.self.peerKey,
      claim: payload,
      inviterBundle: bundle,
    };
    this.#challenges.set(link, { claim, transcript });
    link.send(FRAME.bundle, 0, bundle);
  }

  async #onProof(link: PeerLink, payload: Uint8Array): Promise<void> {
    const challenge = this.#challenges.get(link);
    const greetings = this.#greetings.get(link);
    if (challenge === undefined || greetings === undefined) throw new DecodeError("proof at the wrong time");
    const { suite } = this.#core;
    const admission = await admitClaim(this.#core, challenge.claim, greetings.remote.relays, (secret) =>
      suite.equalMacs(payload, proofOf(suite, secret, "acceptor", challenge.transcript)),
    );
    if (admission.kind === "refused") return this.#refuse(link, admission.trouble);
    link.send(FRAME.welcome, 0, proofOf(suite, admission.secret, "inviter", challenge.transcript));
    this.#challenges.delete(link);
    const { account } = challenge.claim.bundle;
    this.#effects.admitted(link, account, undefined);
    if (admission.isNewContact) this.#effects.inviteAccepted(challenge.claim.invite, admission.thread);
  }

  async #onBundle(link: PeerLink, payload: Uint8Array): Promise<void> {
    const state = this.#states.get(link);
    const greetings = this.#greetings.get(link);
    if (state?.kind === "claimed" && greetings !== undefined) {
      const bundle = decodeBundle(this.#core.suite, payload);
      const isListed = bundle.list.devices.some((device) => device.peerKey === link.peer);
      const isTheirs = bundle.account === state.opening.account && isListed;
      if (!isTheirs) throw new DecodeError("not the inviter's bundle");
      this.#core.directory.checkDevices(bundle.account, bundle.list);
      const transcript: Transcript = {
        acceptorNonce: greetings.own.nonce,
        inviterNonce: greetings.remote.nonce,
        acceptorPeer: this.#core.directory.self.peerKey,
        inviterPeer: link.peer,
        claim: state.claim,
        inviterBundle: payload,
      };
      this.#states.set(link, { kind: "proved", opening: state.opening, transcript, bundle });
      link.send(FRAME.proof, 0, proofOf(this.#core.suite, state.opening.secret, "acceptor", transcript));
      return;
    }
    if (this.#core.directory.accountOfPeer(link.peer) !== undefined) await this.#updateContact(link, payload);
  }

  async #onWelcome(link: PeerLink, payload: Uint8Array): Promise<void> {
    const state = this.#states.get(link);
    if (state?.kind !== "proved") throw new DecodeError("welcome at the wrong time");
    const { suite } = this.#core;
    const expected = proofOf(suite, state.opening.secret, "inviter", state.transcript);
    if (!suite.equalMacs(payload, expected)) throw new DecodeError("the inviter did not prove the secret");
    this.#states.delete(link);
    // The conversation was deleted here while the invite was on its way.
    if (!this.#core.directory.conversations.has(state.opening.conversation)) return;
    const relays = this.#greetings.get(link)?.remote.relays ?? state.opening.relays;
    await completeOpening(this.#core, state.opening, state.bundle, relays);
    this.#effects.admitted(link, state.opening.account, state.opening.conversation);
  }

  async #onRefusal(link: PeerLink, payload: Uint8Array): Promise<void> {
    const state = this.#states.get(link);
    if (state === undefined) return;
    this.#states.delete(link);
    const current = this.#core.directory.openings.get(state.opening.account);
    // A newer invite of theirs was accepted meanwhile: this refusal is not about it.
    if (current === undefined || !equalBytes(current.secret, state.opening.secret)) return this.claimNow(link);
    const opening: OpeningRow = { ...current, trouble: decodeRefusal(payload) };
    await this.#core.store.write(["openings"], "strict", async (tx) => tx.put("openings", [opening.account], opening));
    this.#core.directory.openings.set(opening.account, opening);
    this.#effects.openingChanged(opening.account);
  }

  async #onOwnDevices(link: PeerLink, payload: Uint8Array): Promise<void> {
    if (this.#core.directory.accountOfPeer(link.peer) === undefined) return;
    await this.#affordBundle(link);
    if (await learnOwnDevices(this.#core, payload)) this.#effects.ownDevicesChanged();
  }

  /** Resolves when another bundle of this peer may be verified. */
  #affordBundle(link: PeerLink): Promise<void> {
    const spender = this.#core.directory.accountOfPeer(link.peer) ?? STRANGERS;
    return this.#bundles.spend(spender, 1, () => link.isClosed);
  }

  #refuse(link: PeerLink, trouble: InviteTrouble): void {
    link.send(FRAME.refusal, 0, encodeRefusal(trouble));
    this.#challenges.delete(link);
    const refuse = (): void => this.#effects.refuse(link.peer, REFUSE_MS);
    this.#core.fireAndForget(closeRefused(this.#core, link, trouble === "unknown" ? refuse : undefined));
  }

  /** A newer device list or name of a contact. Lists and names only ever move forward. */
  async #updateContact(link: PeerLink, payload: Uint8Array): Promise<void> {
    const { directory, store, suite } = this.#core;
    const account = directory.accountOfPeer(link.peer);
    if (account === undefined) return;
    const contact = directory.contacts.get(account);
    const held = directory.devicesOf(account);
    if (contact === undefined || held === undefined) return;
    const verified = this.#verifiedBundles.get(account);
    if (verified !== undefined && equalBytes(verified, payload)) return;
    await this.#affordBundle(link);
    const bundle = decodeBundle(suite, payload);
    if (bundle.account !== account) throw new DecodeError("bundle of another account");
    if (bundle.list.number === held.number && !equalBytes(bundle.listBytes, held.bytes)) {
      throw new DecodeError("two device lists of one number");
    }
    directory.checkDevices(account, bundle.list);
    this.#verifiedBundles.set(account, payload);
    // They went back to an old copy: what they do not know any more is theirs to list again.
    if (bundle.list.number < held.number) link.send(FRAME.ownDevices, 0, held.bytes);
    const isNewList = bundle.list.number > held.number;
    const isNewName = bundle.profile.number > contact.profileNumber;
    if (!isNewList && !isNewName) return;
    const { name, number: profileNumber } = bundle.profile;
    const nextList = isNewList ? deviceListRow(bundle) : held;
    const nextContact = await store.write(["contacts", "devices"], "strict", async (tx) => {
      const row = (await tx.get("contacts", [account])) ?? contact;
      const next = isNewName ? { ...row, name, profileNumber } : row;
      tx.put("contacts", [account], next);
      tx.put("devices", [account], nextList);
      return next;
    });
    directory.contacts.set(account, nextContact);
    directory.putDevices(account, nextList);
    this.#effects.contactChanged(account);
  }
}

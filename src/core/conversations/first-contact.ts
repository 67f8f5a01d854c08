/**
 * First contact over a link (PROTOCOL, First contact). The acceptor claims an invite and proves its secret first; the inviter
 * counts the use, stores contact and conversation in one transaction, and only then proves it back. A peer that proves nothing
 * is disconnected. Between contacts, the bundle frame carries a newer device list or name.
 */
import { knownBehind } from "./group-peers.ts";
import { DecodeError } from "../codec/decode-error.ts";
import { equalBytes } from "../codec/bytes.ts";
import type { AccountId, ConversationId, PeerKey, ThreadId, InviteId } from "../codec/ids.ts";
import { FRAME, type Frame } from "../sync/frames.ts";
import type { Greet } from "../sync/payloads.ts";
import { Allowances } from "../sync/allowance.ts";
import type { PeerLink } from "../sync/peer-link.ts";
import type { OpeningRow } from "../store/people-tables.ts";
import type { InviteTrouble } from "../views.ts";
import { ownBundle } from "./account.ts";
import { type Bundle, decodeBundle } from "./bundle.ts";
import {
  admitClaim,
  claimTrouble,
  completeOpening,
  hasInvite,
  ownGenesis,
  readClaim,
  type ReadClaim,
} from "./claim.ts";
import { ContactUpdates } from "./contact-updates.ts";
import type { CoreContext } from "./core-context.ts";
import {
  decodeClaim,
  decodeRefusal,
  encodeClaim,
  encodeRefusal,
  proofOf,
  type Request,
  type Transcript,
} from "./first-contact-codec.ts";
import { inviteIdOf } from "./invite-codec.ts";
import { openRequestTo } from "./opening.ts";
import { RequestContact } from "./request-contact.ts";

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
  /** A peer turned out to be of a blocked account. */
  blockedMet(peer: PeerKey, account: AccountId): void;
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
  readonly updates: ContactUpdates;
  readonly #requests: RequestContact;

  constructor(core: CoreContext, effects: FirstContactEffects) {
    this.#core = core;
    this.#bundles = new Allowances(core.clock, BUNDLE_RATE);
    this.#effects = effects;
    this.#requests = new RequestContact(core, effects);
    this.updates = new ContactUpdates(core, effects, (link) => this.#affordBundle(link));
  }

  /** Greetings are exchanged: claims what was opened towards this peer, tells a contact our bundle, gives a guest time to prove. */
  async begin(link: PeerLink, own: Greet, remote: Greet, account: AccountId | undefined): Promise<void> {
    this.#greetings.set(link, { own, remote });
    if (account !== undefined) link.send(FRAME.bundle, 0, ownBundle(this.#core));
    const opening = this.#core.directory.openingTowards(link.peer);
    if (opening !== undefined) await this.#claim(link, opening);
    else if (await this.askAgain(link)) return;
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
        return this.updates.onOwnDevices(link, frame.payload);
      case FRAME.request:
        return this.#requests.onRequest(link, frame.payload, this.relaysOf(link));
      case FRAME.answer:
        return this.#requests.onAnswer(link, frame.payload, this.relaysOf(link));
      default:
        return;
    }
  }

  /** Who was refused and asked, or is about to: the inviter may have decided meanwhile. */
  async askAgain(link: PeerLink): Promise<boolean> {
    const opening = openRequestTo(this.#core.directory, link.peer);
    const request = opening === undefined ? undefined : await this.#requestFor(opening);
    if (opening === undefined || request === undefined) return false;
    this.#requests.ask(link, opening, request);
    return true;
  }

  relaysOf(link: PeerLink): readonly string[] {
    return this.#greetings.get(link)?.remote.relays ?? [];
  }

  async #expectProof(link: PeerLink): Promise<void> {
    await this.#core.clock.delay(PROOF_TIMEOUT_MS);
    const isContact = knownBehind(this.#core.directory, link.peer) !== undefined;
    if (link.isClosed || isContact) return;
    this.#effects.refuse(link.peer, REFUSE_MS);
    link.close();
  }

  async #claim(link: PeerLink, opening: OpeningRow): Promise<void> {
    const request = await this.#requestFor(opening);
    if (request === undefined) return;
    const claim = encodeClaim({ invite: inviteIdOf(this.#core.suite, opening.secret), ...request });
    this.#states.set(link, { kind: "claimed", opening, claim });
    link.send(FRAME.claim, 0, claim);
  }

  async #requestFor(opening: OpeningRow): Promise<Request | undefined> {
    const genesis = await ownGenesis(this.#core, opening.conversation);
    return genesis === undefined ? undefined : { bundle: ownBundle(this.#core), genesis };
  }

  async #onClaim(link: PeerLink, payload: Uint8Array): Promise<void> {
    const greetings = this.#greetings.get(link);
    if (greetings === undefined || this.#challenges.has(link)) throw new DecodeError("claim at the wrong time");
    const decoded = decodeClaim(payload);
    if (!(await hasInvite(this.#core, decoded.invite))) return this.#refuse(link, "unknown");
    await this.#affordBundle(link);
    const claim = readClaim(this.#core, link.peer, decoded);
    if (this.#core.directory.blocked.has(claim.bundle.account)) {
      return this.#effects.blockedMet(link.peer, claim.bundle.account);
    }
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
    await this.updates.onBundle(link, payload);
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
    const opening: OpeningRow = { ...current, trouble: decodeRefusal(payload), request: "asking" };
    await this.#core.store.write(["openings"], "strict", async (tx) => tx.put("openings", [opening.account], opening));
    this.#core.directory.openings.set(opening.account, opening);
    this.#effects.openingChanged(opening.account);
    await this.askAgain(link);
  }

  /** Resolves when another bundle of this peer may be verified. */
  #affordBundle(link: PeerLink): Promise<void> {
    const spender = knownBehind(this.#core.directory, link.peer) ?? STRANGERS;
    return this.#bundles.spend(spender, 1, () => link.isClosed);
  }

  #refuse(link: PeerLink, trouble: InviteTrouble): void {
    link.send(FRAME.refusal, 0, encodeRefusal(trouble));
    this.#challenges.delete(link);
    this.#core.fireAndForget(this.#closeRefused(link, trouble));
  }

  /** A refused stranger can read why, and then has to go; who knew no secret of ours at all, for a while. */
  async #closeRefused(link: PeerLink, trouble: InviteTrouble): Promise<void> {
    await link.drained();
    await this.#core.clock.delay(REFUSAL_GRACE_MS);
    const isContact = knownBehind(this.#core.directory, link.peer) !== undefined;
    if (isContact || link.isClosed || this.#requests.isAsking(link)) return;
    if (trouble === "unknown") this.#effects.refuse(link.peer, REFUSE_MS);
    link.close();
  }
}

/** A refused peer gets this long to read why and to ask, then the link ends. */
const REFUSAL_GRACE_MS = 3_000;

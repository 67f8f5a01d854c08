/** Pairing without internet: joins invites with links that the transport makes by hand. See pairing-views.ts for the contract. */
import { DecodeError } from "./codec/decode-error.ts";
import { bytesToBase64Url } from "./codec/bytes.ts";
import type { InviteId, PeerKey, ThreadId } from "./codec/ids.ts";
import type { CoreContext } from "./conversations/core-context.ts";
import { directThread } from "./conversations/directory.ts";
import { decodeInvite } from "./conversations/invite-codec.ts";
import { readInvite } from "./conversations/invites.ts";
import { NAMELESS, safeName } from "./conversations/names.ts";
import { decodePairCode, encodePairAnswer, encodePairOffer, type PairOfferCode } from "./conversations/pairing-code.ts";
import type { InviteCommands } from "./invite-commands.ts";
import type { PairAnswerView, Paired, PairFailure, Pairing, PairOfferView, PairTrouble } from "./pairing-views.ts";
import { type HandMadeAnswer, type HandMadeLinks, type HandMadeOffer, NoAddressError } from "./transport/transport.ts";
import type { MessengerEvent } from "./views.ts";

/** How long two people have for carrying both codes. */
const PAIR_MS = 10 * 60_000;
/** For the proofs, once the link stands. */
const MEET_MS = 15_000;
/** Where nobody answers, the configuration is waited for before the network starts, and pairing is for such places. */
const START_MS = 10_000;
const LOOK_MS = 100;

export interface PairingEffects {
  readonly invites: Pick<InviteCommands, "createBrief" | "withdraw" | "accept">;
  subscribe(listener: (event: MessengerEvent) => void): () => void;
  byHand(): HandMadeLinks | undefined;
}

interface OwnOffer {
  readonly end: HandMadeOffer;
  readonly invite: InviteId;
  readonly id: string;
  readonly expiresAt: number;
}

export class PairingByHand implements Pairing {
  readonly #core: CoreContext;
  readonly #effects: PairingEffects;
  #offer: OwnOffer | undefined;
  #answer: { readonly end: HandMadeAnswer; readonly paired: Promise<Paired | PairFailure> } | undefined;

  constructor(core: CoreContext, effects: PairingEffects) {
    this.#core = core;
    this.#effects = effects;
  }

  async offer(): Promise<PairOfferView | PairFailure> {
    this.cancel();
    const end = await this.#end((links) => links.offer());
    if ("kind" in end) return end;
    const { id: invite, bytes, expiresAt } = await this.#effects.invites.createBrief(PAIR_MS);
    const { text, id } = encodePairOffer(this.#core.suite, { invite: bytes, description: end.description });
    this.cancel();
    this.#offer = { end, invite, id, expiresAt };
    return { kind: "offer", text, expiresAt };
  }

  async complete(text: string): Promise<Paired | PairFailure> {
    const { suite, clock } = this.#core;
    const own = this.#offer;
    const code = decodePairCode(suite, text);
    if (code.kind === "no-code" || code.kind === "newer") return failed(code.kind);
    if (code.kind === "offer") return failed(code.id === own?.id ? "own" : "not-an-answer");
    if (own === undefined || code.offer !== own.id) return failed("another-offer");
    if (own.expiresAt < clock.now()) return failed("expired");
    const meeting = this.#meeting(own.invite, code.peer);
    try {
      await own.end.complete(code.peer, code.description);
      const thread = await meeting.thread();
      // Its link stays: there is nothing to take back.
      this.#offer = undefined;
      return thread === undefined ? failed("not-reached") : { kind: "paired", thread };
    } catch (error) {
      return failed(error instanceof DecodeError ? "no-code" : "not-reached");
    } finally {
      meeting.end();
    }
  }

  async answer(text: string): Promise<PairAnswerView | PairFailure> {
    const { suite, directory } = this.#core;
    const code = decodePairCode(suite, text);
    if (code.kind === "no-code" || code.kind === "newer") return failed(code.kind);
    if (code.kind === "answer") return failed("not-an-offer");
    const read = this.#readOffer(code);
    if (typeof read === "string") return failed(read);
    this.cancel();
    const end = await this.#end((links) => links.answer(read.peer, code.description));
    if ("kind" in end) return end;
    this.cancel();
    this.#answer = { end, paired: this.#linked(end, read.invite) };
    const { peerKey: peer } = directory.self;
    const answer = encodePairAnswer(suite, { offer: code.id, peer, description: end.description });
    return { kind: "answer", text: answer, name: read.name };
  }

  async paired(): Promise<Paired | PairFailure> {
    return this.#answer?.paired ?? failed("not-reached");
  }

  cancel(): void {
    const { invite, end } = this.#offer ?? {};
    end?.cancel();
    if (invite !== undefined) this.#core.fireAndForget(this.#effects.invites.withdraw(invite));
    this.#offer = undefined;
    this.#answer?.end.cancel();
    this.#answer = undefined;
  }

  #readOffer({ invite: bytes }: PairOfferCode): PairTrouble | { invite: string; peer: PeerKey; name: string } {
    const decoded = decodeInvite(this.#core.suite, bytes);
    if (decoded.kind !== "invite") return decoded.kind === "newer" ? "newer" : "no-code";
    const invite = bytesToBase64Url(bytes);
    const { peer, name, expiresAt } = decoded.invite;
    if (readInvite(this.#core, invite).kind === "own") return "own";
    if (expiresAt < this.#core.clock.now()) return "expired";
    return { invite, peer, name: safeName(name) || NAMELESS };
  }

  async #linked(end: HandMadeAnswer, invite: string): Promise<Paired | PairFailure> {
    try {
      await end.linked;
    } catch {
      return failed("not-reached");
    }
    // The link stays.
    if (this.#answer?.end === end) this.#answer = undefined;
    // Not before: who turns back while the codes are carried has accepted nothing.
    const accepted = await this.#effects.invites.accept(invite);
    return "thread" in accepted ? { kind: "paired", thread: accepted.thread } : failed("expired");
  }

  /** Listens from now on for the conversation with who comes by this invite, or is known already. */
  #meeting(invite: InviteId, peer: PeerKey): { thread(): Promise<ThreadId | undefined>; end(): void } {
    const { clock, directory } = this.#core;
    const known = (): ThreadId | undefined => {
      const account = directory.contactBehind(peer);
      return account === undefined ? undefined : directThread(account);
    };
    let meet: (thread: ThreadId | undefined) => void = () => undefined;
    const met = new Promise<ThreadId | undefined>((resolve) => {
      meet = resolve;
    });
    const end = this.#effects.subscribe((event) => {
      if (event.type === "invite-accepted" && event.invite === invite) meet(event.thread);
    });
    return {
      end,
      thread: () => {
        if (known() !== undefined) return Promise.resolve(known());
        this.#core.fireAndForget(clock.delay(MEET_MS).then(() => meet(known())));
        return met;
      },
    };
  }

  async #started(): Promise<HandMadeLinks | undefined> {
    for (let waitedMs = 0; waitedMs < START_MS && this.#effects.byHand() === undefined; waitedMs += LOOK_MS) {
      await this.#core.clock.delay(LOOK_MS);
    }
    return this.#effects.byHand();
  }

  async #end<End extends HandMadeOffer | HandMadeAnswer>(
    make: (links: HandMadeLinks) => Promise<End>,
  ): Promise<End | PairFailure> {
    const links = await this.#started();
    if (links === undefined) return failed("no-network");
    try {
      return await make(links);
    } catch (error) {
      if (error instanceof NoAddressError) return failed("no-network");
      if (error instanceof DecodeError) return failed("no-code");
      throw error;
    }
  }
}

function failed(trouble: PairTrouble): PairFailure {
  return { kind: "failed", trouble };
}

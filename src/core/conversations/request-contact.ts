/**
 * Asking to be let in, over a link (PROTOCOL, Requests). Whose invite was refused asks on the same link; the inviter keeps the request
 * and says that it waits. Once the person accepted, the inviter dials as to any contact, the other asks again, and is answered with the
 * inviter's bundle. Account ids are proven by the bundles, so no secret is needed; whom to let in is the person's decision.
 */
import { equalBytes } from "../codec/bytes.ts";
import { DecodeError } from "../codec/decode-error.ts";
import type { AccountId, ConversationId, PeerKey } from "../codec/ids.ts";
import { Allowances } from "../sync/allowance.ts";
import { FRAME } from "../sync/frames.ts";
import type { PeerLink } from "../sync/peer-link.ts";
import type { OpeningRow } from "../store/people-tables.ts";
import { ownBundle } from "./account.ts";
import { decodeBundle } from "./bundle.ts";
import { completeOpening, readFounding } from "./claim.ts";
import type { CoreContext } from "./core-context.ts";
import {
  type Answer,
  decodeAnswer,
  decodeRequest,
  encodeAnswer,
  encodeRequest,
  type Request,
} from "./first-contact-codec.ts";
import { knownBehind } from "./group-peers.ts";
import { noteAnswered } from "./opening.ts";
import { admitRequest, keepRequest } from "./requests.ts";

/** Apart from the allowance of those who name an invite, so that asking keeps nobody out who was invited. */
const REQUEST_RATE = { burst: 10, perSecond: 0.1 };
const EVERYBODY = "everybody";
/** Who was answered gets this long to read it, then the link ends. */
const ANSWER_GRACE_MS = 1_000;

export interface RequestEffects {
  admitted(link: PeerLink, account: AccountId, claimed: ConversationId | undefined): void;
  openingChanged(account: AccountId): void;
  blockedMet(peer: PeerKey, account: AccountId): void;
}

export class RequestContact {
  readonly #core: CoreContext;
  readonly #effects: RequestEffects;
  readonly #allowances: Allowances;
  /** Links on which the other side asked. */
  readonly #heard = new WeakSet<PeerLink>();
  /** Links on which this side asked, for which opening. */
  readonly #asked = new WeakMap<PeerLink, OpeningRow>();
  readonly #answered = new WeakSet<PeerLink>();

  constructor(core: CoreContext, effects: RequestEffects) {
    this.#core = core;
    this.#effects = effects;
    this.#allowances = new Allowances(core.clock, REQUEST_RATE);
  }

  /** Whether the other side asks on this link: it is ended here then. */
  isAsking(link: PeerLink): boolean {
    return this.#heard.has(link);
  }

  /** Asks the inviter to let this account in, once a link. */
  ask(link: PeerLink, opening: OpeningRow, request: Request): void {
    if (this.#asked.has(link)) return;
    this.#asked.set(link, opening);
    link.send(FRAME.request, 0, encodeRequest(request));
  }

  /** @throws DecodeError for what no honest peer sends. */
  async onRequest(link: PeerLink, payload: Uint8Array, relays: readonly string[]): Promise<void> {
    if (this.#heard.has(link)) throw new DecodeError("a second request");
    this.#heard.add(link);
    const { directory } = this.#core;
    const request = decodeRequest(payload);
    await this.#allowances.spend(directory.contactBehind(link.peer) ?? EVERYBODY, 1, () => link.isClosed);
    if (link.isClosed) return;
    const founding = readFounding(this.#core, link.peer, request);
    const { account } = founding.bundle;
    if (directory.blocked.has(account)) return this.#effects.blockedMet(link.peer, account);
    // Each asked the other: both wish it.
    const isWished = directory.openings.get(account)?.isWish === true;
    if (isWished || directory.contacts.get(account)?.isConfirmed === true) {
      const isAdmitted = (await admitRequest(this.#core, founding, relays)) !== undefined;
      if (!isAdmitted) return this.#answer(link, { kind: "not-taken" });
      link.send(FRAME.answer, 0, encodeAnswer({ kind: "accepted", bundle: ownBundle(this.#core) }));
      this.#effects.admitted(link, account, undefined);
      return;
    }
    this.#answer(link, { kind: await keepRequest(this.#core, { founding, peer: link.peer, relays }, payload) });
  }

  /** @throws DecodeError for what no honest inviter sends. */
  async onAnswer(link: PeerLink, payload: Uint8Array, relays: readonly string[]): Promise<void> {
    const asked = this.#asked.get(link);
    if (asked === undefined || this.#answered.has(link)) throw new DecodeError("an answer that was not asked for");
    this.#answered.add(link);
    const { directory, suite } = this.#core;
    const answer = decodeAnswer(payload);
    const opening = directory.openings.get(asked.account);
    // A newer invite of theirs was accepted, or the conversation deleted, meanwhile.
    if (opening === undefined || !equalBytes(opening.secret, asked.secret)) return;
    if (answer.kind !== "accepted") return this.#note(opening, answer.kind);
    const bundle = decodeBundle(suite, answer.bundle);
    const isTheirs =
      bundle.account === opening.account && bundle.list.devices.some(({ peerKey }) => peerKey === link.peer);
    if (!isTheirs) throw new DecodeError("not the inviter's bundle");
    directory.checkDevices(bundle.account, bundle.list);
    await completeOpening(this.#core, opening, bundle, relays.length === 0 ? opening.relays : relays);
    this.#effects.admitted(link, opening.account, opening.conversation);
  }

  async #note(held: OpeningRow, request: "waiting" | "not-taken"): Promise<void> {
    const opening: OpeningRow = { ...held, request };
    noteAnswered(opening);
    await this.#core.store.write(["openings"], "strict", async (tx) => tx.put("openings", [opening.account], opening));
    this.#core.directory.openings.set(opening.account, opening);
    this.#effects.openingChanged(opening.account);
  }

  #answer(link: PeerLink, answer: Answer): void {
    link.send(FRAME.answer, 0, encodeAnswer(answer));
    this.#core.fireAndForget(this.#closeAnswered(link));
  }

  async #closeAnswered(link: PeerLink): Promise<void> {
    await link.drained();
    await this.#core.clock.delay(ANSWER_GRACE_MS);
    // Accepted meanwhile, or of a common group: the link is good.
    if (knownBehind(this.#core.directory, link.peer) === undefined) link.close();
  }
}

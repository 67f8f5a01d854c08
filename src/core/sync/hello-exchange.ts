/**
 * The hellos of one session (PROTOCOL, Sync): what each side has, by digest. Who holds the same as the other's hello says answers with
 * *level*, a proof that the conversation is known and no more, if the other takes it.
 */
import { equalBytes } from "../codec/bytes.ts";
import { DecodeError } from "../codec/decode-error.ts";
import type { ConversationId } from "../codec/ids.ts";
import type { LogState } from "../log/log-state.ts";
import { FRAME, type Frame } from "./frames.ts";
import type { Greet } from "./payloads.ts";
import { checkedHello } from "./hello-match.ts";
import { helloTag, type LinkSide } from "./hello-tag.ts";
import type { SyncHost } from "./host.ts";
import { decodeHello, encodeHello, type Hello } from "./payloads.ts";
import type { PeerLink } from "./peer-link.ts";

/** Of the answering side's tag. */
const LEVEL_BYTES = 8;

type Host = Pick<
  SyncHost,
  | "deviceListsHeld"
  | "digest"
  | "digestOfNumbers"
  | "equalMacs"
  | "isGroup"
  | "mac"
  | "ownPeer"
  | "readLogs"
  | "statements"
>;

export class HelloExchange {
  readonly #host: Host;
  readonly #link: PeerLink;
  readonly #conversation: ConversationId;
  readonly #session: number;
  readonly #own: LinkSide;
  readonly #remote: LinkSide;
  readonly #takesLevel: boolean;
  readonly #hasNumbers: boolean;
  readonly #foldsLists: boolean;
  /** Our logs as they were when we told of them: what came later is pushed. */
  told: ReadonlyMap<string, LogState> = new Map();
  #said: Hello | undefined;

  constructor(
    host: Host,
    link: PeerLink,
    greets: { readonly own: Greet; readonly remote: Greet },
    conversation: ConversationId,
    session: number,
  ) {
    this.#host = host;
    this.#link = link;
    this.#own = { nonce: greets.own.nonce, peer: host.ownPeer };
    this.#remote = { nonce: greets.remote.nonce, peer: link.peer };
    this.#takesLevel = greets.remote.takesLevel === true;
    this.#hasNumbers = greets.remote.takesNumbers === true && host.isGroup(conversation);
    this.#foldsLists = this.#hasNumbers && greets.remote.foldsLists === true;
    this.#conversation = conversation;
    this.#session = session;
  }

  async say(): Promise<void> {
    this.#send(await this.#compose());
    // Who holds the same answers with level, and nothing is left to tell.
    if (!this.#foldsLists) this.#tellLists();
  }

  /** Answers a hello whose tag was matched already, and resolves with it. */
  async answer(frame: Frame): Promise<Hello> {
    const theirs = decodeHello(frame.payload);
    const ours = await this.#compose();
    if (this.#takesLevel && isSame(ours, theirs)) {
      this.#said = ours;
      this.#link.send(FRAME.level, this.#session, ours.tag.slice(0, LEVEL_BYTES));
      if (!this.#foldsLists) this.#tellLists();
    } else {
      this.#send(ours);
      this.#tellLists();
    }
    return theirs;
  }

  /** The other side's answer to our hello, hello or level. @throws DecodeError */
  take(frame: Frame): Hello {
    if (this.#said === undefined) throw new DecodeError("an answer before our hello");
    if (frame.type === FRAME.hello) {
      const theirs = checkedHello(this.#host, this.#conversation, this.#remote, this.#own, frame);
      if (this.#foldsLists) this.#tellLists();
      return theirs;
    }
    const tag = helloTag(this.#host, this.#conversation, this.#remote, this.#own);
    if (!this.#host.equalMacs(frame.payload, tag.slice(0, LEVEL_BYTES)))
      throw new DecodeError("level in another conversation");
    return { ...this.#said, tag };
  }

  /** Whether the other side has the same entries. */
  isLevel(theirs: Hello): boolean {
    return this.#said !== undefined && equalBytes(theirs.digest, this.#said.digest);
  }

  async #compose(): Promise<Hello> {
    this.told = await this.#host.readLogs(this.#conversation);
    return {
      tag: helloTag(this.#host, this.#conversation, this.#own, this.#remote),
      digest: this.#host.digest(this.told),
      statements: this.#hasNumbers
        ? this.#host.digestOfNumbers(this.#conversation, this.#foldsLists)
        : this.#host.statements(this.#conversation).digest,
    };
  }

  #send(hello: Hello): void {
    this.#said = hello;
    this.#link.send(FRAME.hello, this.#session, encodeHello(hello));
  }

  /** In a group which device lists of members are held: newer ones are there before what their devices wrote. */
  #tellLists(): void {
    const held = this.#host.deviceListsHeld(this.#conversation, this.#link.peer);
    if (held !== undefined) this.#link.send(FRAME.deviceListsHeld, this.#session, held);
  }
}

function isSame(a: Hello, b: Hello): boolean {
  return equalBytes(a.digest, b.digest) && equalBytes(a.statements, b.statements);
}

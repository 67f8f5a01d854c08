/**
 * Verifying in person (PROTOCOL, Verifying). One shows a code, the other's app reads it off the screen: that proves the shower's account
 * to the reader at once, and the answer over the link, which only who saw the screen can give, proves the reader's to the shower. What
 * follows is for the two people to confirm. Codes are held in memory only.
 */
import type { AccountId, PeerKey, ThreadId } from "../codec/ids.ts";
import { FRAME, type Frame } from "../sync/frames.ts";
import type { PeerLink } from "../sync/peer-link.ts";
import type { CodeReading, ShownCode } from "../people-views.ts";
import type { CoreContext } from "./core-context.ts";
import { directThread } from "./directory.ts";
import { codeReadProof, decodeCode, encodeCode, newCodeSecret, type VerifyCode } from "./verify-code.ts";

const NEW_EVERY_MS = 60_000;
/** A code that was replaced while it was being read still counts for this long. */
const GRACE_MS = 15_000;
/** Answers of one contact that are looked at, per code. */
const MAX_ANSWERS = 16;

interface Shown {
  readonly code: VerifyCode;
  /** Monotonic. */
  readonly until: number;
  answers: number;
}

export class Verifying {
  readonly #core: CoreContext;
  readonly #linksTo: (peer: PeerKey) => readonly PeerLink[];
  /** The newest code for each reader, and the one before. */
  readonly #shown = new Map<AccountId, readonly Shown[]>();

  constructor(core: CoreContext, linksTo: (peer: PeerKey) => readonly PeerLink[]) {
    this.#core = core;
    this.#linksTo = linksTo;
  }

  /** A new code for this contact to read. The one before ends shortly after. */
  show(reader: AccountId): ShownCode {
    const { suite, clock, directory } = this.#core;
    const code = { shower: directory.self.account, reader, secret: newCodeSecret(suite) };
    const [before] = this.#shown.get(reader) ?? [];
    const shown: Shown = { code, until: clock.monotonic() + NEW_EVERY_MS + GRACE_MS, answers: 0 };
    const ending =
      before === undefined ? [] : [{ ...before, until: Math.min(before.until, clock.monotonic() + GRACE_MS) }];
    this.#shown.set(reader, [shown, ...ending]);
    return { text: encodeCode(suite, code), newInMs: NEW_EVERY_MS };
  }

  /** Nothing is shown to this contact any more. */
  hide(reader: AccountId): void {
    this.#shown.delete(reader);
  }

  /** What was read off a screen, and whether it is this contact's. */
  read(shower: AccountId, text: string): CodeReading {
    const { suite, directory } = this.#core;
    const code = decodeCode(suite, text);
    if (code === undefined) return { kind: "no-code" };
    if (code.shower === directory.self.account) return { kind: "own" };
    if (code.shower !== shower) return { kind: "somebody-else" };
    if (code.reader !== directory.self.account) return { kind: "not-for-you" };
    const peers = directory.devicesOf(shower)?.devices.map(({ peerKey }) => peerKey) ?? [];
    const links = peers.flatMap((peer) => this.#linksTo(peer));
    for (const link of links) {
      link.send(FRAME.codeRead, 0, codeReadProof(suite, code, directory.self.peerKey, link.peer));
    }
    return { kind: "matches", isTold: links.length > 0 };
  }

  /** A contact says that it has read the code. Wrong answers are passed over: codes end while they travel. */
  onFrame(link: PeerLink, account: AccountId, frame: Frame): void {
    const { suite, clock, directory } = this.#core;
    const shown = this.#shown.get(account) ?? [];
    const isRight = shown.some((one) => {
      one.answers += 1;
      if (one.until < clock.monotonic() || one.answers > MAX_ANSWERS) return false;
      return suite.equalMacs(frame.payload, codeReadProof(suite, one.code, link.peer, directory.self.peerKey));
    });
    if (!isRight) return;
    // Single use.
    this.#shown.delete(account);
    const thread: ThreadId = directThread(account);
    this.#core.emit({ type: "code-read", thread });
  }
}

/**
 * One peer stream: frames in and out of a transport link, with a window of unacknowledged bytes in each direction (libp2p's
 * WebRTC has no read back-pressure). Credit is given back only after a frame was handled, so after what it caused was committed.
 */
import { ByteReader } from "../codec/byte-reader.ts";
import { ByteWriter } from "../codec/byte-writer.ts";
import { DecodeError } from "../codec/decode-error.ts";
import type { PeerKey } from "../codec/ids.ts";
import type { Link, LinkHandlers, Path } from "../transport/transport.ts";
import { MAX_BATCH_BYTES, MAX_BATCH_ENTRIES } from "../log/check.ts";
import { encodeFrame, FRAME, FRAME_HEADER_BYTES, type Frame, FrameDecoder } from "./frames.ts";

/** Bytes of frames a side may have sent without credit. */
export const WINDOW_BYTES = 1024 * 1024;
/**
 * Credit is returned after this much. What is left of the window without it holds a whole batch, so that nobody waits for the rest; a
 * credit for each frame would be a packet for each.
 */
const CREDIT_STEP_BYTES = 64 * 1024;
/** Several small frames go out in one write of at most this size. */
const WRITE_BYTES = 64 * 1024;
/** Frames that wait to be handled: a window of honest ones is well below, a window of empty ones far above. */
const MAX_WAITING_FRAMES = 16_384;
/** With more than this unsent, nothing new is pushed until it has left. */
const CONGESTED_BYTES = 512 * 1024;
/** Answers and statements that a peer never takes do not pile up beyond this. */
const MAX_UNSENT_BYTES = 4 * 1024 * 1024;

export interface FrameHandler {
  /**
   * Frames to handle together: one frame, or consecutive entries of one session. Called one at a time; the next call follows
   * when the promise resolves. A rejection closes the link.
   */
  onFrames(frames: readonly [Frame, ...Frame[]]): Promise<void>;
  /** Once. `fault` is set when the peer broke the protocol. */
  onClose(fault: Error | undefined): void;
}

export class PeerLink {
  readonly peer: PeerKey;
  readonly path: Path;
  readonly isOpener: boolean;
  readonly #link: Link;
  readonly #handler: FrameHandler;
  readonly #decoder = new FrameDecoder();
  readonly #incoming: Frame[] = [];
  #incomingBytes = 0;
  #handledBytes = 0;
  #creditedBytes = 0;
  #isHandling = false;
  readonly #outgoing: Uint8Array[] = [];
  #unsentBytes = 0;
  #sentBytes = 0;
  #grantedBytes = WINDOW_BYTES;
  #isWriting = false;
  #creditDue: Uint8Array | undefined;
  #isClosed = false;
  #fault: Error | undefined;
  readonly #waiting: (() => void)[] = [];

  constructor(link: Link, handler: FrameHandler) {
    this.peer = link.peer;
    this.path = link.path;
    this.isOpener = link.isOpener;
    this.#link = link;
    this.#handler = handler;
  }

  /** To be returned to the transport. */
  readonly handlers: LinkHandlers = {
    onData: (bytes) => this.#receive(bytes),
    onClose: () => this.#closed(),
  };

  get isClosed(): boolean {
    return this.#isClosed;
  }

  /** Whether the peer is so slow that more should wait elsewhere. */
  get isCongested(): boolean {
    return this.#unsentBytes > CONGESTED_BYTES;
  }

  /** Queues a frame behind those queued before. Dropped when the link is closed. */
  send(type: number, session: number, payload: Uint8Array): void {
    if (this.#isClosed) return;
    const frame = encodeFrame({ type, session, payload });
    this.#unsentBytes += frame.length;
    if (this.#unsentBytes > MAX_UNSENT_BYTES) {
      this.close(new DecodeError("the peer takes nothing"));
      return;
    }
    this.#outgoing.push(frame);
    this.#write();
  }

  /** Resolves when everything queued was handed to the transport (or the link closed): time to read the next batch. */
  async drained(): Promise<void> {
    while (!this.#isClosed && this.#outgoing.length > 0) {
      await new Promise<void>((resolve) => this.#waiting.push(resolve));
    }
  }

  close(fault?: Error): void {
    if (this.#isClosed) return;
    this.#fault ??= fault;
    void this.#link.close();
    this.#closed();
  }

  #receive(bytes: Uint8Array): void {
    if (this.#isClosed) return;
    try {
      for (const frame of this.#decoder.push(bytes)) this.#take(frame);
    } catch (error) {
      this.close(error instanceof Error ? error : new DecodeError("unreadable stream"));
      return;
    }
    void this.#handle();
  }

  #take(frame: Frame): void {
    if (frame.type === FRAME.credit) {
      const reader = new ByteReader(frame.payload);
      const granted = reader.uint(6) + WINDOW_BYTES;
      reader.end();
      if (frame.session !== 0) throw new DecodeError("a frame of the link in a session");
      if (granted < this.#grantedBytes || granted > this.#sentBytes + WINDOW_BYTES) {
        throw new DecodeError("credit for what was never sent");
      }
      this.#grantedBytes = granted;
      this.#write();
      return;
    }
    this.#incomingBytes += FRAME_HEADER_BYTES + frame.payload.length;
    if (this.#incomingBytes - this.#creditedBytes > WINDOW_BYTES) throw new DecodeError("the window was overrun");
    if (this.#incoming.length >= MAX_WAITING_FRAMES) throw new DecodeError("too many frames at once");
    this.#incoming.push(frame);
  }

  async #handle(): Promise<void> {
    if (this.#isHandling) return;
    this.#isHandling = true;
    try {
      for (let frames = this.#next(); frames !== undefined && !this.#isClosed; frames = this.#next()) {
        await this.#handler.onFrames(frames);
        for (const frame of frames) this.#handledBytes += FRAME_HEADER_BYTES + frame.payload.length;
        this.#giveCredit();
      }
    } catch (error) {
      this.close(error instanceof Error ? error : new Error("handling failed", { cause: error }));
    } finally {
      this.#isHandling = false;
    }
  }

  /** The next frame, or as many consecutive entry frames of one session as make complete batches. */
  #next(): readonly [Frame, ...Frame[]] | undefined {
    const [first] = this.#incoming;
    if (first === undefined) return undefined;
    let taken = 1;
    if (first.type === FRAME.entry) {
      let bytes = 0;
      let complete = 0;
      for (const [index, frame] of this.#incoming.entries()) {
        bytes += frame.payload.length;
        const isTooMuch = index >= MAX_BATCH_ENTRIES || bytes > MAX_BATCH_BYTES;
        if (frame.type !== FRAME.entry || frame.session !== first.session || isTooMuch) {
          if (complete === 0) throw new DecodeError(isTooMuch ? "a batch is too long" : "a batch is interrupted");
          break;
        }
        if (frame.payload[0] === 1) complete = index + 1;
      }
      if (complete === 0) return undefined;
      taken = complete;
    }
    const [head, ...tail] = this.#incoming.splice(0, taken);
    return head === undefined ? undefined : [head, ...tail];
  }

  #giveCredit(): void {
    if (this.#handledBytes - this.#creditedBytes < CREDIT_STEP_BYTES) return;
    this.#creditedBytes = this.#handledBytes;
    const payload = new ByteWriter().uint(this.#handledBytes, 6).finish();
    this.#creditDue = encodeFrame({ type: FRAME.credit, session: 0, payload });
    this.#write();
  }

  /** One writer at a time: credit first and outside the window, then frames in order as far as the window allows. */
  #write(): void {
    if (this.#isWriting || this.#isClosed) return;
    const parts: Uint8Array[] = [];
    let size = 0;
    if (this.#creditDue !== undefined) {
      parts.push(this.#creditDue);
      size += this.#creditDue.length;
      this.#creditDue = undefined;
    }
    let next = this.#outgoing[0];
    while (next !== undefined && size < WRITE_BYTES && this.#sentBytes + next.length <= this.#grantedBytes) {
      this.#outgoing.shift();
      this.#sentBytes += next.length;
      this.#unsentBytes -= next.length;
      size += next.length;
      parts.push(next);
      next = this.#outgoing[0];
    }
    if (this.#outgoing.length === 0) this.#wakeWaiting();
    if (parts.length === 0) return;
    this.#isWriting = true;
    this.#link.send(joinParts(parts, size)).then(
      () => {
        this.#isWriting = false;
        this.#write();
      },
      () => this.close(),
    );
  }

  #wakeWaiting(): void {
    for (const wake of this.#waiting.splice(0)) wake();
  }

  #closed(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#outgoing.length = 0;
    this.#incoming.length = 0;
    this.#wakeWaiting();
    this.#handler.onClose(this.#fault);
  }
}

function joinParts(parts: readonly Uint8Array[], size: number): Uint8Array {
  const whole = new Uint8Array(size);
  let offset = 0;
  for (const part of parts) {
    whole.set(part, offset);
    offset += part.length;
  }
  return whole;
}

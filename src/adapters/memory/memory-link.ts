/** A link between two memory nodes: two ends and a pipe each way. */
import type { PeerKey } from "../../core/codec/ids.ts";
import type { Link, LinkHandlers, Path } from "../../core/transport/transport.ts";
import type { Mailbox } from "./mailbox.ts";
import { MemoryPipe, type PipeOptions } from "./memory-pipe.ts";

/** The node at one end, as far as a link has to do with it. */
export interface LinkOwner {
  readonly key: PeerKey;
  readonly mailbox: Mailbox;
  onLink(link: MemoryLink): LinkHandlers;
  onLinkClosed(link: MemoryLink): void;
}

export type PipeSettings = Omit<PipeOptions, "deliver" | "onEnd">;

export class MemoryLink implements Link {
  readonly peer: PeerKey;
  readonly path: Path;
  readonly isOpener: boolean;
  readonly #owner: LinkOwner;
  #handlers: LinkHandlers | undefined;
  #out: MemoryPipe | undefined;
  #isOpen = true;

  private constructor(owner: LinkOwner, peer: PeerKey, path: Path, isOpener: boolean) {
    this.#owner = owner;
    this.peer = peer;
    this.path = path;
    this.isOpener = isOpener;
  }

  /** Makes the two ends and tells their owners. */
  static connect(
    opener: LinkOwner,
    listener: LinkOwner,
    path: Path,
    settings: PipeSettings,
  ): readonly [MemoryLink, MemoryLink] {
    const near = new MemoryLink(opener, listener.key, path, true);
    const far = new MemoryLink(listener, opener.key, path, false);
    near.#out = near.#pipeTo(far, settings);
    far.#out = far.#pipeTo(near, settings);
    for (const end of [far, near]) end.#owner.mailbox.post(() => end.#announce());
    return [near, far];
  }

  get isOpen(): boolean {
    return this.#isOpen;
  }

  async send(bytes: Uint8Array): Promise<void> {
    await this.#out?.send(bytes);
  }

  /** The pipe has all that was sent and delivers it without this end. */
  async close(): Promise<void> {
    this.#out?.end();
    this.#closeHere();
  }

  /** The line is dead from now on, but this end has not noticed. */
  lose(): void {
    this.#out?.lose();
  }

  /** This end notices that the line is dead. */
  noticeLoss(): void {
    this.#out?.cut();
    this.#closeHere();
  }

  #announce(): void {
    if (this.#isOpen) this.#handlers = this.#owner.onLink(this);
  }

  #pipeTo(far: MemoryLink, settings: PipeSettings): MemoryPipe {
    return new MemoryPipe({
      ...settings,
      deliver: (bytes) => far.#receive(bytes),
      onEnd: () => {
        far.noticeLoss();
      },
    });
  }

  #receive(bytes: Uint8Array): void {
    this.#owner.mailbox.post(() => {
      if (this.#isOpen) this.#handlers?.onData(bytes);
    });
  }

  /** In the mailbox, so behind the bytes that arrived before. */
  #closeHere(): void {
    this.#owner.mailbox.post(() => {
      if (!this.#isOpen) return;
      this.#isOpen = false;
      this.#owner.onLinkClosed(this);
      this.#handlers?.onClose();
    });
  }
}

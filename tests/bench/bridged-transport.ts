/**
 * Takes the place of the network in a build that a benchmark makes, and in no other: the page's links end in the memory network of the
 * benchmark's own process (page-bridge.ts), so that a hundred others can be there.
 */
import type { PeerKey } from "../../src/core/codec/ids.ts";
import { type LinkHandlers, LinkClosedError, type Transport } from "../../src/core/transport/transport.ts";
import type { BridgeAnswer, BridgeCall } from "./page-bridge.ts";

interface OpenLink {
  readonly handlers: LinkHandlers;
  close(): void;
}

export function createLibp2pTransport(): Transport {
  const links = new Map<number, OpenLink>();
  const answers: BridgeAnswer[] = [];
  const turn = new MessageChannel();
  let start: Parameters<Transport["start"]>[1] | undefined;
  const call = (message: BridgeCall): void => void window.kithToBridge?.(message);
  const linkOf = (id: number, peer: PeerKey, isOpener: boolean): void => {
    let isClosed = false;
    const handlers = start?.onLink({
      peer,
      path: { kind: "direct" },
      isOpener,
      send(bytes) {
        if (isClosed) return Promise.reject(new LinkClosedError());
        call({ kind: "send", link: id, bytes: bytes.toBase64() });
        return Promise.resolve();
      },
      close() {
        if (!isClosed) call({ kind: "close", link: id });
        return Promise.resolve();
      },
    });
    if (handlers !== undefined) links.set(id, { handlers, close: () => (isClosed = true) });
  };
  const take = (answer: BridgeAnswer): void => {
    if (answer.kind === "online") start?.onReachability({ kind: "online" }, []);
    else if (answer.kind === "path") start?.onPath(answer.peer, answer.path);
    else if (answer.kind === "link") linkOf(answer.link, answer.peer, answer.isOpener);
    else if (answer.kind === "data") links.get(answer.link)?.handlers.onData(Uint8Array.fromBase64(answer.bytes));
    else {
      const link = links.get(answer.link);
      links.delete(answer.link);
      link?.close();
      link?.handlers.onClose();
    }
  };
  // Each in a task of its own, as from a data channel.
  turn.port1.addEventListener("message", () => {
    const next = answers.shift();
    if (next !== undefined) take(next);
  });
  turn.port1.start();
  window.kithFromBridge = (batch) => {
    for (const answer of batch) {
      answers.push(answer);
      turn.port2.postMessage(undefined);
    }
  };
  return {
    start(seed, handlers) {
      start = handlers;
      call({ kind: "start", seed: seed.toBase64() });
      return Promise.resolve();
    },
    stop() {
      call({ kind: "stop" });
      return Promise.resolve();
    },
    want: (peers) => call({ kind: "want", peers }),
    refuse: () => undefined,
    block: () => undefined,
    setRelaying: () => undefined,
    ownRelays: () => ["/memory/relay"],
    wake: () => undefined,
    setOnline: () => undefined,
    byHand: undefined,
  };
}

declare global {
  // As Chromium has them.
  interface Uint8Array {
    toBase64(): string;
  }
  interface Uint8ArrayConstructor {
    fromBase64(text: string): Uint8Array<ArrayBuffer>;
  }
  interface Window {
    kithToBridge?: (call: BridgeCall) => Promise<void>;
    kithFromBridge?: (batch: readonly BridgeAnswer[]) => void;
  }
}

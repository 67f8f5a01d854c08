/** Runs in a browser page: the work of crypto-work.ts, with pauses in which the page could paint. */
import { measurePrimitives, measureRekey, recipientKeys, type RekeyFigures } from "./crypto-work.ts";

export interface CryptoPage {
  primitives(rounds: number): Readonly<Record<string, readonly number[]>>;
  /** Makes the keys of that many recipients. */
  prepare(recipients: number): void;
  /** A rekey for the recipients that were prepared. */
  rekey(): Promise<RekeyFigures>;
}

let keys: readonly Uint8Array[] = [];

window.kithCrypto = {
  primitives: measurePrimitives,
  prepare(recipients) {
    keys = recipientKeys(recipients);
  },
  rekey: () => measureRekey(keys, nextTask),
};

/** A message to oneself is a task of its own, without the delay that timers get. */
function nextTask(): Promise<void> {
  return new Promise((resolve) => {
    const { port1, port2 } = new MessageChannel();
    port1.addEventListener("message", () => {
      port1.close();
      resolve();
    });
    port1.start();
    port2.postMessage(undefined);
  });
}

declare global {
  interface Window {
    kithCrypto?: CryptoPage;
  }
}

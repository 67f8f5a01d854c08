/** Stretches passphrases in a worker that lives for one of them, so that its memory is given back with all that was in it. */
import type { StretchCost, StretchPassphrase } from "../../core/vault/ports.ts";
import { stretchWorkerUrl } from "./worker-urls.ts";

export interface StretchRequest {
  readonly passphrase: Uint8Array;
  readonly salt: Uint8Array;
  readonly cost: StretchCost;
}

/** Rejects where there is no memory for it, or the worker cannot be loaded. */
export const stretchInWorker: StretchPassphrase = async (passphrase, salt, cost) => {
  const worker = new Worker(stretchWorkerUrl(), { type: "module" });
  const { port1, port2 } = new MessageChannel();
  try {
    return await new Promise<Uint8Array>((resolve, reject) => {
      worker.addEventListener("error", (event) => {
        event.preventDefault();
        reject(new Error(`The passphrase could not be tried: ${event.message}`));
      });
      port1.addEventListener("message", (event: MessageEvent<Uint8Array>) => resolve(event.data));
      port1.start();
      const request: StretchRequest = { passphrase, salt, cost };
      worker.postMessage(request, [port2]);
    });
  } finally {
    worker.terminate();
    port1.close();
  }
};

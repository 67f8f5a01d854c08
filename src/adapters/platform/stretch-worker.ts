/** A worker that stretches one passphrase and answers on the port that came with it. */
import { stretch } from "../../core/crypto/argon2.ts";
import type { StretchRequest } from "./stretcher.ts";

globalThis.addEventListener("message", (event: MessageEvent<StretchRequest>) => {
  const { passphrase, salt, cost } = event.data;
  event.ports[0]?.postMessage(stretch(passphrase, salt, cost));
});

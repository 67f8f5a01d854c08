/** Backups of the screen's tests: a file that says what becomes of it. */
import type { Backups, RestoreResult } from "../../src/core/views.ts";
import type { FakeMessenger } from "./fake-messenger.ts";

const REFUSALS = ["foreign", "newer", "damaged", "wrong-passphrase", "too-large", "in-use", "full"] as const;

export class FakeBackups implements Backups {
  readonly #messenger: FakeMessenger;

  constructor(messenger: FakeMessenger) {
    this.#messenger = messenger;
  }

  export(passphrase: string): Promise<readonly Uint8Array[]> {
    this.#messenger.calls.push(`export ${passphrase}`);
    return Promise.resolve([new TextEncoder().encode("restored")]);
  }

  async restore(file: Uint8Array, passphrase: string): Promise<RestoreResult> {
    this.#messenger.calls.push(`restore ${passphrase}`);
    const text = new TextDecoder().decode(file);
    const refusal = REFUSALS.find((kind) => text.startsWith(kind));
    if (refusal !== undefined) return { kind: refusal };
    return { kind: "restored", profile: await this.#messenger.register("Alice") };
  }
}

/** What the messenger is made of: its ports, and what it is told of where it runs. */
import type { Clock } from "./clock.ts";
import type { Release } from "./codec/release.ts";
import type { Suite } from "./crypto/suite.ts";
import type { RelayConditions } from "./relay-conditions.ts";
import type { Store } from "./store/store.ts";
import type { Transport } from "./transport/transport.ts";
import type { StretchPassphrase } from "./vault/ports.ts";
import type { StopReason } from "./views.ts";

export interface MessengerParts {
  readonly store: Store;
  readonly transport: Transport;
  readonly clock: Clock;
  readonly suite: Suite;
  readonly stretch: StretchPassphrase;
  /** The app's own URL, for invite links. */
  readonly appUrl: string;
  /** Which build runs here, told to contacts and compared with theirs. Undefined where that is not known. Never rejects. */
  readonly release?: () => Promise<Release | undefined>;
  /** Whether so many bytes could be stored now. Never rejects. True if left out. */
  readonly hasRoomFor?: (bytes: number) => Promise<boolean>;
  /** What speaks against relaying for others here. Nothing if left out. */
  readonly relayConditions?: RelayConditions;
  /** Aborts when the platform closed the store; for the reason "newer-version" if a newer Kith opened it in another tab. */
  readonly storeClosed: AbortSignal;
  /** Told about errors that nobody awaits: bugs. */
  reportBug(error: unknown): void;
}

/** Calls once, with why. */
export function whenStoreCloses({ storeClosed }: MessengerParts, tell: (reason: StopReason) => void): void {
  const onAbort = (): void => tell(storeClosed.reason === "newer-version" ? "updated" : "store-closed");
  storeClosed.addEventListener("abort", onAbort, { once: true });
}

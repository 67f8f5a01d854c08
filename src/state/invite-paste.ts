/** The field "Paste an invite": reads and accepts in one step. */
import { signal, type ReadonlySignal } from "@preact/signals";
import type { Messenger, ThreadId } from "../core/views.ts";
import { fireAndForget } from "./fire-and-forget.ts";
import type { BadInvite } from "./invite-arrival.ts";

export interface InvitePaste {
  readonly text: ReadonlySignal<string>;
  readonly bad: ReadonlySignal<BadInvite | undefined>;
  type(text: string): void;
  connect(): void;
}

export function createInvitePaste(
  messenger: Pick<Messenger, "acceptInvite">,
  open: (thread: ThreadId) => void,
  onFailure: (error: unknown) => void,
): InvitePaste {
  const text = signal("");
  const bad = signal<BadInvite | undefined>(undefined);
  let isRunning = false;
  const accept = async (): Promise<void> => {
    isRunning = true;
    try {
      const result = await messenger.acceptInvite(text.value.trim());
      if (result.kind === "accepted" || result.kind === "known") open(result.thread);
      else bad.value = result.kind;
    } finally {
      isRunning = false;
    }
  };
  return {
    text,
    bad,
    type(next) {
      text.value = next;
      bad.value = undefined;
    },
    connect() {
      if (!isRunning) fireAndForget(accept(), onFailure);
    },
  };
}

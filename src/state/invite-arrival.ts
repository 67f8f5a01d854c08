/** An invite that was opened by a link: what it is, and what became of it. */
import { computed, effect, signal, type ReadonlySignal } from "@preact/signals";
import type { InviteReading, InviteTrouble, Messenger, ThreadId } from "../core/views.ts";
import { fireAndForget } from "./fire-and-forget.ts";

export type BadInvite = Exclude<InviteReading["kind"], "valid" | "known"> | InviteTrouble;

export interface InviteArrival {
  /** The inviter's name, when the opened invite is a good one. */
  readonly inviterName: ReadonlySignal<string | undefined>;
  readonly bad: ReadonlySignal<BadInvite | undefined>;
  /** Accepts the opened invite, if there is one, and opens the conversation. Requires a profile. */
  accept(): Promise<void>;
  dismiss(): void;
  dispose(): void;
}

export interface ArrivalNeeds {
  readonly messenger: () => Messenger | undefined;
  /** The link as opened, or undefined. Reading it subscribes. */
  readonly invite: () => string | undefined;
  readonly forget: () => void;
  readonly open: (thread: ThreadId) => void;
  readonly onFailure: (error: unknown) => void;
}

/** What is shown of an invite. A good one is kept until it was accepted. */
type Reading = InviteReading | { readonly kind: BadInvite };

export function createInviteArrival(needs: ArrivalNeeds): InviteArrival {
  const reading = signal<Reading | undefined>(undefined);
  let running: Promise<void> = Promise.resolve();
  const read = async (text: string, messenger: Messenger): Promise<void> => {
    const result = await messenger.readInvite(text);
    if (needs.invite() !== text) return;
    if (result.kind === "valid") {
      reading.value = result;
      return;
    }
    needs.forget();
    if (result.kind === "known") needs.open(result.thread);
    else reading.value = result;
  };
  const dispose = effect(() => {
    const messenger = needs.messenger();
    const text = needs.invite();
    if (messenger === undefined || text === undefined) return;
    reading.value = undefined;
    running = read(text, messenger);
    fireAndForget(running, needs.onFailure);
  });
  return {
    inviterName: computed(() => (reading.value?.kind === "valid" ? reading.value.inviterName : undefined)),
    bad: computed(() => {
      const kind = reading.value?.kind;
      return kind === "valid" || kind === "known" ? undefined : kind;
    }),
    async accept() {
      await running;
      const messenger = needs.messenger();
      const now = reading.value;
      if (messenger === undefined || now?.kind !== "valid") return;
      const result = await messenger.acceptInvite(now.invite);
      needs.forget();
      if (result.kind === "accepted" || result.kind === "known") {
        reading.value = undefined;
        needs.open(result.thread);
      } else reading.value = { kind: result.kind };
    },
    dismiss() {
      reading.value = undefined;
      needs.forget();
    },
    dispose,
  };
}

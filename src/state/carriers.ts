/** Who carries a message, asked for by the person. */
import { signal, type ReadonlySignal } from "@preact/signals";
import { carriersOf, type MessageView, type Messenger, type ThreadId } from "../core/views.ts";
import { fireAndForget } from "./fire-and-forget.ts";

export interface CarriersModel {
  /** Undefined while nobody asked. */
  readonly names: ReadonlySignal<readonly string[] | undefined>;
  toggle(thread: ThreadId, message: MessageView): void;
}

export function createCarriers(messenger: Messenger, onFailure: (error: unknown) => void): CarriersModel {
  const names = signal<readonly string[] | undefined>(undefined);
  const read = async (thread: ThreadId, message: MessageView): Promise<void> => {
    const { receipts } = await messenger.messages(thread, { at: "newest", limit: 1 });
    names.value = carriersOf(message, receipts);
  };
  return {
    names,
    toggle(thread, message) {
      if (names.value === undefined) fireAndForget(read(thread, message), onFailure);
      else names.value = undefined;
    },
  };
}

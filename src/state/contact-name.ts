/** The private name of a contact, given on this device only. */
import { signal, type ReadonlySignal } from "@preact/signals";
import { MAX_NAME_BYTES, type DirectThreadView, type Messenger } from "../core/views.ts";
import { fireAndForget } from "./fire-and-forget.ts";
import { utf8Bytes } from "./text-size.ts";

export interface ContactNameModel {
  readonly name: ReadonlySignal<string>;
  readonly isTooLong: ReadonlySignal<boolean>;
  readonly isSaved: ReadonlySignal<boolean>;
  type(name: string): void;
  /** Stores the name if it changed. */
  save(): void;
}

export function createContactName(
  messenger: Pick<Messenger, "renameContact">,
  thread: DirectThreadView,
  onSaved: () => void,
  onFailure: (error: unknown) => void,
): ContactNameModel {
  const name = signal(thread.contact.privateName);
  const isTooLong = signal(false);
  const isSaved = signal(false);
  let stored = name.value;
  const save = async (next: string): Promise<void> => {
    stored = next;
    await messenger.renameContact(thread.id, next);
    isSaved.value = true;
    onSaved();
  };
  return {
    name,
    isTooLong,
    isSaved,
    type(next) {
      name.value = next;
      isTooLong.value = false;
      isSaved.value = false;
    },
    save() {
      const next = name.value.trim();
      if (next === stored) return;
      isTooLong.value = utf8Bytes(next) > MAX_NAME_BYTES;
      if (!isTooLong.value) fireAndForget(save(next), onFailure);
    },
  };
}

/** The form that makes a group: a name, and who is in it from the start. */
import { signal, type ReadonlySignal } from "@preact/signals";
import type { AccountId, Messenger, ThreadId } from "../core/views.ts";
import { fireAndForget } from "./fire-and-forget.ts";
import { groupNameTrouble, type GroupTrouble } from "./group-trouble.ts";

export interface CreateGroupModel {
  readonly name: ReadonlySignal<string>;
  readonly trouble: ReadonlySignal<GroupTrouble | undefined>;
  readonly isCreating: ReadonlySignal<boolean>;
  type(name: string): void;
  create(contacts: Iterable<AccountId>): void;
}

export function createCreateGroup(
  messenger: Pick<Messenger, "groups">,
  open: (thread: ThreadId) => void,
  onFailure: (error: unknown) => void,
): CreateGroupModel {
  const name = signal("");
  const trouble = signal<GroupTrouble | undefined>(undefined);
  const isCreating = signal(false);
  const create = async (contacts: readonly AccountId[]): Promise<void> => {
    isCreating.value = true;
    try {
      const outcome = await messenger.groups.create(name.value.trim(), contacts);
      if (outcome.kind === "created") open(outcome.thread);
      else trouble.value = outcome;
    } finally {
      isCreating.value = false;
    }
  };
  return {
    name,
    trouble,
    isCreating,
    type(next) {
      name.value = next;
      trouble.value = undefined;
    },
    create(contacts) {
      if (isCreating.value) return;
      trouble.value = groupNameTrouble(name.value);
      if (trouble.value === undefined) fireAndForget(create([...contacts]), onFailure);
    },
  };
}

/** What a member changes about a group: its name, its people, whether they are in it. */
import { signal, type ReadonlySignal } from "@preact/signals";
import type { AccountId, GroupOutcome, GroupRole, Messenger, ThreadId } from "../core/views.ts";
import { fireAndForget } from "./fire-and-forget.ts";
import { groupNameTrouble, type GroupTrouble } from "./group-trouble.ts";

export interface GroupChangesModel {
  /** What stands in the field. */
  readonly name: ReadonlySignal<string>;
  readonly trouble: ReadonlySignal<GroupTrouble | undefined>;
  type(name: string): void;
  /** Stores the name if it changed. */
  rename(): void;
  add(accounts: Iterable<AccountId>, onDone: () => void): void;
  setRole(account: AccountId, role: GroupRole): void;
  remove(account: AccountId, onDone: () => void): void;
  leave(onDone: () => void): void;
}

export interface GroupChangesNeeds {
  readonly messenger: Pick<Messenger, "groups">;
  readonly thread: ThreadId;
  /** As it is now. */
  readonly name: string;
  readonly onRenamed: () => void;
  readonly onFailure: (error: unknown) => void;
}

export function createGroupChanges(needs: GroupChangesNeeds): GroupChangesModel {
  const { messenger, thread } = needs;
  const { groups } = messenger;
  const name = signal(needs.name);
  const trouble = signal<GroupTrouble | undefined>(undefined);
  let stored = needs.name;
  const run = (work: Promise<GroupOutcome>, onDone: () => void): void => {
    trouble.value = undefined;
    const told = work.then((outcome) => {
      if (outcome.kind === "done") onDone();
      else trouble.value = outcome;
    });
    fireAndForget(told, needs.onFailure);
  };
  return {
    name,
    trouble,
    type(next) {
      name.value = next;
      trouble.value = undefined;
    },
    rename() {
      const next = name.value.trim();
      if (next === stored) return;
      trouble.value = groupNameTrouble(next);
      if (trouble.value !== undefined) return;
      stored = next;
      run(groups.rename(thread, next), needs.onRenamed);
    },
    add(accounts, onDone) {
      const chosen = [...accounts];
      if (chosen.length === 0) trouble.value = { kind: "nobody" };
      else run(groups.add(thread, chosen), onDone);
    },
    setRole: (account, role) => run(groups.setRole(thread, account, role), () => undefined),
    remove: (account, onDone) => run(groups.remove(thread, account), onDone),
    leave: (onDone) => run(groups.leave(thread), onDone),
  };
}

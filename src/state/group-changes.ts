/** What a member changes about a group: its name, its people, whether they are in it. */
import { signal, type ReadonlySignal } from "@preact/signals";
import {
  type AccountId,
  type GroupOutcome,
  type GroupRole,
  MAX_PICTURE_BYTES,
  type Messenger,
  type ThreadId,
} from "../core/views.ts";
import type { PictureScaler } from "./app-ports.ts";
import { fireAndForget } from "./fire-and-forget.ts";
import { groupNameTrouble, type GroupTrouble } from "./group-trouble.ts";

export interface GroupChangesModel {
  /** What stands in the field. */
  readonly name: ReadonlySignal<string>;
  readonly trouble: ReadonlySignal<GroupTrouble | undefined>;
  type(name: string): void;
  /** Stores the name if it changed. */
  rename(): void;
  /** Makes a small picture of this file and stores it. */
  choosePicture(file: Blob | undefined): void;
  removePicture(): void;
  add(accounts: Iterable<AccountId>, onDone: () => void): void;
  setRole(account: AccountId, role: GroupRole): void;
  remove(account: AccountId, onDone: () => void): void;
  leave(onDone: () => void): void;
  /** Asks a member to become a contact. */
  befriend(account: AccountId, onOpen: (thread: ThreadId) => void): void;
}

export interface GroupChangesNeeds {
  readonly messenger: Pick<Messenger, "groups" | "people">;
  readonly thread: ThreadId;
  /** As it is now. */
  readonly name: string;
  readonly pictures: PictureScaler;
  readonly onSaved: () => void;
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
      run(groups.rename(thread, next), needs.onSaved);
    },
    choosePicture(file) {
      if (file === undefined) return;
      trouble.value = undefined;
      const setting = needs.pictures.scale(file, MAX_PICTURE_BYTES).then((image) => {
        if (image === undefined) trouble.value = { kind: "no-picture" };
        else run(groups.setPicture(thread, image), needs.onSaved);
      });
      fireAndForget(setting, needs.onFailure);
    },
    removePicture: () => run(groups.setPicture(thread, new Uint8Array(0)), needs.onSaved),
    add(accounts, onDone) {
      const chosen = [...accounts];
      if (chosen.length === 0) trouble.value = { kind: "nobody" };
      else run(groups.add(thread, chosen), onDone);
    },
    setRole: (account, role) => run(groups.setRole(thread, account, role), () => undefined),
    remove: (account, onDone) => run(groups.remove(thread, account), onDone),
    befriend(account, onOpen) {
      const asking = messenger.people.befriend(account).then((asked) => {
        if (asked === undefined) trouble.value = { kind: "refused" };
        else onOpen(asked);
      });
      fireAndForget(asking, needs.onFailure);
    },
    leave: (onDone) => run(groups.leave(thread), onDone),
  };
}

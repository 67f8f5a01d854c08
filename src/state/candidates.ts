/** The contacts that can be brought into a group, and which of them are chosen. */
import { computed, signal, type ReadonlySignal } from "@preact/signals";
import type { AccountId, ThreadView } from "../core/views.ts";

export interface Candidate {
  readonly account: AccountId;
  readonly name: string;
  readonly tag?: string | undefined;
}

export interface CandidatesModel {
  /** By name. */
  readonly all: ReadonlySignal<readonly Candidate[]>;
  /** Those whose name has what is looked for. */
  readonly shown: ReadonlySignal<readonly Candidate[]>;
  readonly sought: ReadonlySignal<string>;
  readonly chosen: ReadonlySignal<ReadonlySet<AccountId>>;
  seek(text: string): void;
  toggle(account: AccountId): void;
}

/** Only who proved to have taken an invite, and is not blocked, can be added by this account. */
export function createCandidates(
  threads: ReadonlySignal<readonly ThreadView[]>,
  isMember: (account: AccountId) => boolean = () => false,
): CandidatesModel {
  const sought = signal("");
  const chosen = signal<ReadonlySet<AccountId>>(new Set());
  const all = computed(() =>
    threads.value
      .flatMap((thread): Candidate[] => {
        if (thread.kind !== "direct" || !thread.contact.isConfirmed || thread.contact.isBlocked) return [];
        const { account } = thread.contact;
        return isMember(account) ? [] : [{ account, name: thread.name, tag: thread.tag }];
      })
      .toSorted((a, b) => a.name.localeCompare(b.name)),
  );
  return {
    all,
    sought,
    chosen,
    shown: computed(() => {
      const wanted = sought.value.trim().toLowerCase();
      return all.value.filter(({ name }) => name.toLowerCase().includes(wanted));
    }),
    seek(text) {
      sought.value = text;
    },
    toggle(account) {
      const next = new Set(chosen.value);
      if (!next.delete(account)) next.add(account);
      chosen.value = next;
    },
  };
}

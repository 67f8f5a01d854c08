/** Who asks to be let in and who is blocked, for the screens that show it. */
import { signal, type ReadonlySignal } from "@preact/signals";
import type { AccountId, BlockedView, Messenger, RequestId, RequestView, ThreadId } from "../core/views.ts";
import { fireAndForget } from "./fire-and-forget.ts";

export interface PeopleModel {
  readonly requests: ReadonlySignal<readonly RequestView[]>;
  readonly blocked: ReadonlySignal<readonly BlockedView[]>;
  /** Lets somebody in, or joins the group, and opens the conversation. */
  accept(id: RequestId): void;
  deleteRequest(id: RequestId): void;
  blockRequest(id: RequestId): void;
  block(thread: ThreadId): void;
  unblock(account: AccountId): void;
  /** The person was told of a contact's new device or fork and goes on. */
  settle(thread: ThreadId): void;
  dispose(): void;
}

export interface PeopleNeeds {
  readonly messenger: Pick<Messenger, "people" | "subscribe">;
  readonly open: (thread: ThreadId) => void;
  readonly onFailure: (error: unknown) => void;
}

export function createPeople({ messenger, open, onFailure }: PeopleNeeds): PeopleModel {
  const { people } = messenger;
  const requests = signal(people.requests());
  const blocked = signal(people.blocked());
  const run = (work: Promise<unknown>): void => fireAndForget(work, onFailure);
  const unsubscribe = messenger.subscribe((event) => {
    if (event.type === "requests") requests.value = event.requests;
    if (event.type === "blocked") blocked.value = event.blocked;
  });
  return {
    requests,
    blocked,
    accept: (id) =>
      run(
        people.acceptRequest(id).then((thread) => {
          if (thread !== undefined) open(thread);
        }),
      ),
    deleteRequest: (id) => run(people.deleteRequest(id)),
    blockRequest: (id) => run(people.blockRequest(id)),
    block: (thread) => run(people.block(thread)),
    unblock: (account) => run(people.unblock(account)),
    settle: (thread) => run(people.settleListChange(thread)),
    dispose: unsubscribe,
  };
}

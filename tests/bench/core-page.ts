/** Runs in a browser page: the app's own messenger without its screen, driven by the benchmarks. */
import { createApp } from "../../src/compose.ts";
import type { Messenger, Path, ThreadId, ThreadView } from "../../src/core/views.ts";

const LOOK_MS = 50;

export interface CorePage {
  /** A profile, online. */
  start(name: string): Promise<void>;
  invite(): Promise<string>;
  /** Resolves when the inviter is a contact. */
  accept(link: string): Promise<void>;
  /** A group of all contacts. */
  createGroup(name: string): Promise<void>;
  /** The group of this name, once it is here. */
  group(name: string): Promise<ThreadId>;
  /** Resolves when so many of the group, with this one, are online. */
  untilOnline(thread: ThreadId, count: number): Promise<void>;
  /** Resolves when the newest message of the conversation begins so. */
  untilNewest(thread: ThreadId, text: string): Promise<void>;
  /** The first conversation there is. */
  thread(): Promise<ThreadId | undefined>;
  /** Writes messages of about `bytes` bytes, numbered from `from`. Resolves when all are on disk. */
  write(thread: ThreadId, from: number, count: number, bytes: number): Promise<void>;
  /** Writes messages `from` (included) to `to` (excluded), one every so many milliseconds, to every conversation there is. */
  writeSteadily(from: number, to: number, bytes: number, everyMs: number): Promise<void>;
  /** Resolves when nobody of the first conversation is connected any more. */
  unlinked(): Promise<void>;
  undelivered(): Promise<number>;
}

const { messenger } = await createApp();

window.kithCore = {
  async start(name) {
    if ((await messenger.open()) === undefined) await messenger.register(name);
    await messenger.connect();
    await online(messenger);
  },
  invite: async () => (await messenger.createInvite({ uses: 10, days: 1 })).link,
  async accept(link) {
    const accepted = await messenger.acceptInvite(link);
    if (accepted.kind !== "accepted") throw new Error(accepted.kind);
    await untilThread(
      ({ kind, id }) => kind === "direct" && id === accepted.thread,
      ({ path }) => isLinked(path),
    );
  },
  async createGroup(name) {
    const contacts = (await messenger.threads()).flatMap((thread) =>
      thread.kind === "direct" ? [thread.contact.account] : [],
    );
    const made = await messenger.groups.create(name, contacts);
    if (made.kind !== "created") throw new Error(made.kind);
  },
  group: async (name) => (await untilThread((thread) => thread.kind === "group" && thread.name === name)).id,
  async untilOnline(thread, count) {
    await untilThread((group) => group.id === thread && group.kind === "group" && group.group.online === count);
  },
  async untilNewest(thread, text) {
    await untilThread(({ id, preview }) => id === thread && preview?.text.startsWith(text) === true);
  },
  thread: async () => (await messenger.threads())[0]?.id,
  async write(thread, from, count, bytes) {
    const writes: Promise<unknown>[] = [];
    for (let number = from; number < from + count; number += 1) {
      writes.push(messenger.send(thread, `message ${number} `.padEnd(bytes, "x")));
    }
    await Promise.all(writes);
  },
  async writeSteadily(from, to, bytes, everyMs) {
    const start = performance.now();
    for (let number = from; number < to; number += 1) {
      const text = `message ${number} `.padEnd(bytes, "x");
      await Promise.all((await messenger.threads()).map(({ id }) => messenger.send(id, text)));
      const dueMs = start + (number + 1 - from) * everyMs;
      await new Promise((resolve) => setTimeout(resolve, dueMs - performance.now()));
    }
  },
  unlinked: () => unlinked(messenger),
  undelivered: async () => (await messenger.threads()).reduce((sum, thread) => sum + thread.waiting, 0),
};

/** Resolves with the conversation for which this holds, as soon as there is one. */
async function untilThread(...conditions: readonly ((thread: ThreadView) => boolean)[]): Promise<ThreadView> {
  for (;;) {
    const found = (await messenger.threads()).find((thread) => conditions.every((holds) => holds(thread)));
    if (found !== undefined) return found;
    await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
  }
}

function isLinked({ kind }: Path): boolean {
  return kind === "direct" || kind === "relay" || kind === "peer";
}

async function unlinked(of: Messenger): Promise<void> {
  const isStillLinked = async (): Promise<boolean> => {
    const path = (await of.threads())[0]?.path;
    return path !== undefined && isLinked(path);
  };
  if (!(await isStillLinked())) return;
  await new Promise<void>((resolve, reject) => {
    const stop = of.subscribe((event) => {
      if (event.type !== "thread") return;
      isStillLinked().then((still) => {
        if (still) return;
        stop();
        resolve();
      }, reject);
    });
  });
}

async function online(of: Messenger): Promise<void> {
  if (of.network().reachability.kind === "online") return;
  await new Promise<void>((resolve) => {
    const stop = of.subscribe((event) => {
      if (event.type !== "network" || event.network.reachability.kind !== "online") return;
      stop();
      resolve();
    });
  });
}

declare global {
  interface Window {
    kithCore?: CorePage;
  }
}

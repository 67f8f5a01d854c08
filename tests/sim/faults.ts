/** Mistakes that a port or a part of core could make, planted from outside: the simulation must catch each of them. */
import type { Clock } from "../../src/core/clock.ts";
import type { Suite } from "../../src/core/crypto/suite.ts";
import { timeOfClock } from "../../src/core/log/hybrid-clock.ts";
import {
  type Key,
  type ReadTransaction,
  type Store,
  StoreFailedError,
  type WriteTransaction,
} from "../../src/core/store/store.ts";
import type { TableName, Tables } from "../../src/core/store/tables.ts";
import { encodeFrame, FRAME, type Frame, FrameDecoder } from "../../src/core/sync/frames.ts";
import type { Link, Transport } from "../../src/core/transport/transport.ts";
import type { Profile } from "./profile.ts";
import type { SimWorld } from "./world.ts";

export interface SimFault {
  readonly name: string;
  /** What is said of it. */
  readonly found: RegExp;
  readonly store?: (below: Store, profile: Profile, world: SimWorld) => Store;
  readonly suite?: (below: Suite) => Suite;
  readonly clock?: (below: Clock, profile: Profile) => Clock;
  readonly transport?: (below: Transport) => Transport;
}

const MESSAGE_KEY_BYTES = 44;
const LOST_COMMITS = 0.02;
const FLUSHED_COMMITS = 0.05;
const TORN_FLUSHES = 0.3;
const KEPT_OUTBOXES = 0.2;
const MISFILED = 0.2;
const LOST_OPERATIONS = 0.5;

export const SIM_FAULTS: readonly SimFault[] = [
  {
    name: "acknowledged-before-commit",
    found: /missing|is left|are left|wait|differ|doubled|a bug/,
    store: (below, _profile, { chance }) => ({
      ...portOf(below),
      async write(tables, durability, work) {
        if (!chance.is(LOST_COMMITS)) return below.write(tables, durability, work);
        const done: { result?: Awaited<ReturnType<typeof work>> } = {};
        await below
          .write(tables, durability, async (tx) => {
            done.result = await work(tx);
            throw new StoreFailedError("the commit is lost");
          })
          .catch((error: unknown) => {
            if (!("result" in done)) throw error;
          });
        return done.result as Awaited<ReturnType<typeof work>>;
      },
    }),
  },
  {
    name: "skipped-fsync",
    found: /missing|are left|wait|differ|doubled/,
    store: (below, _profile, { chance }) => ({
      ...portOf(below),
      write: (tables, _durability, work) =>
        below.write(tables, chance.is(FLUSHED_COMMITS) ? "strict" : "relaxed", work),
    }),
  },
  {
    name: "outbox-cleared-first",
    found: /missing|are left|wait|differ/,
    store: (below, _profile, { chance }) => ({
      ...portOf(below),
      async write(tables, durability, work) {
        const isFlush = tables.includes("outbox") && tables.includes("sendings");
        if (isFlush && chance.is(TORN_FLUSHES)) {
          await below.write(tables, durability, async (tx) =>
            work(rewriting(tx, { puts: (table) => table === "outbox" })),
          );
          throw new StoreFailedError("the second transaction fails");
        }
        return below.write(tables, durability, work);
      },
    }),
  },
  {
    name: "outbox-not-cleared",
    found: /doubled/,
    store: (below, _profile, { chance }) =>
      rewritingStore(below, () => ({ deletes: (table) => table !== "outbox" || !chance.is(KEPT_OUTBOXES) })),
  },
  {
    name: "misfiled-message",
    found: /not for them/,
    store: (below, profile, { chance }) =>
      rewritingStore(below, () => ({
        key: (table, key) => {
          const other = profile.own.findLast(({ thread }) => thread !== key[0]);
          return table === "outbox" && other !== undefined && chance.is(MISFILED)
            ? [other.thread, ...key.slice(1)]
            : key;
        },
      })),
  },
  {
    name: "order-of-arrival",
    found: /differ/,
    store(below, profile) {
      let arrivals = profile.seen.size;
      return rewritingStore(below, () => ({
        key: (table, key) =>
          table === "timeline"
            ? [key[0] ?? "", `${(arrivals += 1).toString(16).padStart(16, "0")}${String(key[1]).slice(16)}`]
            : key,
      }));
    },
  },
  {
    name: "receipts-from-received",
    found: /missing|said to be/,
    store: (below) =>
      rewritingStore(below, () => ({
        value: (table, value) =>
          table === "logs" && "opened" in value ? { ...value, opened: value["height"] } : value,
      })),
  },
  {
    name: "reused-nonce",
    found: /one key and nonce/,
    suite: (below) => ({
      ...below,
      // The key and nonce of every message.
      hkdfExpand: (key, info, length) =>
        length === MESSAGE_KEY_BYTES ? new Uint8Array(length) : below.hkdfExpand(key, info, length),
    }),
  },
  {
    name: "clock-without-bound",
    found: /is stamped/,
    store: (below, profile) =>
      rewritingStore(below, () => ({
        value(table, value) {
          if (table === "logs")
            profile.newestClockMs = Math.max(profile.newestClockMs, timeOfClock(String(value["headClock"])));
          return value;
        },
      })),
    clock: (below, profile) => ({
      now: () => Math.max(below.now(), profile.newestClockMs),
      monotonic: () => below.monotonic(),
      delay: (ms, signal) => below.delay(ms, signal),
      pause: () => below.pause(),
    }),
  },
  {
    name: "doubled-frames",
    found: /do not know each other|not confirmed/,
    transport: (below) => onFrames(below, (frame) => [frame, frame]),
  },
  {
    name: "lost-receipts",
    found: /waiting in the end|are left/,
    transport: (below) => onFrames(below, (frame) => (frame.type === FRAME.clock ? [] : [frame])),
  },
  {
    name: "unopened-envelopes",
    found: /waiting in the end|missing/,
    transport: (below) =>
      onFrames(below, (frame) => (frame.type === FRAME.envelope || frame.type === FRAME.resendAnswer ? [] : [frame])),
  },
  {
    name: "dropped-forwards",
    found: /who is away, is at/,
    // Of others' logs nothing is found when it is to be sent.
    store: (below, profile) => ({
      ...portOf(below),
      read: (tables, work) =>
        below.read(tables, (tx) => {
          if (!tables.some((table) => table === "entries") || !tables.some((table) => table === "envelopes"))
            return work(tx);
          return work({
            ...readingOf(tx),
            range: async (table, query) =>
              table === "entries" && !profile.devices.has(String(query.prefix?.[1])) ? [] : tx.range(table, query),
          });
        }),
      write: (tables, durability, work) => below.write(tables, durability, work),
    }),
  },
  {
    name: "lost-operations",
    found: /other members/,
    store: (below, _profile, { chance }) => {
      // For good: one that comes again by its id is lost again.
      const isForgetful = chance.is(LOST_OPERATIONS);
      return rewritingStore(below, () => ({ puts: (table) => table !== "operations" || !isForgetful }));
    },
  },
  {
    name: "kept-parcels",
    found: /a parcel of .* is left|carries too much/,
    store: (below) =>
      rewritingStore(below, () => ({ deletes: (table) => table !== "parcels" && table !== "parcelBytes" })),
  },
];

interface Rewriting {
  readonly puts?: (table: TableName) => boolean;
  readonly deletes?: (table: TableName) => boolean;
  readonly key?: (table: TableName, key: Key) => Key;
  readonly value?: (table: TableName, value: Readonly<Record<string, unknown>>) => unknown;
}

function portOf(below: Store): Pick<Store, "read" | "close"> {
  return { read: (tables, work) => below.read(tables, work), close: () => undefined };
}

function readingOf(tx: ReadTransaction): ReadTransaction {
  return { get: tx.get.bind(tx), range: tx.range.bind(tx), count: tx.count.bind(tx) };
}

function rewritingStore(below: Store, change: () => Rewriting): Store {
  return {
    ...portOf(below),
    write: (tables, durability, work) => below.write(tables, durability, (tx) => work(rewriting(tx, change()))),
  };
}

/** The transaction with what is put and deleted in it changed. */
function rewriting(tx: WriteTransaction, change: Rewriting): WriteTransaction {
  return {
    get: tx.get.bind(tx),
    range: tx.range.bind(tx),
    count: tx.count.bind(tx),
    put<Name extends TableName>(table: Name, key: Key, value: Tables[Name]) {
      if (change.puts?.(table) === false) return;
      const isRow = typeof value === "object" && !ArrayBuffer.isView(value) && change.value !== undefined;
      const row = isRow ? change.value(table, { ...value }) : value;
      tx.put(table, change.key?.(table, key) ?? key, row as Tables[Name]);
    },
    delete(table: TableName, key: Key) {
      if (change.deletes?.(table) !== false && change.puts?.(table) !== false) tx.delete(table, key);
    },
    deleteRange(table, query) {
      if (change.deletes?.(table) !== false && change.puts?.(table) !== false) tx.deleteRange(table, query);
    },
  };
}

/** The transport with every frame that is sent turned into others. */
function onFrames(below: Transport, change: (frame: Frame) => readonly Frame[]): Transport {
  const start = below.start.bind(below);
  below.start = (seed, handlers) =>
    start(seed, {
      onPath: (peer, path) => handlers.onPath(peer, path),
      onReachability: (reachability, relays) => handlers.onReachability(reachability, relays),
      onLink: (link) => handlers.onLink(changedLink(link, change)),
    });
  return below;
}

function changedLink(link: Link, change: (frame: Frame) => readonly Frame[]): Link {
  const decoder = new FrameDecoder();
  return {
    peer: link.peer,
    path: link.path,
    isOpener: link.isOpener,
    async send(bytes) {
      for (const frame of decoder.push(bytes).flatMap((sent) => change(sent))) await link.send(encodeFrame(frame));
    },
    close: () => link.close(),
  };
}

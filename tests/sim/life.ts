/**
 * One run of the app over a profile: its ports, as long as the process lives. A process that is gone writes, sends and hears nothing
 * more, and whatever it waited for never comes. It can be told to go in the middle of a write, before or after its commit.
 */
import type { Clock } from "../../src/core/clock.ts";
import type { Key, Store, WriteTransaction } from "../../src/core/store/store.ts";
import type { TableName, Tables } from "../../src/core/store/tables.ts";
import type { Link, LinkHandlers, Transport } from "../../src/core/transport/transport.ts";

export interface CrashPlan {
  /** The process goes in so many writes from now. */
  writesLeft: number;
  /** Whether that write was committed. */
  readonly isCommitted: boolean;
}

export type CommittedRow = {
  readonly [Name in TableName]: { readonly table: Name; readonly key: Key; readonly value: Tables[Name] };
}[TableName];

export interface LifeParts {
  readonly store: Store;
  readonly clock: Clock;
  /** Added to the time of `clock`. */
  readonly skewMs: () => number;
  /** A row was committed. */
  readonly onRow: (row: CommittedRow) => void;
  /** The crash that was planned has happened. */
  readonly onCrash: () => void;
}

class ProcessGone extends Error {
  override readonly name = "ProcessGone";
}

export class Life {
  readonly #parts: LifeParts;
  #isGone = false;
  #plan: CrashPlan | undefined;

  constructor(parts: LifeParts) {
    this.#parts = parts;
  }

  get isGone(): boolean {
    return this.#isGone;
  }

  planCrash(plan: CrashPlan): void {
    this.#plan = plan;
  }

  end(): void {
    this.#isGone = true;
    this.#plan = undefined;
  }

  readonly store: Store = {
    read: async (tables, work) => {
      if (this.#isGone) return never();
      return this.#whileAlive(this.#parts.store.read(tables, work));
    },
    write: async (tables, durability, work) => {
      if (this.#isGone) return never();
      const isLast = this.#isLastWrite();
      const rows: CommittedRow[] = [];
      const written = this.#parts.store.write(tables, durability, async (tx) => {
        if (this.#isGone) throw new ProcessGone();
        const result = await work(noting(tx, rows));
        if (isLast === "before") this.#crash();
        if (this.isGone) throw new ProcessGone();
        return result;
      });
      const result = await this.#whileAlive(written);
      for (const row of rows) this.#parts.onRow(row);
      if (isLast === "after") {
        this.#crash();
        return never();
      }
      return result;
    },
    // The store of a profile outlives the app, as a disk does.
    close: () => undefined,
  };

  readonly clock: Clock = {
    now: () => Math.floor(this.#parts.clock.now() + this.#parts.skewMs()),
    monotonic: () => this.#parts.clock.monotonic(),
    delay: (ms, signal) => this.#whileAlive(this.#parts.clock.delay(ms, signal)),
    pause: () => this.#whileAlive(this.#parts.clock.pause()),
  };

  /** The transport, telling of every write to a link. */
  transport(below: Transport, onStart: (seed: Uint8Array) => void, onSend: (bytes: Uint8Array) => void): Transport {
    return {
      start: (seed, handlers) => {
        onStart(seed);
        return below.start(seed, {
          onPath: (peer, path) => handlers.onPath(peer, path),
          onReachability: (reachability, relays) => handlers.onReachability(reachability, relays),
          onLink: (link) => this.#alive(handlers.onLink(this.#overheard(link, onSend))),
        });
      },
      stop: () => below.stop(),
      want: (peers) => below.want(this.#isGone ? [] : peers),
      refuse: (peer, forMs) => below.refuse(peer, forMs),
      setRelaying: (rules) => below.setRelaying(rules),
      block: (peers) => below.block(peers),
      ownRelays: () => below.ownRelays(),
      wake: () => below.wake(),
      setOnline: (isOnline) => below.setOnline(isOnline),
      byHand: undefined,
    };
  }

  #overheard(link: Link, onSend: (bytes: Uint8Array) => void): Link {
    return {
      peer: link.peer,
      path: link.path,
      isOpener: link.isOpener,
      send: async (bytes) => {
        if (this.#isGone) return never();
        onSend(bytes);
        return this.#whileAlive(link.send(bytes));
      },
      close: () => link.close(),
    };
  }

  #alive(handlers: LinkHandlers): LinkHandlers {
    return {
      onData: (bytes) => {
        if (!this.#isGone) handlers.onData(bytes);
      },
      onClose: () => {
        if (!this.#isGone) handlers.onClose();
      },
    };
  }

  #isLastWrite(): "before" | "after" | undefined {
    const plan = this.#plan;
    if (plan === undefined) return undefined;
    plan.writesLeft -= 1;
    if (plan.writesLeft > 0) return undefined;
    this.#plan = undefined;
    return plan.isCommitted ? "after" : "before";
  }

  #crash(): void {
    if (this.#isGone) return;
    this.end();
    this.#parts.onCrash();
  }

  /** What the work comes to, unless the process is gone by then. */
  async #whileAlive<T>(work: Promise<T>): Promise<T> {
    try {
      const result = await work;
      return this.#isGone ? await never<T>() : result;
    } catch (error) {
      if (this.#isGone) return await never<T>();
      throw error;
    }
  }
}

function never<T>(): Promise<T> {
  return new Promise<T>(() => undefined);
}

/** The transaction, noting what it puts. */
function noting(tx: WriteTransaction, rows: CommittedRow[]): WriteTransaction {
  return {
    get: (table, key) => tx.get(table, key),
    range: (table, query) => tx.range(table, query),
    count: (table, query) => tx.count(table, query),
    put<Name extends TableName>(table: Name, key: Key, value: Tables[Name]) {
      rows.push({ table, key, value } as CommittedRow);
      tx.put(table, key, value);
    },
    delete: (table, key) => tx.delete(table, key),
    deleteRange: (table, query) => tx.deleteRange(table, query),
  };
}

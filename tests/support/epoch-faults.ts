/** Mistakes that a device could make with its keys, each planted from outside: in its suite, its transactions or what it is told. */
import { bytesToHex, equalBytes, textToBytes } from "../../src/core/codec/bytes.ts";
import { encodeHeaderPrefix } from "../../src/core/codec/entry.ts";
import { ENVELOPE_BYTES } from "../../src/core/crypto/envelope.ts";
import { acceptBatch } from "../../src/core/log/accept.ts";
import { EMPTY_LOG, logName, readLogs } from "../../src/core/log/log-state.ts";
import type { Key, WriteTransaction } from "../../src/core/store/store.ts";
import type { TableName } from "../../src/core/store/tables.ts";
import type { EpochWorld, Mischief, WorldFaults, WorldOptions } from "./epoch-world.ts";

export interface PlantedFault {
  readonly name: string;
  readonly plant: (world: EpochWorld) => WorldFaults;
  /** What is said of it. */
  readonly found: RegExp;
  /** The worlds in which it can show. */
  readonly world?: Partial<Pick<WorldOptions, "hasLateMember">> & { readonly mischief?: Mischief };
}

const SALT_BYTES = 16;
const COMMITMENT_DOMAIN = "kith/commit/1";
const SEED_COMMITMENT_BYTES = COMMITMENT_DOMAIN.length + 32 + 16 + 4 + 32;
const MOST_GENERATIONS = 50;

export const PLANTED_FAULTS: readonly PlantedFault[] = [
  {
    name: "every message has the same salt",
    found: /one key and nonce/,
    plant: () => ({
      suite: (below) => ({
        ...below,
        random: (length) => (length === SALT_BYTES ? new Uint8Array(length) : below.random(length)),
      }),
    }),
  },
  {
    name: "an entry and the step of its chain are put in two transactions",
    found: /not every message is shown once|one key and nonce|does not open/,
    plant: () => ({ isTorn: true }),
  },
  {
    name: "the sending chain is not stepped",
    found: /does not open/,
    plant: () => withoutPuts("sendings", (row) => Number(row["generation"]) > 0),
  },
  {
    name: "a chain is read from without being stepped",
    found: /does not open|kept after its use/,
    plant: () => withoutPuts("chains", (row) => Number(row["generation"]) > 0),
  },
  {
    name: "chains of earlier epochs are not erased",
    found: /chain of an earlier epoch|kept after its use/,
    plant: () => ({ tx: (tx) => changed(tx, { keeps: "chains" }) }),
  },
  {
    name: "superseded X-Wing secrets are not erased",
    found: /X-Wing secrets are kept/,
    plant: () => ({ tx: (tx) => changed(tx, { keeps: "kems" }) }),
  },
  {
    name: "X-Wing secrets are erased as soon as there is a newer one",
    found: /does not open/,
    plant: () => ({ others: () => [] }),
  },
  {
    name: "envelopes are erased before their recipient has opened them",
    found: /does not open/,
    plant: () => ({
      others: (others) =>
        others.map(({ device, marks }) => ({ device, marks: marks?.map((mark) => ({ ...mark, opened: Infinity })) })),
    }),
  },
  {
    name: "no new epoch begins for a member that comes late",
    found: /before everybody has a key|other devices than take part/,
    world: { hasLateMember: true },
    plant: (world) => ({
      roster: ({ self, needsAll, others }) => ({
        self,
        needsAll,
        others: others.filter(({ devices }) => devices.some((device) => world.isFounder(device))),
      }),
    }),
  },
  {
    name: "a seed is taken that is not the one committed to",
    found: /not every message is shown once|equal entries/,
    world: { mischief: "carrier" },
    plant: seedUnchecked,
  },
  {
    name: "an envelope is taken that the entry does not name",
    found: /who must not/,
    world: { mischief: "carrier" },
    plant: ({ ledger }) => ({
      suite: (below) => ({
        ...below,
        hash: (bytes) => below.hash(bytes.length === ENVELOPE_BYTES ? ledger.originalOf(bytes) : bytes),
      }),
    }),
  },
  {
    name: "content is shown that is not what was committed to",
    found: /who must not/,
    world: { mischief: "author" },
    plant: ({ liedCommitments }) => ({
      suite: (below) => ({ ...below, hash: (bytes) => liedCommitments.get(bytesToHex(bytes)) ?? below.hash(bytes) }),
    }),
  },
  {
    name: "the generation of a message is not looked at",
    found: /who must not|does not open/,
    world: { mischief: "author" },
    plant: generationUnchecked,
  },
  {
    name: "a fork is accepted",
    found: /fork was accepted/,
    world: { mischief: "carrier" },
    plant: () => ({
      accept: async (tx, conversation, runs, open) => {
        const logs = await readLogs(tx, conversation);
        const relinked = runs.map((run) => {
          const held = logs.get(logName(run.device, run.channel))?.row ?? EMPTY_LOG;
          const entries = run.entries.map((entry) =>
            entry.header.seq === held.height + 1
              ? { ...entry, header: { ...entry.header, previous: held.head } }
              : entry,
          );
          return { ...run, entries };
        });
        return acceptBatch(tx, conversation, relinked, open);
      },
    }),
  },
];

function withoutPuts(table: TableName, isDropped: (row: Readonly<Record<string, unknown>>) => boolean): WorldFaults {
  return { tx: (tx) => changed(tx, { drops: { table, isDropped } }) };
}

/** A transaction that passes over some puts of a table, or all its erasures. */
function changed(
  tx: WriteTransaction,
  change: {
    readonly keeps?: TableName;
    readonly drops?: {
      readonly table: TableName;
      readonly isDropped: (row: Readonly<Record<string, unknown>>) => boolean;
    };
  },
): WriteTransaction {
  const { keeps, drops } = change;
  return {
    get: tx.get.bind(tx),
    range: tx.range.bind(tx),
    count: tx.count.bind(tx),
    put(table, key, value) {
      const row = { ...(value as object) } as Readonly<Record<string, unknown>>;
      if (drops?.table === table && drops.isDropped(row)) return;
      tx.put(table, key, value);
    },
    delete(table: TableName, key: Key) {
      if (table !== keeps) tx.delete(table, key);
    },
    deleteRange(table, query) {
      if (table !== keeps) tx.deleteRange(table, query);
    },
  };
}

/** Whatever seed an envelope brings counts as the one that its author committed to first. */
function seedUnchecked({ firstCommitments }: EpochWorld): WorldFaults {
  return {
    suite: (below) => ({
      ...below,
      hash(bytes) {
        const isCommitment =
          bytes.length === SEED_COMMITMENT_BYTES &&
          equalBytes(bytes.subarray(0, COMMITMENT_DOMAIN.length), textToBytes(COMMITMENT_DOMAIN));
        if (!isCommitment) return below.hash(bytes);
        const epoch = bytesToHex(bytes.subarray(0, -32));
        const commitment = firstCommitments.get(epoch) ?? below.hash(bytes);
        firstCommitments.set(epoch, commitment);
        return commitment;
      },
    }),
  };
}

/** Whatever generation the header states, the chain is tried as it is. */
function generationUnchecked(): WorldFaults {
  let trueHeader: Uint8Array | undefined;
  return {
    suite: (below) => ({
      ...below,
      decrypt: (key, nonce, aad, ciphertext) => below.decrypt(key, nonce, trueHeader ?? aad, ciphertext),
    }),
    openMessage: async (reader, entry) => {
      trueHeader = encodeHeaderPrefix(entry.header);
      let opened = await reader.openMessage(entry);
      for (let generation = 0; opened.kind === "broken" && generation < MOST_GENERATIONS; generation += 1) {
        opened = await reader.openMessage({ ...entry, header: { ...entry.header, generation } });
      }
      trueHeader = undefined;
      return opened;
    },
  };
}

import { expect, test } from "vitest";
import { createMemoryStore } from "../../../../src/adapters/memory/memory-store.ts";
import { openFile, sealFile } from "../../../../src/core/backup/backup-file.ts";
import type { BackupRow } from "../../../../src/core/backup/backup-tables.ts";
import { bytesToHex, concatBytes } from "../../../../src/core/codec/bytes.ts";
import { decodeCbor, encodeCbor } from "../../../../src/core/codec/cbor.ts";
import { createSuite } from "../../../../src/core/crypto/real-suite.ts";
import type { StretchPassphrase } from "../../../../src/core/vault/ports.ts";
import { CorePerson, CoreWorld } from "../../../support/core-world.ts";

const PASSPHRASE = "correct horse battery";
const MAX_CHUNK_BYTES = 256 * 1024;
const suite = createSuite();
/** As in core-world: what stretching costs is no matter of these tests. */
const stretch: StretchPassphrase = (passphrase, salt) => Promise.resolve(suite.mac(salt, passphrase));

async function backupOf(person: CorePerson): Promise<readonly Uint8Array[]> {
  return person.messenger.backups.export(PASSPHRASE);
}

async function rowsOf(world: CoreWorld, file: Uint8Array): Promise<readonly BackupRow[]> {
  const opened = await openFile({ suite, clock: world.clock, stretch }, PASSPHRASE, file);
  if (opened.kind !== "opened") throw new Error(opened.kind);
  return opened.chunks.flatMap((chunk) => decodeCbor(chunk, MAX_CHUNK_BYTES) as BackupRow[]);
}

async function outcomeOf(world: CoreWorld, file: Uint8Array): Promise<string> {
  const newcomer = new CorePerson(world, "Alice", createMemoryStore());
  await newcomer.open();
  return (await newcomer.messenger.backups.restore(file, PASSPHRASE)).kind;
}

test("no key of the device, of a chain or of a key package is in the file, and the root key is", async () => {
  const world = new CoreWorld();
  const [alice, bob] = await world.pair();
  await alice.send("Bob", "one");
  await bob.send("Alice", "two");
  await world.clock.advance(2_000);
  const { rootSeed, logSeed, peerSeed } = await alice.identity();
  const secrets = await alice.store.read(["kems", "chains", "sendings"], async (tx) => [
    ...(await tx.range("kems", {})).map(({ value }) => value.seed),
    ...(await tx.range("chains", {})).map(({ value }) => value.key),
    ...(await tx.range("sendings", {})).map(({ value }) => value.key),
  ]);
  expect(secrets.length).toBeGreaterThanOrEqual(3);
  const content = bytesToHex(encodeCbor(await rowsOf(world, concatBytes(...(await backupOf(alice))))));
  expect(content).toContain(bytesToHex(rootSeed));
  for (const secret of [logSeed, peerSeed, ...secrets]) expect(content).not.toContain(bytesToHex(secret));
});

test("a long history takes many chunks, which can be neither swapped nor left out nor doubled", async () => {
  const world = new CoreWorld();
  const [alice] = await world.pair();
  const texts = Array.from({ length: 40 }, (_, index) => `${index} ${"x".repeat(7_000)}`);
  for (const text of texts) await alice.send("Bob", text);
  await world.clock.advance(5_000);
  const parts = await backupOf(alice);
  const [header, first, second, ...rest] = parts;
  if (header === undefined || first === undefined || second === undefined) throw new Error("too few chunks");
  expect(rest.length).toBeGreaterThan(0);
  expect(await outcomeOf(world, concatBytes(header, second, first, ...rest))).toBe("damaged");
  expect(await outcomeOf(world, concatBytes(header, first, ...rest))).toBe("damaged");
  expect(await outcomeOf(world, concatBytes(header, first, first, second, ...rest))).toBe("damaged");
  expect(await outcomeOf(world, concatBytes(...parts.slice(0, -1)))).toBe("damaged");

  await alice.messenger.stop();
  const again = new CorePerson(world, "Alice", createMemoryStore());
  await again.open();
  await again.messenger.backups.restore(concatBytes(...parts), PASSPHRASE);
  expect(await again.texts("Bob")).toEqual(texts);
});

test("a file that opens and holds something else than a backup is refused", async () => {
  const world = new CoreWorld();
  const [alice] = await world.pair();
  const rows = await rowsOf(world, concatBytes(...(await backupOf(alice))));
  const [identity, ...others] = rows;
  if (identity === undefined) throw new Error("an empty backup");
  const sealed = async (content: unknown): Promise<Uint8Array> =>
    concatBytes(...(await sealFile({ suite, clock: world.clock, stretch }, PASSPHRASE, [encodeCbor(content)])));
  const changed = (table: string, change: object): unknown[] =>
    rows.map((row) => (row[0] === table ? [row[0], row[1], { ...(row[2] as object), ...change }] : row));
  const bad: Readonly<Record<string, unknown>> = {
    "no array": "rows",
    nothing: [],
    "no account": others,
    "two accounts": [...rows, identity],
    "an account that comes later": [...others, identity],
    "a table that no backup has": [...rows, ["kems", ["a", "b", 1], { seed: identity[1], seq: 1, createdAt: 1 }]],
    "a key of another form": [...rows, ["threads", [1], {}]],
    "a field too many": changed("contacts", { colour: "red" }),
    "a field of another kind": changed("contacts", { relays: "/dns4/relay.example" }),
    "a seed of another length": changed("identity", { rootSeed: new Uint8Array(31) }),
    "another account's seed": changed("identity", { rootSeed: new Uint8Array(32) }),
    "a device list that says otherwise": changed("devices", { number: 1 + 2 ** 31 }),
    "a device list that nobody signed": changed("devices", { bytes: new Uint8Array(300) }),
  };
  for (const [what, content] of Object.entries(bad)) {
    expect(await outcomeOf(world, await sealed(content)), what).toBe("damaged");
  }
  expect(await outcomeOf(world, await sealed(rows))).toBe("restored");
});

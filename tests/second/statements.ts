/** Clock and read statements: *Statements*. */
import { join, number } from "./bytes.ts";
import { padded, unpadded } from "./message-body.ts";
import { decrypt, encrypt, expand, extract, sha256, signed } from "./primitives.ts";

export type SecondClockRow = {
  readonly device: Uint8Array;
  readonly channel: number;
  readonly height: number;
  readonly prefix: Uint8Array;
  readonly opened: number;
};
export type SecondReadRow = { readonly device: Uint8Array; readonly seq: number };

function statement(
  logSeed: Uint8Array,
  domain: string,
  conversation: Uint8Array,
  device: Uint8Array,
  statementNumber: number,
  rows: readonly Uint8Array[],
): Uint8Array {
  const covered = join(conversation, device, number(statementNumber, 6), number(rows.length, 2), ...rows);
  return join(covered, signed(logSeed, domain, covered));
}

export function clockBytes(
  logSeed: Uint8Array,
  conversation: Uint8Array,
  device: Uint8Array,
  clockNumber: number,
  rows: readonly SecondClockRow[],
): Uint8Array {
  const encoded = rows.map((row) =>
    join(row.device, number(row.channel, 1), number(row.height, 4), row.prefix, number(row.opened, 4)),
  );
  return statement(logSeed, "kith/clock/1", conversation, device, clockNumber, encoded);
}

/** What the whole clock says of these rows, for who holds the clock `base`. */
export function clockChangeBytes(clock: Uint8Array, base: number, rows: readonly SecondClockRow[]): Uint8Array {
  const encoded = rows.map((row) =>
    join(row.device, number(row.channel, 1), number(row.height, 4), row.prefix, number(row.opened, 4)),
  );
  return join(clock.subarray(32, 54), number(base, 6), number(rows.length, 2), ...encoded, clock.subarray(-64));
}

export type SecondStatementNumber = { readonly device: Uint8Array; readonly number: number };

export function statementNumbersBytes(
  what: "held" | "wanted",
  clocks: readonly SecondStatementNumber[],
  reads: readonly SecondStatementNumber[],
): Uint8Array {
  const rows = [...clocks, ...reads].map((row) => join(row.device, number(row.number, 6)));
  return join(number(what === "held" ? 0 : 1, 1), number(clocks.length, 2), ...rows);
}

/** Equal for two who hold the same: of statements with the types of their frames, as a hello to one who takes numbers has it. */
export function numbersDigest(statements: readonly (readonly [type: number, bytes: Uint8Array])[]): Uint8Array {
  const rows = statements.map(([type, bytes]) =>
    Buffer.from(join(number(type, 1), bytes.subarray(32, 54), bytes.subarray(bytes.length - 8))),
  );
  return sha256(...rows.toSorted((a, b) => Buffer.compare(a, b))).subarray(0, 8);
}

/** With the digest of device lists, as a hello to one who takes both in one has it. */
export function foldedDigest(statements: Uint8Array, lists: Uint8Array): Uint8Array {
  return sha256(statements, lists).subarray(0, 8);
}

export function readBytes(
  logSeed: Uint8Array,
  conversation: Uint8Array,
  device: Uint8Array,
  readNumber: number,
  rows: readonly SecondReadRow[],
): Uint8Array {
  const encoded = rows.map((row) => join(row.device, number(row.seq, 4)));
  return statement(logSeed, "kith/read/1", conversation, device, readNumber, encoded);
}

function readKey(salt: Uint8Array, opening: Uint8Array): readonly [key: Uint8Array, nonce: Uint8Array] {
  const both = expand(extract(salt, opening), new TextEncoder().encode("kith/read/2"), 32 + 12);
  return [both.slice(0, 32), both.slice(32)];
}

/** @param opening of the message `anchor`. */
export function sealedReadBytes(
  logSeed: Uint8Array,
  conversation: Uint8Array,
  device: Uint8Array,
  readNumber: number,
  rows: readonly SecondReadRow[],
  anchor: SecondReadRow,
  opening: Uint8Array,
  salt: Uint8Array,
): Uint8Array {
  const place = join(conversation, device, number(readNumber, 6), anchor.device, number(anchor.seq, 4));
  const content = join(number(rows.length, 2), ...rows.map((row) => join(row.device, number(row.seq, 4))));
  const sealed = encrypt(...readKey(salt, opening), place, padded(content));
  const covered = join(place, salt, number(sealed.length, 2), sealed);
  return join(covered, signed(logSeed, "kith/read/2", covered));
}

/** The rows of a sealed read statement. Throws if it was not sealed with this opening. */
export function openReadRows(statement: Uint8Array, opening: Uint8Array): readonly SecondReadRow[] {
  const [place, salt, sealed] = [statement.subarray(0, 74), statement.subarray(74, 90), statement.subarray(92, -64)];
  const content = Buffer.from(unpadded(decrypt(...readKey(salt, opening), place, sealed)));
  return Array.from({ length: content.readUInt16BE(0) }, (_, index) => {
    const row = content.subarray(2 + 20 * index, 22 + 20 * index);
    return { device: new Uint8Array(row.subarray(0, 16)), seq: row.readUInt32BE(16) };
  });
}

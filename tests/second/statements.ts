/** Clock and read statements: *Statements*. */
import { join, number } from "./bytes.ts";
import { signed } from "./primitives.ts";

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

/** The frozen case of what devices state: a clock, and what was read in both forms. */
import { clockBytes, readBytes, sealedReadBytes, type SecondClockRow, type SecondReadRow } from "./statements.ts";

type Given = {
  readonly logSeed: Uint8Array;
  readonly logKey: Uint8Array;
  readonly conversation: Uint8Array;
  readonly device: Uint8Array;
  readonly number: number;
  readonly clockRows: readonly SecondClockRow[];
  readonly readRows: readonly SecondReadRow[];
  readonly anchor: SecondReadRow;
  /** Of the anchor. */
  readonly opening: Uint8Array;
  readonly salt: Uint8Array;
};

export function statementCase({ logSeed, logKey, conversation, device, number, clockRows, readRows, ...read }: Given) {
  const { anchor, opening, salt } = read;
  return {
    logSeed,
    logKey,
    conversation,
    device,
    number,
    clockRows,
    clock: clockBytes(logSeed, conversation, device, number, clockRows),
    readRows,
    read: readBytes(logSeed, conversation, device, number, readRows),
    anchor,
    opening,
    salt,
    sealedRead: sealedReadBytes(logSeed, conversation, device, number, readRows, anchor, opening, salt),
  };
}

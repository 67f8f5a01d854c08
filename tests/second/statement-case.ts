/** The frozen case of what devices state: a clock, and what was read in both forms. */
import {
  clockBytes,
  clockChangeBytes,
  foldedDigest,
  numbersDigest,
  readBytes,
  sealedReadBytes,
  type SecondClockRow,
  type SecondReadRow,
  statementNumbersBytes,
} from "./statements.ts";

const CLOCK_FRAME = 21;
const SEALED_READ_FRAME = 29;

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
  const clock = clockBytes(logSeed, conversation, device, number, clockRows);
  // As it was before its last row.
  const earlierClock = clockBytes(logSeed, conversation, device, number - 1, clockRows.slice(0, -1));
  const sealedRead = sealedReadBytes(logSeed, conversation, device, number, readRows, anchor, opening, salt);
  const statementsDigest = numbersDigest([
    [SEALED_READ_FRAME, sealedRead],
    [CLOCK_FRAME, clock],
  ]);
  const listsDigest = salt.subarray(0, 8);
  return {
    logSeed,
    logKey,
    conversation,
    device,
    number,
    clockRows,
    clock,
    earlierClock,
    clockChange: clockChangeBytes(clock, number - 1, clockRows.slice(-1)),
    wantedNumbers: statementNumbersBytes("wanted", [{ device, number: number - 1 }], [{ device, number: 0 }]),
    readRows,
    read: readBytes(logSeed, conversation, device, number, readRows),
    anchor,
    opening,
    salt,
    sealedRead,
    numbersDigest: statementsDigest,
    listsDigest,
    foldedDigest: foldedDigest(statementsDigest, listsDigest),
  };
}

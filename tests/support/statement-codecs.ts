/** What is told of the statements of a group, for codec/fuzz: samples, and each decoded and encoded again. */
import type { DeviceId } from "../../src/core/codec/ids.ts";
import { decodeClockChange, encodeClockChange } from "../../src/core/conversations/clock-changes.ts";
import { decodeStatementNumbers, encodeStatementNumbers } from "../../src/core/sync/statement-numbers.ts";

interface StatementCodec {
  readonly samples: readonly Uint8Array[];
  readonly turn: (bytes: Uint8Array) => Uint8Array;
}

export function statementCodecs(device: DeviceId, other: DeviceId): Readonly<Record<string, StatementCodec>> {
  return {
    "statement numbers": {
      samples: [true, false].flatMap((isWanted) => [
        ...encodeStatementNumbers({ isWanted, rows: [{ kind: "read", device, number: 1 }] }),
        ...encodeStatementNumbers({
          isWanted,
          rows: [
            { kind: "clock", device, number: 7 },
            { kind: "read", device: other, number: 2 ** 40 },
          ],
        }),
      ]),
      turn: (bytes) => encodeStatementNumbers(decodeStatementNumbers(bytes))[0] ?? new Uint8Array(0),
    },
    "clock change": {
      samples: [0, 1, 3].map((count) => {
        const rows = Array.from({ length: count }, (_, at) => new Uint8Array(29).fill(at));
        return encodeClockChange({ device, number: 9, base: 7, rows, signature: new Uint8Array(64).fill(5) });
      }),
      turn: (bytes) => encodeClockChange(decodeClockChange(bytes)),
    },
  };
}

import { expect, test } from "vitest";
import type { DeviceId } from "../../../../src/core/codec/ids.ts";
import type { ServedEntry } from "../../../../src/core/log/serve.ts";
import { batchBytes, cutIntoBatches } from "../../../../src/core/sync/batches.ts";
import type { Path } from "../../../../src/core/transport/transport.ts";

const DIRECT: Path = { kind: "direct" };
const RELAY: Path = { kind: "relay", relay: "/dns4/relay.example/tcp/443/wss" };

test("what is sent over a relay is cut into batches that a circuit surely carries, and over a direct link is not", () => {
  const entries = Array.from({ length: 200 }, (_, index) => entry(index + 1, 500));
  expect(sizes(entries, DIRECT)).toEqual([200]);
  const relayed = sizes(entries, RELAY);
  expect(relayed.reduce((sum, size) => sum + size)).toBe(200);
  for (const size of relayed) expect(size * 500).toBeLessThan(batchBytes(RELAY) + 500);
});

test("a batch ends with the last entry", () => {
  expect(sizes([entry(1, 100)], RELAY)).toEqual([1]);
  expect(sizes([entry(1, 100), entry(2, batchBytes(RELAY))], RELAY)).toEqual([2]);
  expect(sizes([], RELAY)).toEqual([]);
});

/** How many entries each batch has. */
function sizes(entries: readonly ServedEntry[], path: Path): number[] {
  return [...cutIntoBatches(entries, path)].map((batch) => batch.length);
}

function entry(seq: number, bytes: number): ServedEntry {
  const parts = { header: new Uint8Array(0), signature: new Uint8Array(0), body: new Uint8Array(bytes) };
  return { device: "d" as DeviceId, channel: 1, seq, parts };
}

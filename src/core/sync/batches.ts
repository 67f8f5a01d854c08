/** How much goes out as one batch, which the other side stores in one transaction. */
import { sizeOf } from "../log/entry.ts";
import type { ServedEntry } from "../log/serve.ts";
import type { Path } from "../transport/transport.ts";

/** Several fit the window of a link. */
const DIRECT_BATCH_BYTES = 192 * 1024;
/** A batch counts only as a whole, and a circuit may be cut after as little as 128 KiB in both directions. */
const RELAYED_BATCH_BYTES = 16 * 1024;

/** About this many. */
export function batchBytes(path: Path): number {
  return path.kind === "direct" ? DIRECT_BATCH_BYTES : RELAYED_BATCH_BYTES;
}

/** Marks where batches end. Only what this device wrote itself may be longer than one: each of those entries is signed here. */
export function* cutIntoBatches(
  entries: readonly ServedEntry[],
  path: Path,
): Generator<{ readonly entry: ServedEntry; readonly isLastOfBatch: boolean }> {
  let bytes = 0;
  for (const [index, entry] of entries.entries()) {
    bytes += sizeOf(entry.parts);
    const isLastOfBatch = index === entries.length - 1 || bytes >= batchBytes(path);
    if (isLastOfBatch) bytes = 0;
    yield { entry, isLastOfBatch };
  }
}

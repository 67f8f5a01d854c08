/** How much goes out as one batch, which the other side stores in one transaction. */
import { sizeOf } from "../log/entry.ts";
import type { ServedEntry } from "../log/serve.ts";
import type { Path } from "../transport/transport.ts";

/** Several fit the window of a link. */
const DIRECT_BATCH_BYTES = 192 * 1024;
/** A batch counts only as a whole, and a circuit may be cut after as little as 128 KiB in both directions. */
const RELAYED_BATCH_BYTES = 16 * 1024;

/** Read from the store together: what is read and not sent is read again, and a narrow link does not make that cheaper. */
export const READ_BYTES = DIRECT_BATCH_BYTES;

/** About this many. */
export function batchBytes(path: Path): number {
  return path.kind === "direct" ? DIRECT_BATCH_BYTES : RELAYED_BATCH_BYTES;
}

/** Only for what this device wrote itself, which may be longer than one batch: each of those entries is signed here. */
export function* cutIntoBatches(entries: readonly ServedEntry[], path: Path): Generator<readonly ServedEntry[]> {
  let batch: ServedEntry[] = [];
  let bytes = 0;
  for (const entry of entries) {
    batch.push(entry);
    bytes += sizeOf(entry.parts);
    if (bytes < batchBytes(path)) continue;
    yield batch;
    batch = [];
    bytes = 0;
  }
  if (batch.length > 0) yield batch;
}

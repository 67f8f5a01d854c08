/** What a page's JavaScript heap is made of, after a collection: the browser's own snapshot, summed up. */
import type { CDPSession } from "@playwright/test";

/** Of a snapshot, as far as it is read here. A node is as many numbers as it has fields. */
interface Snapshot {
  readonly snapshot: {
    readonly meta: {
      readonly node_fields: readonly string[];
      /** In the place of the field "type": the names of the types. */
      readonly node_types: readonly (readonly string[] | string)[];
    };
  };
  readonly nodes: readonly number[];
}

export interface HeapBytes {
  /** Scripts as the browser compiled them, and what it learnt for that: grows while a page runs hot, whatever the page keeps. */
  readonly code: number;
  /** Objects, strings and what the document holds. */
  readonly data: number;
}

export async function heapBytes(session: CDPSession): Promise<HeapBytes> {
  const chunks: string[] = [];
  const onChunk = ({ chunk }: { readonly chunk: string }): void => {
    chunks.push(chunk);
  };
  session.on("HeapProfiler.addHeapSnapshotChunk", onChunk);
  // Twice: what the first one finalises, the second one frees.
  await session.send("HeapProfiler.collectGarbage");
  await session.send("HeapProfiler.collectGarbage");
  await session.send("HeapProfiler.takeHeapSnapshot", { reportProgress: false });
  session.off("HeapProfiler.addHeapSnapshotChunk", onChunk);
  return sumUp(JSON.parse(chunks.join("")) as Snapshot);
}

function sumUp({ snapshot: { meta }, nodes }: Snapshot): HeapBytes {
  const typeAt = meta.node_fields.indexOf("type");
  const sizeAt = meta.node_fields.indexOf("self_size");
  const codeType = meta.node_types[typeAt]?.indexOf("code");
  if (typeAt === -1 || sizeAt === -1 || codeType === undefined || codeType === -1) {
    throw new Error("a heap snapshot of another kind");
  }
  let code = 0;
  let data = 0;
  for (let node = 0; node < nodes.length; node += meta.node_fields.length) {
    const size = nodes[node + sizeAt] ?? 0;
    if (nodes[node + typeAt] === codeType) code += size;
    else data += size;
  }
  return { code, data };
}

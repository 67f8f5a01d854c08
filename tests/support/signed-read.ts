/** Read statements as versions before the sealed ones made them: taken in to this day. */
import { ByteWriter } from "../../src/core/codec/byte-writer.ts";
import type { ConversationId, DeviceId } from "../../src/core/codec/ids.ts";
import { encodeReadMarks, type ReadStatement, signed, statementHead } from "../../src/core/conversations/statements.ts";
import type { Suite } from "../../src/core/crypto/suite.ts";
import type { CorePerson } from "./core-world.ts";

export function encodeSignedRead(suite: Suite, logSeed: Uint8Array, read: ReadStatement): Uint8Array {
  const marks = encodeReadMarks(new ByteWriter(), read.marks).finish();
  return signed(suite, logSeed, "kith/read/1", statementHead(read).fixed(marks, marks.length));
}

/** As if an earlier version had read everything that this person was ever sent. The messenger must not run. */
export async function storeSignedRead(suite: Suite, person: CorePerson): Promise<void> {
  const { device, logSeed } = await person.identity();
  await person.store.write(["reads", "timeline"], "strict", async (tx) => {
    const heights = new Map<ConversationId, Map<DeviceId, number>>();
    for (const { value } of await tx.range("timeline", {})) {
      const ofConversation = heights.get(value.conversation) ?? new Map<DeviceId, number>();
      heights.set(value.conversation, ofConversation.set(value.device, value.seq));
    }
    for (const [conversation, seqs] of heights) {
      const marks = [...seqs].filter(([of]) => of !== device).map(([of, seq]) => ({ device: of, seq }));
      const bytes = encodeSignedRead(suite, logSeed, { conversation, device, number: 1, marks });
      tx.put("reads", [conversation, device], { number: 1, marks, bytes });
    }
  });
}

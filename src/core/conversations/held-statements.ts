/** The statements that are held of a conversation, as sync asks for them. */
import type { ConversationId } from "../codec/ids.ts";
import { FRAME } from "../sync/frames.ts";
import type { SyncHost } from "../sync/host.ts";
import type { CoreContext } from "./core-context.ts";
import { StatementDigests } from "./statement-digests.ts";
import { statementNumber, statementNumbers, statementSince } from "./statement-numbers.ts";
import { digestNumbers, foldedDigest, type TypedStatement } from "./statements.ts";

/** `listsDigest`: of the device lists of a group's members. */
export function heldStatements(
  core: CoreContext,
  listsDigest: (conversation: ConversationId) => Uint8Array,
): Pick<SyncHost, "digestOfNumbers" | "statementNumber" | "statementNumbers" | "statements" | "statementSince"> {
  const digests = new StatementDigests(core.suite);
  return {
    statements(conversation) {
      const all = allOf(core, conversation);
      return { all, digest: digests.of(conversation, all) };
    },
    statementNumbers: (conversation) => statementNumbers(core, conversation),
    statementNumber: (conversation, of) => statementNumber(core, conversation, of),
    digestOfNumbers(conversation, withLists) {
      const digest = digestNumbers(core.suite, allOf(core, conversation));
      return withLists ? foldedDigest(core.suite, digest, listsDigest(conversation)) : digest;
    },
    statementSince: (conversation, of, number) => statementSince(core, conversation, of, number),
  };
}

function allOf({ receipts }: CoreContext, conversation: ConversationId): readonly TypedStatement[] {
  const { clocks, reads, sealedReads } = receipts.statementsOf(conversation);
  return [
    ...clocks.map((bytes) => ({ type: FRAME.clock, bytes })),
    ...reads.map((bytes) => ({ type: FRAME.read, bytes })),
    ...sealedReads.map((bytes) => ({ type: FRAME.sealedRead, bytes })),
  ];
}

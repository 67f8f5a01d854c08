/** The statements that are held of a conversation, as sync asks for them. */
import type { ConversationId } from "../codec/ids.ts";
import { FRAME } from "../sync/frames.ts";
import type { SyncHost } from "../sync/host.ts";
import type { CoreContext } from "./core-context.ts";
import { StatementDigests } from "./statement-digests.ts";
import { statementNumber, statementNumbers, statementSince } from "./statement-numbers.ts";
import { digestNumbers, type TypedStatement } from "./statements.ts";

export function heldStatements(
  core: CoreContext,
): Pick<SyncHost, "digestOfNumbers" | "statementNumber" | "statementNumbers" | "statements" | "statementSince"> {
  const digests = new StatementDigests(core.suite);
  return {
    statements(conversation) {
      const all = allOf(core, conversation);
      return { all, digest: digests.of(conversation, all) };
    },
    statementNumbers: (conversation) => statementNumbers(core, conversation),
    statementNumber: (conversation, of) => statementNumber(core, conversation, of),
    digestOfNumbers: (conversation) => digestNumbers(core.suite, allOf(core, conversation)),
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

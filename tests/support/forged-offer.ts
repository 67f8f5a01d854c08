/** Offers of groups that somebody founds by hand, in whatever number. */
import { CONTROL_CHANNEL, CONTROL_KIND, encodeHeader } from "../../src/core/codec/entry.ts";
import type { EntryId } from "../../src/core/codec/ids.ts";
import { conversationIdOf } from "../../src/core/conversations/conversation-id.ts";
import { encodeGroupOffer } from "../../src/core/conversations/group-offer-codec.ts";
import { encodeIntroduction } from "../../src/core/conversations/introduction.ts";
import { ENTRY_DOMAIN } from "../../src/core/log/entry.ts";
import { encodeGenesis } from "../../src/core/membership/genesis.ts";
import type { CorePerson, CoreWorld } from "./core-world.ts";

/** So many different ones, all signed as they must be. */
export async function forgeOffers(
  { suite }: CoreWorld,
  founder: CorePerson,
  count: number,
): Promise<readonly Uint8Array[]> {
  const { account, device, logSeed } = await founder.identity();
  const list = await founder.store.read(["devices"], (tx) => tx.get("devices", [account]));
  if (list === undefined) throw new Error(`${founder.name} has no devices`);
  return Array.from({ length: count }, (_, index) => {
    const body = encodeGenesis({ kind: "group", nonce: suite.random(16), founder: account, name: `Group ${index}` });
    const header = encodeHeader({
      conversation: conversationIdOf(suite, body),
      device,
      seq: 1,
      suite: suite.id,
      channel: CONTROL_CHANNEL,
      previous: "00".repeat(32) as EntryId,
      clock: "0".repeat(16),
      dependencies: [],
      kind: CONTROL_KIND.genesis,
      epoch: 0,
      generation: 0,
      commitment: suite.hash(body),
      bodyLength: body.length,
      bodyHash: suite.hash(body),
    });
    const genesis = { header, signature: suite.sign(logSeed, ENTRY_DOMAIN, header), body };
    return encodeGroupOffer({ genesis, founder: encodeIntroduction(list.bytes, founder.name) });
  });
}

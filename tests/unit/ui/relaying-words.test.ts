/** What Settings say of relaying is what the device does. */
import { expect, test } from "vitest";
import { grantFor } from "../../../src/adapters/libp2p/circuit-grants.ts";
import type { RelayingView } from "../../../src/core/views.ts";
import { LEAST_RELAYED_BYTES } from "../../../src/state/least-relayed.ts";
import { obstacleWords } from "../../../src/ui/text/relaying-words.ts";

const VIEW = { choice: "contacts", state: "on", conversations: 0, limitBytes: 5_000_000, bytes: 0 } as RelayingView;

test("where too little is left for a circuit the words say so, and not before", () => {
  for (const [left, isEnough] of [
    [LEAST_RELAYED_BYTES, true],
    [LEAST_RELAYED_BYTES - 1, false],
  ] as const) {
    expect(grantFor(left) !== undefined).toBe(isEnough);
    const words = obstacleWords({ ...VIEW, bytes: VIEW.limitBytes - left });
    expect(words).toMatch(isEnough ? /^At most 1 MB a second/ : /^Too little is left .* higher limit\.$/);
  }
});

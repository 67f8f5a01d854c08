import { expect, test } from "vitest";
import type { CoreContext } from "../../../../src/core/conversations/core-context.ts";
import { loadKnown } from "../../../../src/core/conversations/load-known.ts";

test("once the directory is read, the rest of what is known is read side by side", async () => {
  const begun: string[] = [];
  const ends: (() => void)[] = [];
  const slow = (name: string) => ({
    load: () =>
      new Promise<void>((resolve) => {
        begun.push(name);
        ends.push(resolve);
      }),
  });
  const core = {
    directory: { ...slow("directory"), conversations: new Map() },
    memberships: slow("memberships"),
    receipts: slow("receipts"),
    keys: slow("keys"),
  } as unknown as CoreContext;
  const loading = loadKnown(core);
  expect(begun).toEqual(["directory"]);
  ends[0]?.();
  await expect.poll(() => begun.length).toBe(4);
  for (const end of ends) end();
  await loading;
});

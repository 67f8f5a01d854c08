/**
 * Runs when all other end-to-end tests have ended, also when only some were asked for. Not covered: Firefox, which keeps no such log, and
 * the browser of pwa-own-origin, which is judged there.
 */
import { rm } from "node:fs/promises";
import { judgeRun, RUN_NETWORK_VARIABLE } from "../support/run-network.ts";
import { expect, test } from "@playwright/test";

test("in the whole run nobody was contacted but the pages' own hosts, the relays and the peers", async () => {
  const folder = process.env[RUN_NETWORK_VARIABLE] ?? "";
  try {
    const judgements = await judgeRun(folder);
    const all = (pick: "foreign" | "known" | "peers" | "ofBrowser"): readonly string[] => [
      ...new Set(judgements.flatMap((judgement) => judgement[pick])),
    ];
    console.log(
      `${judgements.length} browsers contacted ${all("known").length} hosts of the tests and ${all("peers").length} addresses of peers; ` +
        `without any page, Chromium itself asked for ${all("ofBrowser").join(", ") || "nothing"}`,
    );
    expect(all("foreign")).toEqual([]);
    // The logs hold what they are trusted to hold.
    expect(all("known")).not.toEqual([]);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});

import { tmpdir } from "node:os";
import { join } from "node:path";
import { defineConfig } from "@playwright/test";
import { chromiumLaunchOptions } from "./tests/support/chromium.ts";
import { RUN_NETWORK_VARIABLE } from "./tests/support/run-network.ts";

const TEST_TIMEOUT_MS = 120_000;
const EXPECT_TIMEOUT_MS = 20_000;

// Workers inherit it.
process.env[RUN_NETWORK_VARIABLE] ??= join(tmpdir(), `kith-network-${process.pid}`);

export default defineConfig({
  testDir: "tests/e2e",
  projects: [
    { name: "stories", testMatch: "**/*.e2e.ts", testIgnore: "**/the-end.e2e.ts", teardown: "the end" },
    { name: "the end", testMatch: "**/the-end.e2e.ts" },
  ],
  outputDir: "test-results",
  // Each story runs several browsers, which mostly wait for each other. Nothing is timed here, so two at once disturb nobody.
  workers: 2,
  fullyParallel: false,
  retries: 0,
  forbidOnly: process.env["CI"] !== undefined,
  timeout: TEST_TIMEOUT_MS,
  expect: { timeout: EXPECT_TIMEOUT_MS },
  reporter: [["line"], ["json", { outputFile: process.env["KITH_E2E_REPORT"] ?? "test-results/e2e.json" }]],
  use: {
    headless: true,
    launchOptions: chromiumLaunchOptions(),
    locale: "en-US",
    trace: "off",
    screenshot: "only-on-failure",
  },
});

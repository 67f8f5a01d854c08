/** The short form of the lab, as a phase of `npm test`. Its browsers keep no log of their network: they are in one of their own. */
import { join } from "node:path";
import { defineConfig } from "@playwright/test";

const ROOT = join(import.meta.dirname, "../..");
const TEST_TIMEOUT_MS = 90_000;
const EXPECT_TIMEOUT_MS = 20_000;

export default defineConfig({
  testDir: import.meta.dirname,
  testMatch: "*.lab.ts",
  outputDir: join(ROOT, "test-results", "lab"),
  workers: 1,
  fullyParallel: false,
  retries: 0,
  timeout: TEST_TIMEOUT_MS,
  expect: { timeout: EXPECT_TIMEOUT_MS },
  reporter: [
    ["line"],
    ["json", { outputFile: process.env["KITH_E2E_REPORT"] ?? join(ROOT, "test-results", "lab.json") }],
  ],
});

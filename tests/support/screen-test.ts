/** Playwright's test over the screen with a messenger in memory. */
import { test as base, type Page } from "@playwright/test";
import { startScreenServer, type ScreenServer } from "./screen-server.ts";
import type { ScreenHandles } from "./screen-page.tsx";

declare global {
  interface Window {
    kith: ScreenHandles;
  }
}

export interface OpenOptions {
  readonly script?: "full" | "groups" | "first-run" | "empty";
  readonly query?: string;
  /** With its hash sign. */
  readonly hash?: string;
}

interface Screen {
  readonly page: Page;
  /** What the page threw; must be empty in the end. */
  readonly errors: string[];
  open(options?: OpenOptions): Promise<void>;
}

const PHONE = { width: 390, height: 844 } as const;
export const WIDE = { width: 1280, height: 800 } as const;

export const test = base.extend<{ readonly kith: Screen }, { readonly server: ScreenServer }>({
  server: [
    // Playwright insists on this pattern where a fixture needs no other.
    // oxlint-disable-next-line no-empty-pattern
    async ({}, use) => {
      const server = await startScreenServer();
      await use(server);
      await server.close();
    },
    { scope: "worker" },
  ],
  kith: async ({ page, server }, use) => {
    const errors: string[] = [];
    page.on("pageerror", (error) => errors.push(error.message));
    await page.setViewportSize(PHONE);
    await use({
      page,
      errors,
      async open({ script = "full", query = "", hash = "" } = {}) {
        await page.goto(`${server.url}?script=${script}${query}${hash}`);
        await page.locator("main:not(.starting)").waitFor();
      },
    });
    if (errors.length > 0) throw new Error(`The page threw: ${errors.join("; ")}`);
  },
});

/** Ids of the scripted conversations. */
export const ANA = "a11a";
export const BOB_WITH_LONG_HISTORY = "b0b0";
export const CAROL_AWAY = "ca01";
export const DALIA_RIGHT_TO_LEFT = "da11";
export const LAKE_GROUP = "9a00";
export const GROUP_OF_SIXTY = "9a60";

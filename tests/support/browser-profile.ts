/** A browser process of its own on a profile of its own, which can be killed and started again. */
import { readlinkSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { chromium, type BrowserContext } from "@playwright/test";
import { chromiumLaunchOptions } from "./chromium.ts";

/** What every person's browser has, beside its profile. */
export const PERSON_CONTEXT = {
  locale: "en-US",
  viewport: { width: 1100, height: 800 },
  permissions: ["clipboard-read", "clipboard-write"],
};
const CLOSE_LIMIT_MS = 5_000;

/** Takes UDP away from a browser. Chromium's headless shell knows the first name, the full browser the second. */
export const NO_UDP_FLAGS: readonly string[] = [
  "--force-webrtc-ip-handling-policy=disable_non_proxied_udp",
  "--webrtc-ip-handling-policy=disable_non_proxied_udp",
];

/** Where a person's browser keeps everything, and the browser itself. */
export interface Profile {
  readonly folder: string;
  launch(): Promise<BrowserContext>;
  /** As a person closes it. */
  close(): Promise<void>;
  /** SIGKILL: nothing in the browser gets to run any more. */
  kill(): Promise<void>;
  /** To every process of the browser. */
  signal(signal: "SIGSTOP" | "SIGCONT"): void;
  dispose(): Promise<void>;
}

export class BrowserProfile implements Profile {
  readonly #folder: string;
  readonly #flags: readonly string[];
  /** Called for every browser that is started, before it has a page of the app. */
  readonly #prepare: (context: BrowserContext) => Promise<void>;
  readonly #executablePath: string | undefined;
  #context: BrowserContext | undefined;

  private constructor(
    folder: string,
    flags: readonly string[],
    prepare: (context: BrowserContext) => Promise<void>,
    executablePath?: string,
  ) {
    this.#folder = folder;
    this.#flags = flags;
    this.#prepare = prepare;
    this.#executablePath = executablePath;
  }

  static async create(
    flags: readonly string[],
    prepare: (context: BrowserContext) => Promise<void>,
    { executablePath, parentFolder = tmpdir() }: { executablePath?: string; parentFolder?: string } = {},
  ): Promise<BrowserProfile> {
    return new BrowserProfile(await mkdtemp(join(parentFolder, "kith-profile-")), flags, prepare, executablePath);
  }

  get folder(): string {
    return this.#folder;
  }

  async launch(): Promise<BrowserContext> {
    if (this.#context !== undefined) throw new Error("This profile has a browser already");
    const context = await this.#launchTwice();
    this.#context = context;
    await this.#prepare(context);
    return context;
  }

  async close(): Promise<void> {
    const context = this.#context;
    this.#context = undefined;
    await context?.close();
  }

  async kill(): Promise<void> {
    const context = this.#context;
    if (context === undefined) return;
    this.#context = undefined;
    const closed = new Promise<void>((resolve) => context.once("close", () => resolve()));
    process.kill(this.#browserPid(), "SIGKILL");
    await closed;
  }

  /** To the browser and all its processes: Playwright starts each browser as the leader of a group. */
  signal(signal: "SIGSTOP" | "SIGCONT"): void {
    process.kill(-this.#browserPid(), signal);
  }

  async dispose(): Promise<void> {
    const context = this.#context;
    if (context !== undefined) {
      const pid = this.#pidWhileItRuns();
      const timer = pid === undefined ? undefined : setTimeout(() => killIfThere(pid), CLOSE_LIMIT_MS);
      await this.close().catch(() => undefined);
      clearTimeout(timer);
    }
    await rm(this.#folder, { recursive: true, force: true, maxRetries: 5 });
  }

  /** Undefined for a browser that has ended by itself. */
  #pidWhileItRuns(): number | undefined {
    try {
      return this.#browserPid();
    } catch {
      return undefined;
    }
  }

  /** Chromium marks the profile it uses with a link to "host-pid". */
  #browserPid(): number {
    const pid = Number(readlinkSync(join(this.#folder, "SingletonLock")).split("-").at(-1));
    if (!Number.isSafeInteger(pid) || pid <= 1) throw new Error("The browser's process is not known");
    return pid;
  }

  /** A browser rarely dies at its start for no reason of ours; that much may be tried again. */
  async #launchTwice(): Promise<BrowserContext> {
    const options = () => {
      const { args, ...browser } = chromiumLaunchOptions();
      return {
        ...browser,
        ...(this.#executablePath === undefined ? {} : { executablePath: this.#executablePath }),
        args: [...args, ...this.#flags],
        headless: true,
        ...PERSON_CONTEXT,
      };
    };
    try {
      return await chromium.launchPersistentContext(this.#folder, options());
    } catch (error) {
      console.warn("A browser did not start and is tried once more:", error);
      return await chromium.launchPersistentContext(this.#folder, options());
    }
  }
}

/** It may have ended meanwhile. */
function killIfThere(pid: number): void {
  try {
    process.kill(pid, "SIGKILL");
  } catch {
    // Nothing is left to be ended.
  }
}

/** A browser process that several people share, each with a context, so a storage, of their own: for stories with more people than a machine has room for browsers. */
import { chromium, type Browser, type BrowserContext } from "@playwright/test";
import { PERSON_CONTEXT, type Profile } from "./browser-profile.ts";
import { chromiumLaunchOptions } from "./chromium.ts";

export async function launchSharedBrowser(): Promise<Browser> {
  return chromium.launch({ ...chromiumLaunchOptions(), headless: true });
}

/** What is stored ends with the context: whoever closes it does not come back. */
export class SharedProfile implements Profile {
  readonly #browser: Browser;
  readonly #prepare: (context: BrowserContext) => Promise<void>;
  #context: BrowserContext | undefined;

  constructor(browser: Browser, prepare: (context: BrowserContext) => Promise<void>) {
    this.#browser = browser;
    this.#prepare = prepare;
  }

  get folder(): string {
    throw new Error("A shared browser has no folder for one person");
  }

  async launch(): Promise<BrowserContext> {
    if (this.#context !== undefined) throw new Error("This person was there already");
    this.#context = await this.#browser.newContext(PERSON_CONTEXT);
    await this.#prepare(this.#context);
    return this.#context;
  }

  async close(): Promise<void> {
    await this.#context?.close();
  }

  kill(): Promise<void> {
    return Promise.reject(new Error("A shared browser is not one person's to kill"));
  }

  signal(): never {
    throw new Error("A shared browser is not one person's to stop");
  }

  dispose(): Promise<void> {
    return this.close();
  }
}

/** A person with a browser of their own, who uses Kith by what is on the screen: roles and names of the interface, nothing else. */
import { expect, type Browser, type BrowserContext, type Locator, type Page } from "@playwright/test";
import { BrowserProfile, type Profile } from "./browser-profile.ts";
import { installProbe, rtcCounts, selectedIcePairs, type IcePair } from "./page-probe.ts";
import { SharedProfile } from "./shared-browser.ts";

export interface PersonOptions {
  readonly name: string;
  /** Where this person opens Kith. */
  readonly appUrl: string;
  /** Further flags of the browser. */
  readonly flags?: readonly string[];
  /** Another program than the usual Chromium, which takes the same flags. */
  readonly executablePath?: string;
  /** Where the folder of the browser's profile is made; among the temporary files if left out. */
  readonly parentFolder?: string;
  /** Run in every page before its own scripts. */
  readonly scripts?: readonly (() => void)[];
  /** A browser shared with others; one of this person's own, which can be closed and opened again, if left out. */
  readonly browser?: Browser;
}

export interface InviteOptions {
  readonly uses?: "Once" | "10 times";
  readonly days?: "1 day" | "7 days" | "30 days";
}

const STATES = /Waiting for .+|Carried by \d+|Delivered to \d+ of \d+|Delivered|Read/g;

export class Person {
  readonly name: string;
  /** Uncaught errors of the pages. None is ever expected. */
  readonly problems: string[] = [];
  /** What the pages said on the console, for whoever looks into a failure. */
  readonly console: string[] = [];
  readonly #appUrl: string;
  #profile: Profile | undefined;
  #page: Page | undefined;
  #lastUrl: string;

  private constructor({ name, appUrl }: PersonOptions) {
    this.name = name;
    this.#appUrl = appUrl;
    this.#lastUrl = appUrl;
  }

  /** With an open browser that shows nothing yet. */
  static async create(options: PersonOptions): Promise<Person> {
    const person = new Person(options);
    const { flags = [], scripts = [] } = options;
    const prepare = async (context: BrowserContext): Promise<void> => {
      await installProbe(context);
      for (const script of scripts) await context.addInitScript(script);
      person.#watch(context);
    };
    person.#profile =
      options.browser === undefined
        ? await BrowserProfile.create(flags, prepare, options)
        : new SharedProfile(options.browser, prepare);
    await person.#openBrowser();
    return person;
  }

  get page(): Page {
    if (this.#page === undefined) throw new Error(`${this.name} has no browser open`);
    return this.#page;
  }

  /** Where the browser keeps everything of this person. */
  get profileFolder(): string {
    if (this.#profile === undefined) throw new Error(`${this.name} has no browser`);
    return this.#profile.folder;
  }

  // The first run

  async open(url = this.#appUrl): Promise<void> {
    await this.page.goto(url);
  }

  /** Types the name and starts; what comes up then depends on whether an invite was opened. */
  async start(): Promise<void> {
    await this.page.getByRole("textbox", { name: "Your name" }).fill(this.name);
    await this.page.getByRole("button", { name: "Start" }).click();
  }

  async openAndStart(): Promise<void> {
    await this.open();
    await this.start();
    await expect(this.network).toContainText("Online");
  }

  /** First visit by an invite link: starts, which accepts it. */
  async startByInvite(link: string, inviter: Person): Promise<void> {
    await this.open(link);
    await expect(this.page.getByText(`${inviter.name} invites you to chat`)).toBeVisible();
    await this.start();
    await expect(this.conversationHeading(inviter)).toBeVisible();
  }

  /** A later visit by an invite link. */
  async acceptInvite(link: string, inviter: Pick<Person, "name">): Promise<void> {
    await this.open(link);
    await this.page
      .getByRole("dialog", { name: `Invite from ${inviter.name}` })
      .getByRole("button", { name: "Accept" })
      .click();
    await expect(this.conversationHeading(inviter)).toBeVisible();
  }

  /** Makes an invite, copies its link as a person does, and closes the dialog. */
  async createInvite({ uses = "Once", days = "7 days" }: InviteOptions = {}): Promise<string> {
    const entry = this.page.getByRole("button", { name: "New conversation" });
    await entry.click();
    await this.page
      .getByRole("dialog", { name: "New conversation" })
      .getByRole("button", { name: "Invite someone" })
      .click();
    const dialog = this.page.getByRole("dialog", { name: "Invite someone" });
    const link = dialog.getByRole("textbox", { name: "Invite link" });
    await expect(link).not.toHaveValue("");
    if (uses !== "Once") {
      const before = await link.inputValue();
      await dialog.getByRole("radiogroup", { name: "Can be used" }).getByRole("radio", { name: uses }).check();
      await expect(link).not.toHaveValue(before);
    }
    if (days !== "7 days") {
      const before = await link.inputValue();
      await dialog.getByRole("combobox", { name: "Valid for" }).selectOption(days);
      await expect(link).not.toHaveValue(before);
    }
    await dialog.getByRole("button", { name: "Copy link" }).click();
    const value = await link.inputValue();
    expect(await this.page.evaluate(() => navigator.clipboard.readText())).toBe(value);
    await this.page.keyboard.press("Escape");
    await expect(dialog).toBeHidden();
    return value;
  }

  // The list and the network

  get network(): Locator {
    return this.page.getByRole("status", { name: "Network" });
  }

  get alert(): Locator {
    return this.page.getByRole("alert");
  }

  conversationLink(other: Person): Locator {
    return this.page
      .getByRole("navigation", { name: "Conversations" })
      .getByRole("link", { name: new RegExp(`^${other.name}`) });
  }

  async enterConversation(other: Person): Promise<void> {
    await this.conversationLink(other).click();
    await expect(this.conversationHeading(other)).toBeVisible();
  }

  /** Away from any conversation, so that nothing that arrives is read. */
  async leaveConversation(): Promise<void> {
    await this.page.evaluate(() => {
      window.location.hash = "#/";
    });
    await expect(this.log).toBeHidden();
  }

  // A conversation

  conversationHeading(other: Pick<Person, "name">): Locator {
    // Exactly: the dialog "Invite from Alice" has a heading of that level, too.
    return this.page.getByRole("heading", { level: 2, name: other.name, exact: true });
  }

  get connection(): Locator {
    return this.page.getByRole("status", { name: "Connection" });
  }

  get log(): Locator {
    return this.page.getByRole("log", { name: "Messages" });
  }

  get composer(): Locator {
    return this.page.getByRole("textbox", { name: "Message", exact: true });
  }

  /** Resolves when the composer has cleared, which promises that the message is safe. */
  async send(text: string): Promise<void> {
    await this.composer.fill(text);
    await this.composer.press("Enter");
    await expect(this.composer).toHaveValue("");
  }

  message(text: string): Locator {
    return this.log.getByRole("article").filter({ hasText: text });
  }

  /** What of this pattern stands in the log, from top to bottom. Tells losses, doubles and the order at once. */
  async shown(pattern: RegExp): Promise<readonly string[]> {
    const texts = await this.log.getByRole("article").allInnerTexts();
    return texts.flatMap((text) => text.match(pattern)?.[0] ?? []);
  }

  /** The one state of an own message. */
  async stateOf(text: string): Promise<string | undefined> {
    const withState = await this.message(text).innerText();
    const states = withState.replace(text, "").match(STATES) ?? [];
    expect(states, `states of "${text}"`).toHaveLength(1);
    return states[0];
  }

  async expectState(text: string, state: string | RegExp, timeoutMs?: number): Promise<void> {
    await expect(this.message(text)).toContainText(state, timeoutMs === undefined ? {} : { timeout: timeoutMs });
  }

  async chooseAction(text: string, action: "Copy" | "Edit" | "Cancel"): Promise<void> {
    const message = this.message(text);
    await message.hover();
    await message.getByRole("button", { name: "Message actions" }).click();
    await this.page.getByRole("menuitem", { name: action }).click();
  }

  // Below the screen

  async selectedIcePairs(): Promise<readonly IcePair[]> {
    return await selectedIcePairs(this.page);
  }

  async countOfPeerConnections(): Promise<number> {
    return (await rtcCounts(this.page)).connections;
  }

  // The browser

  async reload(): Promise<void> {
    await this.page.reload();
  }

  /** A further tab of the same browser. */
  async openTab(url = this.#appUrl): Promise<Page> {
    const tab = await this.page.context().newPage();
    await tab.goto(url);
    return tab;
  }

  async closeBrowser(): Promise<void> {
    this.#lastUrl = this.page.url();
    await this.#profile?.close();
    this.#page = undefined;
  }

  /** The whole browser stands still, as on a computer that sleeps, until `resumeBrowser`. */
  pauseBrowser(): void {
    this.#profile?.signal("SIGSTOP");
  }

  resumeBrowser(): void {
    this.#profile?.signal("SIGCONT");
  }

  async killBrowser(): Promise<void> {
    this.#lastUrl = this.page.url();
    await this.#profile?.kill();
    this.#page = undefined;
  }

  /** Starts the browser again on the same profile, with the page that was open last. */
  async returnToBrowser(): Promise<void> {
    await this.#openBrowser();
    await this.open(this.#lastUrl);
  }

  async restartBrowser(): Promise<void> {
    await this.closeBrowser();
    await this.returnToBrowser();
  }

  async dispose(): Promise<void> {
    await this.#profile?.dispose();
  }

  async #openBrowser(): Promise<void> {
    const context = await this.#profile?.launch();
    this.#page = context?.pages()[0] ?? (await context?.newPage());
  }

  #watch(context: BrowserContext): void {
    context.on("weberror", (error) =>
      this.problems.push(`${this.name}: ${error.error().stack ?? error.error().message}`),
    );
    context.on("console", (message) => this.console.push(`${message.type()}: ${message.text()}`));
  }
}

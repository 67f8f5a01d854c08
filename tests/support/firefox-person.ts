/** A person with a Firefox, driven through WebDriver BiDi: the same roles and names as everywhere, by another maker's accessibility tree. */
import { launch, type Browser, type Page } from "puppeteer-core";

const WAIT_MS = 20_000;

export class FirefoxPerson {
  readonly name: string;
  readonly page: Page;
  /** What the page threw or logged as an error. */
  readonly problems: string[] = [];
  readonly #browser: Browser;

  private constructor(name: string, browser: Browser, page: Page) {
    this.name = name;
    this.#browser = browser;
    this.page = page;
    page.setDefaultTimeout(WAIT_MS);
    page.on("pageerror", (error) => this.problems.push(String(error)));
  }

  static async create(name: string, executablePath: string): Promise<FirefoxPerson> {
    const browser = await launch({
      browser: "firefox",
      executablePath,
      headless: true,
      // Addresses as they are, the loopback interface too: the machine may have no other.
      extraPrefsFirefox: {
        "media.peerconnection.ice.obfuscate_host_addresses": false,
        "media.peerconnection.ice.loopback": true,
        "intl.accept_languages": "en-US",
      },
    });
    const [page = await browser.newPage()] = await browser.pages();
    return new FirefoxPerson(name, browser, page);
  }

  async open(url: string): Promise<void> {
    await this.page.goto(url);
  }

  async start(): Promise<void> {
    await this.#replaceText("textbox", "Your name", this.name);
    await this.click("button", "Start");
  }

  async expectOnline(): Promise<void> {
    await this.waitFor('[role="status"][aria-label="Network"]', "Online");
  }

  async createInvite(): Promise<string> {
    await this.click("button", "New conversation");
    await this.click("button", "Invite someone");
    const field = await this.#find("textbox", "Invite link");
    const link = await this.page.waitForFunction(
      (element) => (element instanceof HTMLInputElement ? element.value : ""),
      {},
      field,
    );
    await this.page.keyboard.press("Escape");
    await this.page.waitForFunction(() => document.querySelector("dialog[open]") === null);
    return link.jsonValue();
  }

  async expectConversation(other: string): Promise<void> {
    await this.waitFor("h2", other);
  }

  async enterConversation(other: string): Promise<void> {
    await this.waitFor('nav[aria-label="Conversations"] a', other);
    await this.page.evaluate((name) => {
      const links = [...document.querySelectorAll<HTMLElement>('nav[aria-label="Conversations"] a')];
      links.find((link) => link.querySelector("bdi")?.textContent === name)?.click();
    }, other);
    await this.expectConversation(other);
  }

  async leaveConversation(): Promise<void> {
    await this.page.evaluate(() => {
      window.location.hash = "#/";
    });
    await this.page.waitForFunction(() => document.querySelector('[role="log"]') === null);
  }

  /** Resolves when the composer has cleared. */
  async send(text: string): Promise<void> {
    const field = await this.#find("textbox", "Message");
    await field.click();
    await this.page.keyboard.type(text);
    await this.page.keyboard.press("Enter");
    await this.page.waitForFunction((element) => (element as HTMLTextAreaElement).value === "", {}, field);
  }

  /** Of the message with this text: its accessible name and everything it says. */
  async message(text: string, containing = ""): Promise<{ readonly label: string; readonly text: string }> {
    const found = await this.page.waitForFunction(
      (wanted, state) => {
        const articles = [...document.querySelectorAll('[role="log"] article')];
        const article = articles.find(({ textContent }) => textContent.includes(wanted) && textContent.includes(state));
        return article === undefined
          ? undefined
          : { label: article.getAttribute("aria-label") ?? "", text: article.textContent };
      },
      {},
      text,
      containing,
    );
    const value = await found.jsonValue();
    if (value === undefined) throw new Error(`no message "${text}"`);
    return value;
  }

  async expectConnection(words: string): Promise<void> {
    await this.waitFor('[role="status"][aria-label="Connection"]', words);
  }

  async click(role: string, name: string): Promise<void> {
    await (await this.#find(role, name)).click();
  }

  /** Until an element that this selector finds contains these words. */
  async waitFor(selector: string, words: string): Promise<void> {
    await this.page.waitForFunction(
      (css, text) => [...document.querySelectorAll(css)].some((element) => element.textContent.includes(text)),
      {},
      selector,
      words,
    );
  }

  async dispose(): Promise<void> {
    await this.#browser.close();
  }

  async #replaceText(role: string, name: string, text: string): Promise<void> {
    const field = await this.#find(role, name);
    await field.click({ count: 3 });
    await this.page.keyboard.type(text);
  }

  async #find(role: string, name: string) {
    const found = await this.page.waitForSelector(`::-p-aria([name="${name}"][role="${role}"])`);
    if (found === null) throw new Error(`no ${role} "${name}"`);
    return found;
  }
}

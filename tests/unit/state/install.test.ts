import { expect, it } from "vitest";
import { createInstall } from "../../../src/state/install.ts";

function fakeWindow(navigator: object = {}) {
  const stored = new Map<string, string>();
  const localStorage = {
    getItem: (key: string) => stored.get(key) ?? null,
    setItem: (key: string, value: string) => void stored.set(key, value),
  };
  return Object.assign(new EventTarget(), { navigator, localStorage }) as unknown as Window;
}

class PromptEvent extends Event {
  prompts = 0;

  constructor() {
    super("beforeinstallprompt", { cancelable: true });
  }

  async prompt(): Promise<void> {
    this.prompts += 1;
  }
}

it("keeps the browser's offer until it is asked for, and asks once", () => {
  const window = fakeWindow();
  const install = createInstall(window);
  expect(install.offer.value).toBeUndefined();
  const event = new PromptEvent();
  window.dispatchEvent(event);
  expect(event.defaultPrevented).toBe(true);
  expect(event.prompts).toBe(0);
  expect(install.offer.value).toBe("button");
  install.install();
  install.install();
  expect(event.prompts).toBe(1);
  expect(install.offer.value).toBeUndefined();
});

it("says nothing more once it was installed by another way", () => {
  const window = fakeWindow();
  const install = createInstall(window);
  window.dispatchEvent(new PromptEvent());
  window.dispatchEvent(new Event("appinstalled"));
  expect(install.offer.value).toBeUndefined();
});

it("tells the way through the menu where only that exists, and not inside the installed app", () => {
  expect(createInstall(fakeWindow({ standalone: false })).offer.value).toBe("menu");
  expect(createInstall(fakeWindow({ standalone: true })).offer.value).toBeUndefined();
});

it("remembers that it was dismissed", () => {
  const window = fakeWindow();
  createInstall(window).dismiss();
  expect(createInstall(window).isDismissed.value).toBe(true);
});

import { expect, it } from "vitest";
import type { AppUpdates } from "../../../src/state/app-ports.ts";
import { createUpdates } from "../../../src/state/updates.ts";

class FakeUpdates implements AppUpdates {
  ready = (): void => undefined;
  replaced = (): void => undefined;
  applied = 0;

  onReady(listener: () => void): void {
    this.ready = listener;
  }

  onReplaced(listener: () => void): void {
    this.replaced = listener;
  }

  apply(): void {
    this.applied += 1;
  }
}

async function watched(isElsewhere: boolean) {
  const port = new FakeUpdates();
  let reloads = 0;
  const model = createUpdates(async () => port, {
    hasProfile: () => true,
    isElsewhere: () => isElsewhere,
    reload: () => (reloads += 1),
  });
  await model.watch();
  return { port, model, reloads: () => reloads };
}

it("tells of another build and changes to it only when told to", async () => {
  const { port, model, reloads } = await watched(false);
  expect(model.isReady.value).toBe(false);
  port.ready();
  expect(model.isReady.value).toBe(true);
  expect([port.applied, reloads()]).toEqual([0, 0]);
  model.apply();
  expect(port.applied).toBe(1);
  port.replaced();
  expect(reloads()).toBe(1);
});

it("leaves a tab alone that waits for another one, and remembers that its build is gone", async () => {
  const { port, model, reloads } = await watched(true);
  port.replaced();
  expect(reloads()).toBe(0);
  expect(model.isReplaced()).toBe(true);
});

it("goes without where there are no service workers or they are forbidden", async () => {
  const page = { hasProfile: () => true, isElsewhere: () => false, reload: () => undefined };
  const forbidden = async (): Promise<AppUpdates> => Promise.reject(new Error("forbidden"));
  for (const model of [createUpdates(undefined, page), createUpdates(forbidden, page)]) {
    await model.watch();
    model.apply();
    expect(model.isReady.value).toBe(false);
  }
});

it("is not there for who has no profile, and comes once when there is one", async () => {
  let hasProfile = false;
  let loads = 0;
  const load = async (): Promise<AppUpdates> => {
    loads += 1;
    return new FakeUpdates();
  };
  const model = createUpdates(load, { hasProfile: () => hasProfile, isElsewhere: () => true, reload: () => undefined });
  await model.watch();
  expect(loads).toBe(0);
  hasProfile = true;
  await model.watch();
  await model.watch();
  expect(loads).toBe(1);
});

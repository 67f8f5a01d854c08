import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { AppPorts, PageLife } from "../../../src/state/app-ports.ts";
import { createProtecting } from "../../../src/state/protecting.ts";
import { createProtection } from "../../../src/state/protection.ts";
import { createUnlocking } from "../../../src/state/unlocking.ts";
import type { LockedVault, UnlockResult } from "../../../src/core/vault/vault.ts";
import { FakeMessenger } from "../../support/fake-messenger.ts";
import { fakeVault } from "../../support/fake-vault.ts";

const HOUR_MS = 3_600_000;

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

function never(error: unknown): never {
  throw error;
}

function dialog(vault: AppPorts["vault"], does: "protect" | "change" = "protect") {
  const state = { changed: 0 };
  const onChanged = (): void => {
    state.changed += 1;
  };
  return { state, model: createProtecting({ vault, does, onChanged, onFailure: never }) };
}

test("a passphrase is asked for twice and must not be short, and what was typed is forgotten with the code on the screen", async () => {
  const vault = fakeVault(false);
  const { model } = dialog(vault);
  model.typePassphrase("seven c");
  model.typeRepeated("seven c");
  model.submit();
  expect(model.trouble.value).toBe("too-short");
  model.typePassphrase("long enough");
  expect(model.trouble.value).toBeUndefined();
  model.typeRepeated("long enouhg");
  model.submit();
  expect(model.trouble.value).toBe("different");
  expect(vault.view()?.isProtected).toBe(false);
  model.typeRepeated("long enough");
  model.submit();
  await vi.advanceTimersByTimeAsync(0);
  expect(vault.view()?.isProtected).toBe(true);
  expect(model.code.value).toContain("-");
  expect([model.passphrase.value, model.repeated.value]).toEqual(["", ""]);
});

test("a passkey that was made goes along, one that was not is no hindrance", async () => {
  const passkey = { credential: new Uint8Array(1), salt: new Uint8Array(2), secret: new Uint8Array(3) };
  const protect = vi.fn<AppPorts["vault"]["protect"]>(() => Promise.resolve("CODE"));
  const made = { ...fakeVault(false), protect, makePasskey: () => Promise.resolve({ kind: "made", passkey } as const) };
  for (const [vault, state, sent] of [
    [made, "made", { passphrase: "long enough", passkey }],
    [{ ...made, makePasskey: fakeVault(false).makePasskey }, "unsupported", { passphrase: "long enough" }],
  ] as const) {
    const { model } = dialog(vault);
    await vi.advanceTimersByTimeAsync(0);
    expect(model.passkey.value).toBe("offered");
    model.makePasskey();
    await vi.advanceTimersByTimeAsync(0);
    expect(model.passkey.value).toBe(state);
    model.typePassphrase("long enough");
    model.typeRepeated("long enough");
    model.submit();
    await vi.advanceTimersByTimeAsync(0);
    expect(protect).toHaveBeenLastCalledWith(sent);
  }
});

test("a changed passphrase shows no code and tells that it is done", async () => {
  const { model, state } = dialog(fakeVault(true), "change");
  model.typePassphrase("another one");
  model.typeRepeated("another one");
  model.submit();
  await vi.advanceTimersByTimeAsync(0);
  expect(state.changed).toBe(1);
  expect(model.code.value).toBeUndefined();
});

test("protection is offered until it is there or put off, and again after a day", async () => {
  const vault = fakeVault(false);
  const messenger = new FakeMessenger();
  let onVisible = (): void => undefined;
  const page = {
    onVisible(listener: () => void) {
      onVisible = listener;
      return () => undefined;
    },
  } as unknown as PageLife;
  const model = createProtection({ vault, messenger, page }, never);
  expect(model.isOffered.value).toBe(false);
  await vi.advanceTimersByTimeAsync(0);
  expect(model.isOffered.value).toBe(true);
  model.putOff();
  await vi.advanceTimersByTimeAsync(23 * HOUR_MS);
  onVisible();
  expect(model.isOffered.value).toBe(false);
  await vi.advanceTimersByTimeAsync(HOUR_MS);
  onVisible();
  expect(model.isOffered.value).toBe(true);
  await vault.protect({ passphrase: "long enough" });
  expect(model.isOffered.value).toBe(false);
  expect(model.vault.value?.isProtected).toBe(true);
  model.dispose();
});

test("unlocking tells what is wrong in its kind, once at a time, and forgets what was typed when it is open", async () => {
  const answers: UnlockResult[] = ["wrong", "malformed", "cancelled", "unlocked"];
  const asked: unknown[] = [];
  const locked: LockedVault = {
    hasPasskey: true,
    unlock(secret) {
      asked.push(secret);
      return Promise.resolve(answers[asked.length - 1] ?? "unlocked");
    },
  };
  const model = createUnlocking(locked, never);
  model.submit();
  expect(model.trouble.value).toEqual({ by: "passphrase", kind: "empty" });
  model.type("guess");
  model.submit();
  model.submit();
  await vi.advanceTimersByTimeAsync(0);
  expect(model.trouble.value).toEqual({ by: "passphrase", kind: "wrong" });
  model.offer("recovery");
  model.type("ABC");
  model.submit();
  await vi.advanceTimersByTimeAsync(0);
  expect(model.trouble.value).toEqual({ by: "recovery", kind: "malformed" });
  model.usePasskey();
  await vi.advanceTimersByTimeAsync(0);
  expect(model.trouble.value).toEqual({ by: "passkey", kind: "cancelled" });
  model.usePasskey();
  await model.unlocked;
  expect(model.text.value).toBe("");
  expect(asked).toEqual([
    { kind: "passphrase", text: "guess" },
    { kind: "recovery", text: "ABC" },
    { kind: "passkey" },
    { kind: "passkey" },
  ]);
});

test("a passphrase that could not be tried is not called wrong", async () => {
  const failures: unknown[] = [];
  const locked: LockedVault = { hasPasskey: false, unlock: () => Promise.reject(new Error("no memory")) };
  const model = createUnlocking(locked, (error) => failures.push(error));
  model.type("right");
  model.submit();
  await vi.advanceTimersByTimeAsync(0);
  expect(model.trouble.value?.kind).toBe("failed");
  expect(failures).toHaveLength(1);
});

import { beforeEach, describe, expect, it } from "vitest";
import { createRawMemoryStore, type MemoryStore } from "../../../../src/adapters/memory/memory-store.ts";
import type { RawTables } from "../../../../src/core/store/raw-tables.ts";
import { StoreFailedError, StoreFullError } from "../../../../src/core/store/store.ts";
import { TABLE_NAMES } from "../../../../src/core/store/tables.ts";
import type { Vault } from "../../../../src/core/vault/vault.ts";
import { keys, put, rows, type AnyStore } from "../../../contract/any-rows.ts";
import { ManualClock } from "../../../support/manual-clock.ts";
import { FakePasskeys, openDevice, PASSPHRASE, testVault, unlockWith } from "../../../support/vault-device.ts";

const MESSAGES = 120;
/** The same number of rows in each of two tables: several steps of re-encryption in each. */
const TEXTS = Array.from({ length: MESSAGES }, (_, number) => `message ${number}`);

let raw: MemoryStore<RawTables>;
let clock: ManualClock;
let passkeys: FakePasskeys;

beforeEach(() => {
  raw = createRawMemoryStore();
  clock = new ManualClock();
  passkeys = new FakePasskeys();
});

function vaultNow(): Vault {
  return testVault({ clock, passkeys });
}

async function fill(store: AnyStore): Promise<void> {
  for (const table of ["outbox", "timeline"] as const) {
    const part = (number: number) => (table === "outbox" ? number : number.toString(16).padStart(60, "0"));
    await put(
      store,
      table,
      TEXTS.map((text, number) => [["thread", part(number)], { text }] as const),
    );
  }
}

async function textsOf(store: AnyStore): Promise<readonly (readonly string[])[]> {
  return Promise.all(
    (["outbox", "timeline"] as const).map(async (table) =>
      (await rows(store, table, { prefix: ["thread"] })).map(({ value }) => String(Object(value).text)),
    ),
  );
}

async function generations(): Promise<ReadonlySet<unknown>> {
  const found = new Set<unknown>();
  for (const table of TABLE_NAMES) {
    if (table === "fence") continue;
    for (const { key } of await raw.read([table], (tx) => tx.range(table, {}))) found.add(key[0]);
  }
  return found;
}

const rowNow = () => raw.read(["vault"], (tx) => tx.get("vault", ["vault"]));

describe("a vault", () => {
  it("keeps its rows over a restart without asking for anything while unprotected", async () => {
    await fill(await openDevice(vaultNow(), raw));
    const again = vaultNow();
    expect(await textsOf(await openDevice(again, raw))).toEqual([TEXTS, TEXTS]);
    expect(again.view()).toEqual({ isProtected: false, hasPasskey: false, isMoving: false });
  });

  it("protects: seals everything anew, and the key that lay in clear is gone at once", async () => {
    const vault = vaultNow();
    const store = await openDevice(vault, raw);
    await fill(store);
    const clearKey = (await rowNow())?.key;
    if (clearKey?.kind !== "clear") throw new Error("not clear");
    await vault.protect({ passphrase: PASSPHRASE });
    const protectedRow = await rowNow();
    expect(protectedRow?.key.kind).toBe("locked");
    expect(containsBytes(protectedRow, clearKey.bytes)).toBe(false);
    // While rows of both keys lie there.
    expect(await textsOf(store)).toEqual([TEXTS, TEXTS]);
    await clock.until(() => vault.view()?.isMoving === false);
    expect(await generations()).toEqual(new Set([2]));
    expect(await rowNow()).not.toHaveProperty("previous");
    expect(await textsOf(store)).toEqual([TEXTS, TEXTS]);
  });

  it("opens a protected device with the passphrase, however the keyboard composes it", async () => {
    const vault = vaultNow();
    await fill(await openDevice(vault, raw));
    await vault.protect({ passphrase: "pass\u00e9 compos\u00e9" });
    await clock.until(() => vault.view()?.isMoving === false);
    const store = await openDevice(
      vaultNow(),
      raw,
      unlockWith({ kind: "passphrase", text: "passe\u0301 compose\u0301" }),
    );
    expect(await textsOf(store)).toEqual([TEXTS, TEXTS]);
  });

  it("answers a wrong passphrase and a wrong code with no, and changes nothing", async () => {
    const vault = vaultNow();
    await fill(await openDevice(vault, raw));
    const code = await vault.protect({ passphrase: PASSPHRASE });
    await clock.until(() => vault.view()?.isMoving === false);
    const before = raw.snapshot();
    const other = vaultNow();
    const answers: string[] = [];
    const store = await openDevice(other, raw, async (locked) => {
      answers.push(await locked.unlock({ kind: "passphrase", text: `${PASSPHRASE}.` }));
      answers.push(await locked.unlock({ kind: "passphrase", text: "" }));
      answers.push(await locked.unlock({ kind: "recovery", text: "1234" }));
      answers.push(
        await locked.unlock({ kind: "recovery", text: `${code.slice(0, -1)}${code.endsWith("0") ? "1" : "0"}` }),
      );
      answers.push(await locked.unlock({ kind: "passkey" }));
      expect(raw.snapshot()).toEqual(before);
      answers.push(await locked.unlock({ kind: "recovery", text: code.toLowerCase().replaceAll("-", " ") }));
    });
    expect(answers).toEqual(["wrong", "wrong", "malformed", "malformed", "wrong", "unlocked"]);
    expect(await textsOf(store)).toEqual([TEXTS, TEXTS]);
  });

  it("does not open when nobody unlocked it", async () => {
    const vault = vaultNow();
    await openDevice(vault, raw);
    await vault.protect({ passphrase: PASSPHRASE });
    await expect(openDevice(vaultNow(), raw, async () => undefined)).rejects.toBeInstanceOf(StoreFailedError);
  });

  it("opens with a passkey as well, which is never the only way", async () => {
    const vault = vaultNow();
    await fill(await openDevice(vault, raw));
    const made = await vault.makePasskey();
    if (made.kind !== "made") throw new Error(made.kind);
    await vault.protect({ passphrase: PASSPHRASE, passkey: made.passkey });
    expect(vault.view()?.hasPasskey).toBe(true);
    await clock.until(() => vault.view()?.isMoving === false);
    for (const secret of [{ kind: "passkey" }, { kind: "passphrase", text: PASSPHRASE }] as const) {
      expect(await textsOf(await openDevice(vaultNow(), raw, unlockWith(secret)))).toEqual([TEXTS, TEXTS]);
    }
    passkeys.isCancelled = true;
    const answers: string[] = [];
    await openDevice(vaultNow(), raw, async (locked) => {
      answers.push(await locked.unlock({ kind: "passkey" }));
      answers.push(await locked.unlock({ kind: "passphrase", text: PASSPHRASE }));
    });
    expect(answers).toEqual(["cancelled", "unlocked"]);
  });

  it("changes the passphrase: the old one opens nothing, the recovery code still does", async () => {
    const vault = vaultNow();
    await fill(await openDevice(vault, raw));
    const code = await vault.protect({ passphrase: PASSPHRASE });
    await clock.until(() => vault.view()?.isMoving === false);
    await vault.changePassphrase("another passphrase");
    const answers: string[] = [];
    await openDevice(vaultNow(), raw, async (locked) => {
      answers.push(await locked.unlock({ kind: "passphrase", text: PASSPHRASE }));
      answers.push(await locked.unlock({ kind: "recovery", text: code }));
      answers.push(await locked.unlock({ kind: "passphrase", text: "another passphrase" }));
    });
    expect(answers).toEqual(["wrong", "unlocked", "unlocked"]);
  });

  it("removes the protection: a new key in clear, and no lock opens anything any more", async () => {
    const vault = vaultNow();
    const store = await openDevice(vault, raw);
    await fill(store);
    await vault.protect({ passphrase: PASSPHRASE });
    const removing = vault.removeProtection();
    await clock.until(() => vault.view()?.isProtected === false);
    await removing;
    await clock.until(() => vault.view()?.isMoving === false);
    expect(await generations()).toEqual(new Set([3]));
    expect((await rowNow())?.key.kind).toBe("clear");
    expect(await textsOf(await openDevice(vaultNow(), raw))).toEqual([TEXTS, TEXTS]);
  });

  it("does not change a key that another tab changed, and reads on", async () => {
    const [one, two] = [vaultNow(), vaultNow()];
    const store = await openDevice(one, raw);
    await fill(store);
    await openDevice(two, raw);
    await two.protect({ passphrase: PASSPHRASE });
    await expect(one.protect({ passphrase: "too late" })).rejects.toThrow("Another tab");
    await clock.until(() => two.view()?.isMoving === false);
    const opened = await openDevice(vaultNow(), raw, unlockWith({ kind: "passphrase", text: PASSPHRASE }));
    expect(await textsOf(opened)).toEqual([TEXTS, TEXTS]);
  });

  it("keeps the old key when the change does not fit on the disk", async () => {
    const vault = vaultNow();
    const store = await openDevice(vault, raw);
    await fill(store);
    raw.failNextCommit(new StoreFullError("full"));
    await expect(vault.protect({ passphrase: PASSPHRASE })).rejects.toBeInstanceOf(StoreFullError);
    expect(vault.view()?.isProtected).toBe(false);
    expect(await textsOf(store)).toEqual([TEXTS, TEXTS]);
    expect(await textsOf(await openDevice(vaultNow(), raw))).toEqual([TEXTS, TEXTS]);
  });
});

describe("sealing everything anew", () => {
  /** How many commits a whole protection takes. */
  async function commitsOfProtection(): Promise<number> {
    const counted = createRawMemoryStore();
    const vault = vaultNow();
    await fill(await openDevice(vault, counted));
    let commits = 0;
    const { write } = counted;
    counted.write = async (tables, durability, work) => {
      commits += 1;
      return write.call(counted, tables, durability, work) as never;
    };
    await vault.protect({ passphrase: PASSPHRASE });
    await clock.until(() => vault.view()?.isMoving === false);
    return commits;
  }

  it("goes on after a kill at every commit, and neither loses nor doubles a row", async () => {
    const commits = await commitsOfProtection();
    expect(commits).toBeGreaterThan(6);
    for (let survived = 0; survived < commits; survived += 1) {
      raw = createRawMemoryStore();
      const killed = vaultNow();
      await fill(await openDevice(killed, raw));
      stopAfter(raw, survived);
      const protecting = killed.protect({ passphrase: PASSPHRASE }).catch(() => undefined);
      await clock.advance(1_000);
      await protecting;
      const left = createRawMemoryStore({ snapshot: raw.snapshot() });
      raw = left;
      const next = vaultNow();
      const store = await openDevice(next, left, unlockWith({ kind: "passphrase", text: PASSPHRASE }));
      expect(next.view()?.isProtected, `after ${survived} commits`).toBe(survived > 0);
      expect(await textsOf(store), `after ${survived} commits`).toEqual([TEXTS, TEXTS]);
      await clock.until(() => next.view()?.isMoving === false);
      expect(await textsOf(store), `moved, after ${survived} commits`).toEqual([TEXTS, TEXTS]);
      expect(await generations()).toEqual(new Set([survived > 0 ? 2 : 1]));
    }
  });

  it("goes on after a power cut that takes what was not flushed", async () => {
    const vault = vaultNow();
    await fill(await openDevice(vault, raw));
    await vault.protect({ passphrase: PASSPHRASE });
    await clock.advance(2);
    const left = createRawMemoryStore({ snapshot: raw.crashSnapshot() });
    raw = left;
    const next = vaultNow();
    const store = await openDevice(next, left, unlockWith({ kind: "passphrase", text: PASSPHRASE }));
    await clock.until(() => next.view()?.isMoving === false);
    expect(await textsOf(store)).toEqual([TEXTS, TEXTS]);
    expect(await generations()).toEqual(new Set([2]));
  });

  it("tries again when a commit fails, and writes meanwhile stay", async () => {
    const vault = vaultNow();
    const store = await openDevice(vault, raw);
    await fill(store);
    await vault.protect({ passphrase: PASSPHRASE });
    raw.failNextCommit(new StoreFullError("full"));
    await clock.advance(1);
    await put(store, "outbox", [[["thread", MESSAGES], { text: "written meanwhile" }]]);
    await store.write(["outbox"], "strict", async (tx) => tx.delete("outbox", ["thread", 0]));
    await clock.until(() => vault.view()?.isMoving === false);
    expect((await textsOf(store))[0]).toEqual([...TEXTS.slice(1), "written meanwhile"]);
    expect(await keys(store, "timeline", { prefix: ["thread"] })).toHaveLength(MESSAGES);
  });
});

/** As a kill does it: everything after so many commits never reaches the store. */
function stopAfter(store: MemoryStore<RawTables>, commits: number): void {
  let left = commits;
  const { write } = store;
  store.write = async (tables, durability, work) => {
    if (left === 0) return await new Promise<never>((_resolve, reject) => reject(new StoreFailedError("killed")));
    left -= 1;
    return write.call(store, tables, durability, work) as never;
  };
}

function containsBytes(value: unknown, wanted: Uint8Array): boolean {
  if (value instanceof Uint8Array) return Buffer.from(value).includes(Buffer.from(wanted));
  if (typeof value !== "object" || value === null) return false;
  return Object.values(value).some((inner) => containsBytes(inner, wanted));
}

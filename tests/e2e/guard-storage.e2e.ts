/** The storage at its worst: full, of another version, cleared by the browser, erased. */
import type { CDPSession, Page } from "@playwright/test";
import type { Person } from "../support/person.ts";
import { expect, test } from "../support/world.ts";

const DATABASE = "kith";

/** Room for this much, known from the first: the browser looks at a changed quota only now and then. */
const QUOTA_BYTES = 30_000_000;
/** Leaves less than the 10 MB below which Kith warns, and more than enough for a message. */
const LARGE_PART_BYTES = 23_000_000;
const FILLER = "filler";
const MOST_WRITES = 1_000;

interface SmallDisk {
  /** By so many bytes. */
  take(bytes: number): Promise<void>;
  /** Until not even the smallest write fits. */
  fill(): Promise<void>;
  empty(): Promise<void>;
}

/** Must come before Kith was opened there. */
async function smallDisk(person: Person, url: string): Promise<SmallDisk> {
  await person.open(new URL("network.json", url).href);
  const devtools: CDPSession = await person.page.context().newCDPSession(person.page);
  const { origin } = new URL(url);
  const limit = async (quotaSize?: number): Promise<void> => {
    await devtools.send("Storage.overrideQuotaForOrigin", { origin, ...(quotaSize !== undefined && { quotaSize }) });
  };
  await limit(QUOTA_BYTES);
  /** Writes as many of each of these sizes as there are told, or fit. */
  const write = async (sizes: readonly (readonly [bytes: number, most: number])[]): Promise<void> => {
    await person.page.evaluate(
      async ([name, wanted]) => {
        const database = await new Promise<IDBDatabase>((resolve, reject) => {
          const request = indexedDB.open(name, 1);
          request.onupgradeneeded = () => request.result.createObjectStore("bytes", { autoIncrement: true });
          request.onsuccess = () => resolve(request.result);
          request.onerror = () => reject(new Error("could not open"));
        });
        const fits = async (size: number): Promise<boolean> =>
          await new Promise((resolve) => {
            const bytes = new Uint8Array(size);
            for (let at = 0; at < size; at += 65_536) crypto.getRandomValues(bytes.subarray(at, at + 65_536));
            const transaction = database.transaction("bytes", "readwrite");
            transaction.objectStore("bytes").add(bytes);
            transaction.oncomplete = () => resolve(true);
            transaction.onabort = () => resolve(false);
          });
        for (const [size, most] of wanted) {
          let written = 0;
          while (written < most && (await fits(size))) written += 1;
        }
        database.close();
      },
      [FILLER, sizes] as const,
    );
  };
  return {
    take: (bytes) => write([[1_000_000, bytes / 1_000_000]]),
    fill: () => write([1_000_000, 100_000, 10_000, 1_000, 100, 10, 1].map((size) => [size, MOST_WRITES] as const)),
    async empty() {
      await limit();
      await person.page.evaluate(
        async (name) =>
          await new Promise<void>((resolve, reject) => {
            const request = indexedDB.deleteDatabase(name);
            request.onsuccess = () => resolve();
            request.onerror = () => reject(new Error("could not delete"));
          }),
        FILLER,
      );
    },
  };
}

/** How many rows each table has. */
async function rowCounts(page: Page): Promise<Readonly<Record<string, number>>> {
  return await page.evaluate(async (name) => {
    const database = await new Promise<IDBDatabase>((resolve, reject) => {
      const request = indexedDB.open(name);
      request.onsuccess = () => resolve(request.result);
      request.onerror = () => reject(new Error("could not open"));
    });
    const tables = [...database.objectStoreNames];
    const transaction = database.transaction(tables);
    const counts = await Promise.all(
      tables.map(
        (table) =>
          new Promise<[string, number]>((resolve) => {
            const request = transaction.objectStore(table).count();
            request.onsuccess = () => resolve([table, request.result]);
          }),
      ),
    );
    database.close();
    return Object.fromEntries(counts);
  }, DATABASE);
}

/** What of Kith is left in this browser. */
async function leftOvers(page: Page): Promise<unknown> {
  return await page.evaluate(async () => ({
    databases: (await indexedDB.databases()).map(({ name }) => name),
    caches: await caches.keys(),
    local: Object.keys(localStorage),
    session: Object.keys(sessionStorage),
    workers: (await navigator.serviceWorker.getRegistrations()).length,
  }));
}

const NOTHING = { databases: [], caches: [], local: [], session: [], workers: 0 };

test("a full disk keeps the text, says so, acknowledges nothing, and what it held up goes when there is room", async ({
  world,
}) => {
  const [alice, bob] = [await world.person("Alice"), await world.person("Bob")];
  const [ofAlice, ofBob] = [await smallDisk(alice, world.app.url), await smallDisk(bob, world.app.url)];
  await alice.openAndStart();
  await bob.startByInvite(await alice.createInvite(), alice);
  await alice.enterConversation(bob);
  await alice.send("before");
  await alice.expectState("before", "Read");

  await test.step("in mid-send", async () => {
    const before = await rowCounts(alice.page);
    await ofAlice.fill();
    await alice.composer.fill("does not fit");
    await alice.composer.press("Enter");
    await expect(alice.alert.filter({ hasText: "Your text is still here" })).toBeVisible();
    await expect(alice.composer).toHaveValue("does not fit");
    await expect(alice.message("does not fit")).toHaveCount(0);
    expect(await rowCounts(alice.page)).toEqual(before);
    await ofAlice.empty();
    await alice.composer.press("Enter");
    await expect(alice.composer).toHaveValue("");
    await alice.expectState("does not fit", "Read");
    await expect(alice.alert).toHaveCount(0);
    expect(await bob.shown(/before|does not fit/)).toEqual(["before", "does not fit"]);
  });

  await test.step("in mid-sync", async () => {
    const texts = ["one", "two", "three"];
    await ofBob.fill();
    for (const text of texts) await alice.send(text);
    await expect(bob.alert.filter({ hasText: "This device is full" })).toBeVisible();
    expect(await bob.shown(/one|two|three/)).toEqual([]);
    for (const text of texts) expect(await alice.stateOf(text)).toBe("Waiting for Bob");
    await ofBob.empty();
    for (const text of texts) await alice.expectState(text, /Delivered|Read/, 40_000);
    expect(await bob.shown(/one|two|three/)).toEqual(texts);
    await expect(bob.alert).toHaveCount(0);
  });
});

test("low space is told beforehand, and a disk that is full at the start shows the history and stores again when there is room", async ({
  world,
}) => {
  const [alice, bob] = [await world.person("Alice"), await world.person("Bob")];
  const disk = await smallDisk(alice, world.app.url);
  await alice.openAndStart();
  await bob.startByInvite(await alice.createInvite(), alice);
  await alice.enterConversation(bob);
  await alice.send("before");
  await alice.expectState("before", "Read");
  await expect(alice.alert).toHaveCount(0);

  await disk.take(LARGE_PART_BYTES);
  await alice.reload();
  await expect(alice.alert).toContainText("This device is nearly full");
  await alice.send("still stored");
  await alice.expectState("still stored", "Read");

  await disk.fill();
  await alice.reload();
  await expect(alice.alert.filter({ hasText: "This device is full" })).toBeVisible();
  await expect(alice.message("before")).toBeVisible();
  await expect(alice.network).toContainText("Online");
  await alice.composer.fill("does not fit");
  await alice.composer.press("Enter");
  await expect(alice.alert.filter({ hasText: "Your text is still here" })).toBeVisible();
  await expect(alice.composer).toHaveValue("does not fit");

  await disk.empty();
  await alice.composer.press("Enter");
  await alice.expectState("does not fit", "Read", 40_000);
  await expect(alice.alert).toHaveCount(0);
  expect(await bob.shown(/before|still stored|does not fit/)).toEqual(["before", "still stored", "does not fit"]);
});

test("data of a newer Kith, and a tab that keeps an older one open, are told in clear words", async ({ world }) => {
  const alice = await world.person("Alice");
  await alice.openAndStart();
  const other = await alice.page.context().newPage();
  await other.goto(new URL("network.json", world.app.url).href);
  const openDatabase = async (version: number): Promise<number> =>
    await other.evaluate(
      async ([name, wanted]) =>
        await new Promise<number>((resolve, reject) => {
          const request = indexedDB.open(name, wanted);
          request.onsuccess = () => resolve(request.result.version);
          request.onerror = () => reject(new Error("could not open"));
        }),
      [DATABASE, version] as const,
    );
  await openDatabase(99);
  await expect(alice.page.getByRole("heading", { name: "Kith was updated" })).toBeVisible();
  await alice.reload();
  await expect(alice.page.getByRole("heading", { name: "This page is older than its data" })).toBeVisible();
  await expect(alice.alert).toContainText("Everything is safe; reload");
  await other.close();

  const bob = await world.person("Bob");
  const stubborn = await bob.page.context().newPage();
  await stubborn.goto(new URL("network.json", world.app.url).href);
  await stubborn.evaluate(
    async (name) =>
      await new Promise<void>((resolve, reject) => {
        const request = indexedDB.open(name, 1);
        request.onsuccess = () => resolve();
        request.onerror = () => reject(new Error("could not open"));
      }),
    DATABASE,
  );
  await bob.open();
  await expect(bob.page.getByRole("heading", { name: "Another tab holds an older Kith open" })).toBeVisible();
  await expect(bob.alert).toContainText("Close all other tabs of Kith, then reload");
});

test("what the browser cleared is told at the next start, and a first visit is told nothing", async ({ world }) => {
  const alice = await world.person("Alice");
  await alice.open();
  await expect(alice.page.getByRole("button", { name: "Start" })).toBeVisible();
  expect(await leftOvers(alice.page)).toEqual(NOTHING);
  await expect(alice.alert).toHaveCount(0);
  await alice.start();
  await expect(alice.network).toContainText("Online");

  const bare = new URL("network.json", world.app.url).href;
  await alice.open(bare);
  await alice.page.evaluate(
    async (name) =>
      await new Promise<void>((resolve, reject) => {
        const request = indexedDB.deleteDatabase(name);
        request.onsuccess = () => resolve();
        request.onerror = () => reject(new Error("could not delete"));
      }),
    DATABASE,
  );
  await alice.open();
  await expect(alice.alert).toContainText("This browser cleared Kith’s data");
  await alice.start();
  await expect(alice.network).toContainText("Online");
  await alice.reload();
  await expect(alice.network).toContainText("Online");
});

test("deleting a conversation takes it off this device only, and erasing leaves nothing behind, in any tab", async ({
  world,
}) => {
  const [alice, bob] = await world.pair();
  await alice.send("to be forgotten");
  await alice.expectState("to be forgotten", "Read");

  await test.step("Delete conversation", async () => {
    await alice.page.getByRole("button", { name: "Details" }).click();
    await alice.page.getByRole("button", { name: "Delete conversation" }).click();
    await expect(alice.alert).toContainText("Bob keeps their copy");
    await alice.page.getByRole("button", { name: "Delete", exact: true }).click();
    await expect(alice.conversationLink(bob)).toHaveCount(0);
    await expect(alice.page.getByRole("dialog")).toHaveCount(0);
    const counts = await rowCounts(alice.page);
    for (const table of ["contacts", "conversations", "threads", "timeline", "entries", "logs", "clocks", "outbox"]) {
      expect(counts[table], table).toBe(0);
    }
    await expect(bob.message("to be forgotten")).toBeVisible();
  });

  await test.step("Erase this device", async () => {
    const second = await alice.openTab();
    await second.getByRole("button", { name: "Use here" }).click();
    await expect(alice.page.getByText("Kith is open in another tab")).toBeVisible();
    await second.evaluate(async () => {
      localStorage.setItem("left", "over");
      await (await caches.open("left")).put("/over", new Response("over"));
    });
    await second.getByRole("button", { name: "Settings" }).click();
    await second.getByRole("button", { name: "Erase this device" }).click();
    await expect(second.getByRole("alert")).toContainText("There is no other copy");
    await second.getByRole("button", { name: "Erase everything" }).click();
    await expect(async () => {
      const starts = await Promise.all(
        [second, alice.page].map((tab) => tab.getByRole("button", { name: "Start" }).count()),
      );
      expect(starts.filter((count) => count === 1)).toHaveLength(1);
    }).toPass();
    for (const tab of [second, alice.page]) {
      await expect(tab.getByRole("navigation", { name: "Conversations" })).toHaveCount(0);
      await expect(tab.getByRole("alert")).toHaveCount(0);
    }
    expect(await leftOvers(second)).toEqual(NOTHING);
    const waiting = (await second.getByRole("button", { name: "Start" }).count()) === 1 ? alice.page : second;
    await waiting.getByRole("button", { name: "Use here" }).click();
    await expect(waiting.getByRole("button", { name: "Start" })).toBeVisible();
    for (const tab of [second, alice.page]) expect(await leftOvers(tab)).toEqual(NOTHING);
  });
});

/** What the browser holds of the installed app. */
import { expect, type Page } from "@playwright/test";

/** Resolves when the worker is in charge of the page: from then on Kith starts without its host. */
export async function workerReady(page: Page): Promise<void> {
  await expect.poll(() => page.evaluate(() => navigator.serviceWorker.controller?.state)).toBe("activated");
}

/** Every cache of the origin, with the paths it holds. */
export async function cachedPaths(page: Page): Promise<Readonly<Record<string, readonly string[]>>> {
  return page.evaluate(async () => {
    const paths: Record<string, string[]> = {};
    for (const name of await caches.keys()) {
      const requests = await (await caches.open(name)).keys();
      paths[name] = requests.map((request) => new URL(request.url).pathname);
    }
    return paths;
  });
}

/** Where the page and its scripts came from, each place once: "cache" where the browser looked them up without the worker. */
export async function sourcesOfPage(page: Page): Promise<readonly (string | undefined)[]> {
  return page.evaluate(() => {
    const loads = [...performance.getEntriesByType("navigation"), ...performance.getEntriesByType("resource")];
    const routed = loads.filter(({ name, entryType }) => entryType === "navigation" || name.endsWith(".js"));
    // Static routing for service workers; newer than the types.
    return [
      ...new Set(routed.map((load) => (load as { readonly workerFinalSourceType?: string }).workerFinalSourceType)),
    ];
  });
}

/** Asks the host for another build, and tells what came of its worker: "installed" if it waits now, "redundant" if it was refused. */
export async function lookForUpdate(page: Page): Promise<string> {
  return page.evaluate(async () => {
    const registration = await navigator.serviceWorker.ready;
    const outcome = new Promise<string>((resolve) => {
      registration.addEventListener(
        "updatefound",
        () => {
          const worker = registration.installing;
          worker?.addEventListener("statechange", () => resolve(worker.state), { once: true });
        },
        { once: true },
      );
    });
    await registration.update();
    return outcome;
  });
}

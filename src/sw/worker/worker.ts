/**
 * The service worker: Kith starts without any network, and changes to another build only when asked to. It reads no message: it knows
 * files, and which conversation a notification belongs to.
 */
import { networkFirst } from "./network-copy.ts";
import { answerClick } from "./notification-click.ts";
import { createPrecache, type RouterRule } from "./precache.ts";

declare const self: ServiceWorkerGlobalScope;

const { scope } = self.registration;
const networkJson = new URL("network.json", scope).href;
const precache = createPrecache(scope);

/** As in Chromium since 123. */
interface RoutedInstall {
  addRoutes?(rules: readonly RouterRule[]): Promise<void>;
}

self.addEventListener("install", (event) => {
  // The first copy comes early, since the page asked for its own before there was a worker.
  const firstCopy = networkFirst(networkJson).catch(() => undefined);
  event.waitUntil(Promise.all([precache.fill(), firstCopy]));
  // An answer of the browser itself comes without waiting for this worker to start. Where it will not, all goes on through "fetch".
  const routed = (event as RoutedInstall).addRoutes?.(precache.routes());
  routed?.catch(() => undefined);
});

self.addEventListener("activate", (event) => {
  event.waitUntil(Promise.all([precache.removeOthers(), self.clients.claim()]));
});

// The page's yes to an update. Without it the running build stays until its last tab is closed.
self.addEventListener("message", (event) => {
  const data: unknown = event.data;
  if (typeof data !== "object" || data === null || !("type" in data) || data.type !== "SKIP_WAITING") return;
  event.waitUntil(self.skipWaiting());
});

self.addEventListener("notificationclick", (event) => {
  event.notification.close();
  event.waitUntil(answerClick(scope, event.notification.tag));
});

self.addEventListener("fetch", (event) => {
  if (event.request.method !== "GET") return;
  const url = new URL(event.request.url);
  if (url.origin + url.pathname === networkJson) return event.respondWith(networkFirst(networkJson));
  const key = precache.keyOf(url);
  if (key !== undefined) event.respondWith(precache.answer(key));
});

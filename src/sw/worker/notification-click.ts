/** Where notifications are the worker's (Android), their clicks come here: Kith comes to the front and opens the conversation. */

declare const self: ServiceWorkerGlobalScope;

/** The tag of a notification is the conversation's id, which is hex. */
const CONVERSATION = /^[0-9a-f]{64}$/;

export async function answerClick(scope: string, tag: string): Promise<void> {
  const [page] = await self.clients.matchAll({ type: "window" });
  if (page !== undefined) {
    // The message first: focusing may be refused, and the page can still open what was asked for.
    page.postMessage({ type: "notification-click", tag }, []);
    await page.focus();
  } else await self.clients.openWindow(CONVERSATION.test(tag) ? `${scope}#/c/${tag}` : scope);
}

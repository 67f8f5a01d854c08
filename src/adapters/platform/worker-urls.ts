/**
 * The one policy for addresses of workers. With Trusted Types a script that got into the page could not start a worker of its own: the
 * policy's name can be taken once, and it lets nothing pass but the app's own workers.
 */
// Vite gives the built worker's address.
// oxlint-disable-next-line import/default
import stretchUrl from "./stretch-worker.ts?worker&url";

/** Trusted Types as far as they are used; the types of the DOM do not know them yet. */
interface TrustedTypesScope {
  readonly trustedTypes?: {
    createPolicy(
      name: string,
      rules: { readonly createScriptURL: (url: string) => string },
    ): { createScriptURL(url: string): unknown };
  };
}

const POLICY = "kith-worker-url";

const serviceUrl = new URL("sw.js", document.baseURI).href;
const OWN_URLS: ReadonlySet<string> = new Set([serviceUrl, stretchUrl]);

const policy = (globalThis as TrustedTypesScope).trustedTypes?.createPolicy(POLICY, {
  createScriptURL(asked) {
    if (!OWN_URLS.has(asked)) throw new TypeError("Not a worker of Kith");
    return asked;
  },
});

export function serviceWorkerUrl(): string {
  return trusted(serviceUrl);
}

export function stretchWorkerUrl(): string {
  return trusted(stretchUrl);
}

/** The address itself where the browser has no Trusted Types. Declared as text everywhere; a trusted address is an object that prints as it. */
function trusted(url: string): string {
  return policy === undefined ? url : (policy.createScriptURL(url) as string);
}

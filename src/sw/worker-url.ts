/**
 * The one policy for addresses of workers. With Trusted Types a script that got into the page could not start a worker of its own: the
 * policy's name can be taken once, and it lets nothing pass but the app's own worker.
 */

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

/** What `register` takes: the address itself where the browser has no Trusted Types. */
export function workerUrl(base: string): string {
  const url = new URL("sw.js", base).href;
  const policy = (globalThis as TrustedTypesScope).trustedTypes?.createPolicy(POLICY, {
    createScriptURL(asked) {
      if (asked !== url) throw new TypeError("Not a worker of Kith");
      return asked;
    },
  });
  // Declared as text everywhere; a trusted address is an object that prints as it.
  return policy === undefined ? url : (policy.createScriptURL(url) as string);
}

/** A phone that goes from one network to another need not be offline in between: nothing but the kind of network tells of it. */

/** What not every browser has, and TypeScript therefore not. `type` is told on phones: "wifi", "cellular". */
interface NetworkSource {
  readonly connection?: EventTarget & { readonly type?: string };
}

/** Calls `listener` when there is another kind of network. The event behind it also tells of mere estimates, again and again. */
export function onNetworkChange(
  listener: () => void,
  signal: AbortSignal,
  { connection }: NetworkSource & object = globalThis.navigator,
): void {
  let type = connection?.type;
  const look = (): void => {
    const before = type;
    type = connection?.type;
    if (type !== before && type !== "none") listener();
  };
  connection?.addEventListener("change", look, { signal });
}

/** The pages whose transports and bare connections are measured, on hosts of the lab. */
import { generateKeyPairFromSeed } from "@libp2p/crypto/keys";
import type { Plugin } from "vite";
import type { PeerKey } from "../../src/core/codec/ids.ts";
import { bundlePage } from "../support/page-bundle.ts";
import type { Lab } from "./lab.ts";
import type { Resident } from "./resident.ts";
import type { Rungs } from "./rung-page.ts";

/** Of the page's host in the lab, which browsers take for secure. Nothing is asked of it: the driver answers. */
const PAGE_URL = "http://kith.example/rungs";

export class RungPage {
  readonly resident: Resident;
  readonly key: PeerKey;
  readonly seed: number;

  private constructor(resident: Resident, key: PeerKey, seed: number) {
    this.resident = resident;
    this.key = key;
    this.seed = seed;
  }

  static async open(resident: Resident, seed: number, script: string): Promise<RungPage> {
    const { page } = resident.person;
    await page.route(PAGE_URL, async (route) =>
      route.fulfill({
        contentType: "text/html; charset=utf-8",
        body: `<!doctype html><title>rungs</title><script>${script.replaceAll("</script", "<\\/script")}</script>`,
        // For a clock of more than 0.1 ms.
        headers: { "cross-origin-opener-policy": "same-origin", "cross-origin-embedder-policy": "require-corp" },
      }),
    );
    await page.goto(PAGE_URL);
    return new RungPage(resident, await keyOf(seed), seed);
  }

  async call<Name extends keyof Rungs>(
    name: Name,
    ...parameters: Parameters<Rungs[Name]>
  ): Promise<Awaited<ReturnType<Rungs[Name]>>> {
    return this.resident.person.page.evaluate(
      ([method, values]) => {
        const { rungs } = globalThis as unknown as {
          readonly rungs: Record<string, (...values: readonly unknown[]) => unknown>;
        };
        return rungs[method]?.(...values) as never;
      },
      [name, parameters] as const,
    );
  }

  async start(lab: Lab, partner: RungPage): Promise<void> {
    const iceServers = [{ urls: lab.stunUrl }];
    await this.call("start", { seed: this.seed, partner: partner.key, relays: [lab.relayMultiaddr], iceServers });
  }
}

/** A helper holds circuits to a pace. Nothing that ships can do without: only this page has another number. */
const UNPACED: Plugin = {
  name: "unpaced",
  enforce: "pre",
  transform(code, id) {
    if (!id.endsWith("/adapters/libp2p/relaying.ts")) return undefined;
    const paces = /(?<=BYTES_PER_SECOND = )[\d_]+(?=;)/g;
    if (code.match(paces)?.length !== 2) throw new Error("the pace of circuits is not where it was");
    return { code: code.replace(paces, "1_000_000_000"), map: null };
  },
};

/** The first has the smaller key: the one that offers direct links. */
export async function openPages(
  residents: readonly [Resident, Resident, Resident],
  isPaced: boolean,
): Promise<readonly [RungPage, RungPage, RungPage]> {
  const script = await bundlePage("tests/lab/rung-page.ts", undefined, false, isPaced ? [] : [UNPACED]);
  const [first, second] = (await keyOf(1)) < (await keyOf(2)) ? [1, 2] : [2, 1];
  const [a, b, helper] = residents;
  return [
    await RungPage.open(a, first, script),
    await RungPage.open(b, second, script),
    await RungPage.open(helper, 3, script),
  ];
}

async function keyOf(seed: number): Promise<PeerKey> {
  const key = await generateKeyPairFromSeed("Ed25519", new Uint8Array(32).fill(seed));
  return Buffer.from(key.publicKey.raw).toString("hex") as PeerKey;
}

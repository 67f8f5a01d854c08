/**
 * The lab: a public network with the page's host and a relay with STUN on it, and sites of every kind with hosts that run real browsers.
 * All namespaces carry the prefix of the run and go by name when it ends.
 */
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { chromium } from "@playwright/test";
import { findChromium } from "../support/chromium.ts";
import { Person } from "../support/person.ts";
import { selfSigned } from "../../src/relay/self-signed.ts";
import { Internet } from "./internet.ts";
import { LabServer } from "./lab-server.ts";
import { Namespace } from "./namespace.ts";
import { Resident } from "./resident.ts";
import { deleteLeftovers, runPrefix } from "./run-prefix.ts";
import { Site } from "./site.ts";
import type { SiteKind } from "./site-kinds.ts";

const PAGE_HOST = "kith.example";
const RELAY_HOST = "relay.example";
/** The only ports that every kind of site lets through. */
const PAGE_PORT = 80;
const RELAY_PORT = 443;
const PAGE_URL = `http://${PAGE_HOST}/`;
/** The interface of the machines in the public network. */
const PUBLIC_DEVICE = "eth0";

interface LabParts {
  readonly prefix: string;
  readonly folder: string;
  readonly internet: Internet;
  readonly relayMachine: Namespace;
  readonly relay: LabServer;
  readonly relayAddress: string;
  readonly relayMultiaddr: string;
  readonly page: LabServer;
  readonly pageAddress: string;
  readonly cleanups: (() => Promise<unknown>)[];
}

export class Lab {
  readonly relay: LabServer;
  /** Serves the page. */
  readonly page: LabServer;
  /** Of the STUN server: an RTCIceServer's. */
  readonly stunUrl: string;
  readonly relayMultiaddr: string;
  /** For files of servers. */
  readonly folder: string;
  readonly #prefix: string;
  readonly #internet: Internet;
  readonly relayMachine: Namespace;
  readonly #resolverRules: string;
  #sites = 0;
  /** What to undo, in the order of doing. */
  readonly #cleanups: (() => Promise<unknown>)[];

  private constructor(parts: LabParts) {
    this.#prefix = parts.prefix;
    this.folder = parts.folder;
    this.#internet = parts.internet;
    this.relayMachine = parts.relayMachine;
    this.relay = parts.relay;
    this.relayMultiaddr = parts.relayMultiaddr;
    this.page = parts.page;
    this.stunUrl = `stun:${parts.relayAddress}:${RELAY_PORT}`;
    this.#resolverRules = `MAP ${PAGE_HOST} ${parts.pageAddress},MAP ${RELAY_HOST} ${parts.relayAddress}`;
    this.#cleanups = parts.cleanups;
  }

  /** With the page served and the relay running. The app must be built. */
  static async open(): Promise<Lab> {
    const cleanups: (() => Promise<unknown>)[] = [];
    try {
      await deleteLeftovers();
      return new Lab(await layOut(runPrefix(), cleanups));
    } catch (error) {
      await undo(cleanups);
      throw error;
    }
  }

  async site(kind: SiteKind): Promise<Site> {
    this.#sites += 1;
    const site = await Site.create(this.#internet, `${this.#prefix}-site${this.#sites}`, this.#sites, kind);
    this.#cleanups.push(() => site.delete());
    return site;
  }

  /** A further machine in the public network. */
  async server(name: string): Promise<{ readonly machine: Namespace; readonly address: string }> {
    const machine = await Namespace.create(`${this.#prefix}-${name}`);
    this.#cleanups.push(() => machine.delete());
    return { machine, address: await this.#internet.join(machine, PUBLIC_DEVICE) };
  }

  /** A host in this site with a person in front of it, whose browser shows nothing yet. */
  async resident(name: string, site: Site, flags: readonly string[] = []): Promise<Resident> {
    const machine = await Namespace.create(`${this.#prefix}-${name.toLowerCase()}`);
    this.#cleanups.push(() => machine.delete());
    await site.add(machine);
    const person = await Person.create({
      name,
      appUrl: PAGE_URL,
      executablePath: await this.#browserInside(machine),
      flags: [
        `--host-resolver-rules=${this.#resolverRules}`,
        // The page comes without a certificate and the relay with one of its own making.
        `--unsafely-treat-insecure-origin-as-secure=${PAGE_URL}`,
        "--ignore-certificate-errors",
        ...flags,
      ],
    });
    this.#cleanups.push(() => person.dispose());
    return new Resident(person, machine, site);
  }

  /** What has passed the relay's interface by now. */
  async relayCounters() {
    return this.relayMachine.counters(PUBLIC_DEVICE);
  }

  /** Ends what it started and deletes what it made, whatever fails on the way. */
  async close(): Promise<void> {
    await undo(this.#cleanups);
  }

  async #browserInside({ name }: Namespace): Promise<string> {
    const path = join(this.folder, name);
    const browser = findChromium() ?? chromium.executablePath();
    await writeFile(path, `#!/bin/sh\nexec ip netns exec ${name} '${browser}' "$@"\n`, { mode: 0o755 });
    return path;
  }
}

async function layOut(prefix: string, cleanups: (() => Promise<unknown>)[]): Promise<LabParts> {
  const folder = await mkdtemp(join(tmpdir(), "kith-lab-"));
  cleanups.push(() => rm(folder, { recursive: true, force: true }));
  const internet = await Internet.create(`${prefix}-net`);
  cleanups.push(() => internet.delete());
  const machine = async (name: string): Promise<Namespace> => {
    const namespace = await Namespace.create(`${prefix}-${name}`);
    cleanups.push(() => namespace.delete());
    return namespace;
  };

  const relayMachine = await machine("relay");
  const relayAddress = await internet.join(relayMachine, PUBLIC_DEVICE);
  const { cert, key } = selfSigned(RELAY_HOST);
  const [certFile, keyFile] = [join(folder, "relay.crt"), join(folder, "relay.pem")];
  await Promise.all([writeFile(certFile, cert), writeFile(keyFile, key)]);
  const announced = `/dns4/${RELAY_HOST}/tcp/${RELAY_PORT}/tls/ws`;
  const relay = new LabServer({
    machine: relayMachine,
    script: "scripts/relay.ts",
    args: flags({
      port: RELAY_PORT,
      data: join(folder, "relay"),
      announce: announced,
      cert: certFile,
      key: keyFile,
    }),
    ready: /^relay listening: (\/dns4\/\S+)$/,
  });
  cleanups.push(() => relay.kill());
  const relayMultiaddr = await relay.start();

  const pageMachine = await machine("page");
  const pageAddress = await internet.join(pageMachine, PUBLIC_DEVICE);
  const page = new LabServer({
    machine: pageMachine,
    script: "scripts/serve.ts",
    args: flags({
      host: pageAddress,
      port: PAGE_PORT,
      relay: relayMultiaddr,
      stun: `${relayAddress}:${RELAY_PORT}`,
    }),
    ready: /^Kith ready: (\S+)$/,
  });
  cleanups.push(() => page.kill());
  await page.start();
  return { prefix, folder, internet, relayMachine, relay, relayAddress, relayMultiaddr, page, pageAddress, cleanups };
}

function flags(values: Readonly<Record<string, string | number>>): readonly string[] {
  return Object.entries(values).flatMap(([name, value]) => [`--${name}`, String(value)]);
}

async function undo(cleanups: (() => Promise<unknown>)[]): Promise<void> {
  for (const cleanup of cleanups.splice(0).toReversed()) {
    await cleanup().catch((error: unknown) => console.warn("The lab was not tidied up:", error));
  }
}

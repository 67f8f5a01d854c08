/**
 * `npm run lab -- --rungs`: each rung of the ladder beside bare WebRTC between the same hosts in the same minutes: what set-up takes, and in
 * round trips; the round trip of a message; throughput. Two people behind cone routers, near each other and then with a line of 100 ms between
 * them; the relayed rungs beside coturn where it is installed. One after the other in each round, so that what else the machine does is in both.
 */
import { loadavg } from "node:os";
import { setTimeout as delay } from "node:timers/promises";
import type { Path } from "../../src/core/transport/transport.ts";
import { median } from "../bench/statistics.ts";
import { Lab } from "./lab.ts";
import { LabServer } from "./lab-server.ts";
import type { Counters, Namespace } from "./namespace.ts";
import { openPages, type RungPage } from "./rung-pages.ts";
import type { Site } from "./site.ts";
import { TurnServer } from "./turn-server.ts";

const CROSSING_MS = 25;
/** Of the two ends: there and back over both lines. And of one end with a server between them. */
export const FAR_ROUND_TRIP_MS = 4 * CROSSING_MS;
const ROUND_TRIPS = 60;
const PUSH_BYTES = 8_000_000;
/** For the attempts of the end that waits to become rare. */
const PART_MS = 2_500;
const MAX_TRIES = 4;
const SIGNAL_PORT = 443;

export type RungName = "direct" | "relay" | "helper";

/** Of one way, in the order of the rounds. */
export interface WaySamples {
  readonly setUpMs: number[];
  /** Kith alone: until the first link, which is a circuit. */
  readonly firstLinkMs: number[];
  readonly roundTripMs: number[];
  /** Bytes a second. */
  readonly throughput: number[];
  /** What proves the way: selected candidates, or the bytes that passed the machine between, as a share of those pushed. */
  readonly proof: string[];
}

export interface RungResult {
  readonly rung: RungName;
  readonly isFar: boolean;
  readonly kith: WaySamples;
  readonly raw: WaySamples;
  readonly load: number;
}

export interface RungOptions {
  readonly isFar: boolean;
  readonly rounds: number;
  readonly rungs: readonly RungName[];
  /** Whether the helper holds circuits to the pace of the app. */
  readonly isPaced: boolean;
}

interface Scene {
  readonly lab: Lab;
  readonly pages: readonly [RungPage, RungPage, RungPage];
  readonly turn: TurnServer | undefined;
  readonly turnMachine: Namespace;
  readonly options: RungOptions;
}

export async function measureRungs(options: RungOptions): Promise<readonly RungResult[]> {
  const cleanups: (() => Promise<unknown>)[] = [];
  const lab = await Lab.open();
  cleanups.push(() => lab.close());
  try {
    const sites = [await lab.site("cone"), await lab.site("cone")] as const;
    if (options.isFar) for (const site of sites) cleanups.push(await site.slowDown(CROSSING_MS));
    const scene = await setScene(lab, sites, options, cleanups);
    const results: RungResult[] = [];
    for (const rung of options.rungs) results.push(await measure(scene, rung));
    return results;
  } finally {
    for (const cleanup of cleanups.toReversed()) await cleanup();
  }
}

async function setScene(
  lab: Lab,
  [left, right]: readonly [Site, Site],
  options: RungOptions,
  cleanups: (() => Promise<unknown>)[],
): Promise<Scene> {
  const signalling = await lab.server("signal");
  const signal = new LabServer({
    machine: signalling.machine,
    script: "tests/lab/signal-server.ts",
    args: ["--host", signalling.address, "--port", String(SIGNAL_PORT)],
    ready: /^signalling ready: (\S+)$/,
  });
  cleanups.push(() => signal.kill());
  const signalAddress = await signal.start();
  const { machine: turnMachine, address } = await lab.server("turn");
  const reason = TurnServer.reasonAgainst();
  if (reason !== undefined) console.log(`SKIP what is compared with coturn: ${reason}`);
  const turn = reason === undefined ? await TurnServer.start(turnMachine, address, lab.folder) : undefined;
  if (turn !== undefined) cleanups.push(() => turn.kill());

  const residents = [
    await lab.resident("Alice", left),
    await lab.resident("Bob", right),
    await lab.resident("Carol", await lab.site("open")),
  ] as const;
  const pages = await openPages(residents, options.isPaced);
  const [alice, bob, carol] = pages;
  for (const page of [alice, bob]) await page.call("rawJoin", `ws://${signalAddress}/`);
  await Promise.all([alice.start(lab, bob), bob.start(lab, alice), carol.start(lab, alice)]);
  if (options.rungs.includes("helper")) await befriend(lab, pages);
  return { lab, pages, turn, turnMachine, options };
}

/** Alice and Bob are linked directly with Carol, and have reserved with her. */
async function befriend(lab: Lab, [alice, bob, carol]: Scene["pages"]): Promise<void> {
  const relays = [lab.relayMultiaddr];
  await carol.call(
    "relayFor",
    [alice, bob].map(({ key }) => ({ peer: key, relays, allowDirect: true, relayedAs: "contact" as const })),
  );
  const helper = { peer: carol.key, relays, allowDirect: true, canHelp: true };
  await Promise.all([alice.call("befriend", helper), bob.call("befriend", helper)]);
}

async function measure(scene: Scene, rung: RungName): Promise<RungResult> {
  const { pages, options, lab, turn } = scene;
  const [alice, bob] = pages;
  const result = { kith: noSamples(), raw: noSamples() };
  // With it gone, the helper is the only way.
  if (rung === "helper") await lab.relay.kill();
  for (let round = 0; round < options.rounds; round += 1) {
    if (rung === "direct" || turn !== undefined) await measureRaw(scene, rung, result.raw);
    await measureKith(scene, rung, result.kith);
    console.log(
      `${rung}${options.isFar ? ", far" : ""}, round ${round + 1}: ${lastOf(result.raw)} | ${lastOf(result.kith)}`,
    );
  }
  await Promise.all([alice.call("part"), bob.call("rawClose"), alice.call("rawClose")]);
  return { rung, isFar: options.isFar, ...result, load: loadavg()[0] ?? Number.NaN };
}

async function measureRaw({ pages, turn, turnMachine, lab, options }: Scene, rung: RungName, samples: WaySamples) {
  const [alice, bob] = pages;
  const stun: RTCIceServer = { urls: lab.stunUrl };
  // A relay of this project is reached over TCP, a helper over UDP.
  const relayed = turn?.iceServer(rung === "relay" ? "tcp" : "udp");
  const configuration: RTCConfiguration =
    rung === "direct" || relayed === undefined
      ? { iceServers: [stun] }
      : { iceServers: [relayed], iceTransportPolicy: "relay" };
  await Promise.all([alice, bob].map((page) => page.call("rawConfigure", configuration)));
  samples.setUpMs.push(await alice.call("rawCall"));
  samples.roundTripMs.push(median(await alice.call("rawRoundTrips", ROUND_TRIPS)));
  if (!options.isFar) {
    const before = await turnMachine.counters("eth0");
    samples.throughput.push((PUSH_BYTES / (await alice.call("rawPush", PUSH_BYTES))) * 1_000);
    if (rung !== "direct") samples.proof.push(`coturn moved ${share(before, await turnMachine.counters("eth0"))}`);
  }
  samples.proof.push(await alice.call("rawSelected"));
  await Promise.all([alice, bob].map((page) => page.call("rawClose")));
}

async function measureKith({ pages, lab, options }: Scene, rung: RungName, samples: WaySamples): Promise<void> {
  const [alice, bob, carol] = pages;
  const kind: Path["kind"] = rung === "helper" ? "peer" : rung;
  const target = (page: RungPage) => ({
    peer: page.key,
    relays: rung === "helper" ? [] : [lab.relayMultiaddr],
    helpers: rung === "helper" ? [carol.key] : [],
    allowDirect: rung === "direct",
  });
  for (let tries = 1; ; tries += 1) {
    await alice.call("part");
    await bob.call("wait", target(alice));
    await delay(PART_MS);
    const { firstMs, wantedMs, isOpener } = await alice.call("meet", target(bob), kind);
    if (!isOpener && tries < MAX_TRIES) continue;
    samples.firstLinkMs.push(firstMs);
    samples.setUpMs.push(wantedMs);
    break;
  }
  // The circuit that came first goes.
  await delay(500);
  samples.roundTripMs.push(median(await alice.call("roundTrips", ROUND_TRIPS)));
  const machines = { direct: undefined, relay: lab.relayMachine, helper: carol.resident.machine };
  const between = machines[rung];
  const before = await between?.counters("eth0");
  if (!options.isFar) samples.throughput.push((PUSH_BYTES / (await alice.call("push", PUSH_BYTES))) * 1_000);
  const after = await between?.counters("eth0");
  const moved =
    before === undefined || after === undefined || options.isFar ? "" : `, ${rung} moved ${share(before, after)}`;
  samples.proof.push(`${String(await alice.call("path"))}${moved}`);
}

function share(before: Counters, after: Counters): string {
  return `${Math.round((100 * Math.min(after.received - before.received, after.sent - before.sent)) / PUSH_BYTES)} %`;
}

function noSamples(): WaySamples {
  return { setUpMs: [], firstLinkMs: [], roundTripMs: [], throughput: [], proof: [] };
}

function lastOf({ setUpMs, firstLinkMs, roundTripMs, throughput, proof }: WaySamples): string {
  const figures = [setUpMs, firstLinkMs, roundTripMs].map((samples) => samples.at(-1)?.toFixed(1));
  return `${figures.join(" ")} ms, ${((throughput.at(-1) ?? 0) / 1e6).toFixed(2)} MB/s, ${proof.at(-1)}`;
}

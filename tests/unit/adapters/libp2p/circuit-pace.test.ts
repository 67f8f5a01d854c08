/** How fast circuits through a device go, over real connections and with a clock of the test's own. */
import type { Connection, Libp2p, Stream } from "@libp2p/interface";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { relayCost } from "../../../../src/adapters/libp2p/circuit-grants.ts";
import { CircuitPaces, Pace } from "../../../../src/adapters/libp2p/circuit-pace.ts";
import { ManualClock } from "../../../support/manual-clock.ts";
import { RelayingTab } from "../../../support/relaying-tab.ts";

vi.setConfig({ testTimeout: 60_000 });

const RATE = 800_000;
const CIRCUIT_RATE = 500_000;
const STEP_MS = 5;
/** The first is not measured: it sets up the circuits. */
const WARM_MS = 2_000;
const MEASURED_MS = 10_000;
/** More than goes through in that time, and less than a circuit is granted. */
const PUSHED_BYTES = 3_500_000;
const UNBOUNDED_MS = 600_000;
const MESSAGE_BYTES = 8_000;
const STOP_PROTOCOL = "/libp2p/circuit/relay/0.2.0/stop";
const FLOW = "/kith/test/flow/1";

let clock: ManualClock;
let bob: RelayingTab;
beforeEach(async () => {
  clock = new ManualClock();
  bob = await RelayingTab.start(clock, [RATE, CIRCUIT_RATE]);
  bob.relaying.setRules({ isOn: true, bytesLeft: 100_000_000 });
});
afterEach(() => bob.stop());

test("turns are as far apart as the rate says, and one who came late catches up, but nobody saves up", () => {
  const pace = new Pace(1_000);
  expect([pace.reserve(500, 0), pace.reserve(500, 0), pace.reserve(500, 0)]).toEqual([0, 500, 1_000]);
  // Its turn was at 1,500, and its timer rang at 3,000.
  expect([pace.reserve(500, 1_500), pace.reserve(500, 2_000)]).toEqual([1_500, 2_000]);
  expect(pace.reserve(500, 60_000)).toBe(60_000);
});

test("when more waits than this device keeps, whoever has most of it waiting is cut", () => {
  const cut: Stream[] = [];
  const options = { clock, bytesPerSecond: 1, circuitBytesPerSecond: 1, cost: relayCost };
  const paces = new CircuitPaces({ ...options, onOverflow: (stream) => cut.push(stream) });
  const [alices, mallorys] = [openStream(), openStream()];
  for (const stream of [alices, mallorys]) paces.slow(stream);
  alices.send(new Uint8Array(1_000_000));
  mallorys.send(new Uint8Array(15_000_000));
  expect(cut).toEqual([]);
  alices.send(new Uint8Array(1_000_000));
  expect(cut).toEqual([mallorys]);
});

test("one circuit goes as fast as one may, within a tenth", async () => {
  const rate = await rateOf(1);
  expect(rate / CIRCUIT_RATE).toBeGreaterThan(0.9);
  expect(rate / CIRCUIT_RATE).toBeLessThan(1.1);
});

test("three together go as fast as all may, within a tenth, and each gets its part", async () => {
  const got: number[] = [];
  const rate = await rateOf(3, got);
  expect(rate / RATE).toBeGreaterThan(0.9);
  expect(rate / RATE).toBeLessThan(1.1);
  expect(Math.min(...got)).toBeGreaterThan(Math.max(...got) / 2);
});

test("what waits when an end closes still arrives", async () => {
  const { connection, messageBytes } = await flow();
  const stream = await during(UNBOUNDED_MS, connection.newStream(FLOW, { runOnLimitedConnection: true }));
  for (let sent = 0; sent < 200_000; sent += MESSAGE_BYTES) stream.send(new Uint8Array(MESSAGE_BYTES));
  await during(200);
  expect(messageBytes()).toBeLessThan(200_000);
  const closing = connection.close();
  await during(2_000);
  await closing;
  expect(messageBytes()).toBe(200_000);
});

/** Time goes on in small steps, with turns for the connections between them, so long or until the work is done. */
function during(ms: number): Promise<undefined>;
function during<Result>(ms: number, work: Promise<Result>): Promise<Result>;
async function during<Result>(ms: number, work?: Promise<Result>): Promise<Result | undefined> {
  const end = new AbortController();
  const done = work?.finally(() => end.abort());
  done?.catch(() => undefined);
  for (const endsAt = clock.monotonic() + ms; !end.signal.aborted && clock.monotonic() < endsAt;)
    await clock.advance(STEP_MS);
  return done;
}

/** One that takes everything. */
function openStream(): Stream {
  const parts = { status: "open", writableNeedsDrain: false, send: () => true, close: () => Promise.resolve() };
  return Object.assign(new EventTarget(), parts) as unknown as Stream;
}

interface Flow {
  readonly connection: Connection;
  /** What arrived, after decryption. */
  readonly messageBytes: () => number;
  /** What came out of the circuit, as it came. */
  readonly circuitBytes: () => number;
}

async function flow(): Promise<Flow> {
  const [caller, called]: Libp2p[] = await Promise.all([bob.user(), bob.user()]);
  if (caller === undefined || called === undefined) throw new Error("nobody there");
  let messageBytes = 0;
  let circuitBytes = 0;
  await called.handle(
    FLOW,
    (stream) => stream.addEventListener("message", ({ data }) => (messageBytes += data.byteLength)),
    { runOnLimitedConnection: true },
  );
  expect(await during(UNBOUNDED_MS, bob.reserve(called))).toBe(true);
  const connection = await during(UNBOUNDED_MS, bob.call(caller, called.peerId));
  const streams = called.getConnections(bob.node.peerId).flatMap((one) => one.streams);
  const circuit = streams.find(({ protocol }) => protocol === STOP_PROTOCOL);
  circuit?.addEventListener("message", ({ data }) => (circuitBytes += data.byteLength));
  return { connection, messageBytes: () => messageBytes, circuitBytes: () => circuitBytes };
}

/** Of so many circuits at once: bytes a second over the line. */
async function rateOf(circuits: number, got: number[] = []): Promise<number> {
  const flows: Flow[] = [];
  while (flows.length < circuits) flows.push(await flow());
  for (const { connection } of flows) {
    const stream = await during(UNBOUNDED_MS, connection.newStream(FLOW, { runOnLimitedConnection: true }));
    for (let sent = 0; sent < PUSHED_BYTES; sent += MESSAGE_BYTES) stream.send(new Uint8Array(MESSAGE_BYTES));
  }
  await during(WARM_MS);
  const before = flows.map(({ circuitBytes }) => circuitBytes());
  await during(MEASURED_MS);
  got.push(...flows.map(({ circuitBytes }, index) => circuitBytes() - (before[index] ?? 0)));
  return (relayCost(got.reduce((sum, bytes) => sum + bytes, 0)) * 1_000) / MEASURED_MS;
}

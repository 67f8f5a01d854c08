import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { echoed, relayClient, type RelayClient } from "../../support/relay-client.ts";
import { startCommand, type RunningCommand } from "../../support/running-command.ts";
import { temporaryFolder, type TemporaryFolder } from "../../support/temporary-folder.ts";

const LISTENING = /^relay listening: (\S+)$/m;

let folder: TemporaryFolder;
let commands: RunningCommand[] = [];
let clients: RelayClient[] = [];

beforeEach(async () => {
  folder = await temporaryFolder();
});

afterEach(async () => {
  await Promise.all(clients.map(async ({ node }) => node.stop()));
  await Promise.all(commands.map(async (command) => command.stop("SIGKILL")));
  clients = [];
  commands = [];
  await folder.remove();
});

async function relay(...args: readonly string[]): Promise<string> {
  const command = startCommand("scripts/relay.ts", ["--port", "0", "--data", folder.path, ...args]);
  commands.push(command);
  return command.waitFor(LISTENING);
}

async function client(listenOn?: string): Promise<RelayClient> {
  const created = await relayClient(listenOn);
  clients.push(created);
  if (listenOn !== undefined) await created.reserve(listenOn);
  return created;
}

describe("a circuit through the relay", () => {
  it("carries bytes both ways between two peers, and tells them its limits", async () => {
    const address = await relay();
    const bob = await client(address);
    const alice = await client();
    const connection = await alice.call(address, bob);
    const stream = await alice.openEcho(connection);
    const hello = new TextEncoder().encode("hello");
    expect(await echoed(stream, hello)).toEqual(Buffer.from(hello));
    expect(Number(connection.limits?.bytes)).toBeGreaterThan(4_000_000);
    expect(Number(connection.limits?.bytes)).toBeLessThanOrEqual(4 * 1024 * 1024);
    expect(connection.limits?.seconds).toBeGreaterThan(590);
    expect(connection.limits?.seconds).toBeLessThanOrEqual(600);
  });

  it("takes one WebSocket message for each that is sealed, none for its length alone", async () => {
    const address = await relay();
    const bob = await client(address);
    const alice = await client();
    const stream = await alice.openEcho(await alice.call(address, bob));
    const send = vi.spyOn(WebSocket.prototype, "send");
    await echoed(stream, new TextEncoder().encode("hello"));
    const sizes = send.mock.calls.map(([data]) => (data as Uint8Array).byteLength);
    send.mockRestore();
    expect(sizes.length).toBeGreaterThan(0);
    expect(Math.min(...sizes)).toBeGreaterThan(Uint16Array.BYTES_PER_ELEMENT);
  });

  it("is cut when its bytes are used up", async () => {
    const address = await relay("--circuit-bytes", "65536");
    const bob = await client(address);
    const alice = await client();
    const stream = await alice.openEcho(await alice.call(address, bob));
    await expect(echoed(stream, new Uint8Array(20_000))).resolves.toHaveLength(20_000);
    await expect(echoed(stream, new Uint8Array(40_000))).rejects.toThrow("The stream was closed");
  });

  it("is cut when its time is over", async () => {
    const address = await relay("--circuit-seconds", "1");
    const bob = await client(address);
    const alice = await client();
    const connection = await alice.call(address, bob);
    const openedAt = performance.now();
    await new Promise<void>((resolve) => {
      connection.addEventListener("close", () => resolve());
    });
    expect(performance.now() - openedAt).toBeGreaterThan(500);
  });

  it("is refused to a caller who has too many already, and granted again when one ends", async () => {
    const address = await relay("--circuits-per-peer", "1");
    const bob = await client(address);
    const carol = await client(address);
    const mallory = await client();
    const first = await mallory.call(address, bob);
    await expect(mallory.call(address, carol)).rejects.toThrow("PERMISSION_DENIED");
    await first.close();
    // The relay hears of the end a moment later.
    await vi.waitFor(async () => mallory.call(address, carol), { timeout: 5_000 });
  });

  it("is refused towards a peer who has too many already", async () => {
    const address = await relay("--circuits-per-peer", "1");
    const bob = await client(address);
    const alice = await client();
    const mallory = await client();
    await mallory.call(address, bob);
    await expect(alice.call(address, bob)).rejects.toThrow("PERMISSION_DENIED");
  });
});

describe("a flood", () => {
  it("of circuits is refused in words, and the circuit that was there before goes on", async () => {
    const address = await relay("--circuits-per-peer", "2");
    const bob = await client(address);
    const alice = await client();
    const stream = await alice.openEcho(await alice.call(address, bob));
    const mallory = await client();
    const outcomes = await Promise.allSettled(Array.from({ length: 40 }, async () => mallory.call(address, bob)));
    const refusals = outcomes.flatMap((outcome) => (outcome.status === "rejected" ? [String(outcome.reason)] : []));
    for (const refusal of refusals) expect(refusal).toContain("PERMISSION_DENIED");
    const callers = await Promise.all(Array.from({ length: 10 }, async () => client()));
    const others = await Promise.allSettled(callers.map(async (caller) => caller.call(address, bob)));
    const denied = others.filter((outcome) => outcome.status === "rejected");
    expect(denied.length).toBeGreaterThanOrEqual(9);
    for (const { reason } of denied) expect(String(reason)).toContain("PERMISSION_DENIED");
    await expect(echoed(stream, new Uint8Array(1_000))).resolves.toHaveLength(1_000);
  });

  it("of reservations is refused in words, and those who hold one stay reachable", async () => {
    const address = await relay("--reservations", "2");
    const [bob, carol] = [await client(address), await client(address)];
    const flood = await Promise.allSettled(Array.from({ length: 20 }, async () => client(address)));
    const refusals = flood.map((outcome) => (outcome.status === "rejected" ? String(outcome.reason) : "granted"));
    expect(refusals.filter((refusal) => refusal.includes("RESERVATION_REFUSED"))).toHaveLength(20);
    const alice = await client();
    for (const other of [bob, carol]) {
      const stream = await alice.openEcho(await alice.call(address, other));
      await expect(echoed(stream, new Uint8Array(1_000))).resolves.toHaveLength(1_000);
    }
  });
});

describe("a reservation", () => {
  it("is refused when all are taken, and free again when its peer has gone", async () => {
    const address = await relay("--reservations", "1");
    const bob = await client(address);
    const alice = await client();
    await expect(client(address)).rejects.toThrow("RESERVATION_REFUSED");
    await bob.node.stop();
    const carol = await client(address);
    await expect(alice.call(address, carol)).resolves.toBeDefined();
  });

  it("is granted again by a relay that was restarted on the same port", async () => {
    const address = await relay();
    const port = /\/tcp\/(\d+)\//.exec(address)?.[1] ?? "";
    await commands[0]?.stop();
    const again = await relay("--port", port);
    expect(again).toBe(address);
    await expect(client(again)).resolves.toBeDefined();
  });
});

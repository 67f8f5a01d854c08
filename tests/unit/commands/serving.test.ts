import { once } from "node:events";
import { createServer } from "node:net";
import { afterEach, describe, expect, it } from "vitest";
import { startCommand, type RunningCommand } from "../../support/running-command.ts";

const READY = /^Kith ready: (http:\/\/localhost:\d+)$/m;
const RELAY = /^relay listening: (\/ip4\/127\.0\.0\.1\/tcp\/\d+\/ws\/p2p\/\w+)$/m;
/** The first one may have to build the app. */
const BUILD_LIMIT_MS = 60_000;

const running: RunningCommand[] = [];

afterEach(async () => {
  await Promise.all(running.splice(0).map(async (command) => command.stop("SIGKILL")));
});

function command(name: "start" | "serve", ...args: readonly string[]): RunningCommand {
  const started = startCommand(`scripts/${name}.ts`, args);
  running.push(started);
  return started;
}

async function networkJson(url: string): Promise<unknown> {
  return (await fetch(`${url}/network.json`)).json();
}

describe("npm start", () => {
  it("serves the app and a network.json that names its own relay", { timeout: BUILD_LIMIT_MS }, async () => {
    const start = command("start", "--port", "0", "--relay-port", "0");
    const url = await start.waitFor(READY);
    expect(await networkJson(url)).toEqual({ relays: [await start.waitFor(RELAY)], iceServers: [] });
    expect(await (await fetch(url)).text()).toContain("<title>Kith</title>");
  });

  it("runs without a relay when asked to", { timeout: BUILD_LIMIT_MS }, async () => {
    const start = command("start", "--port", "0", "--no-relay");
    const url = await start.waitFor(READY);
    expect(await networkJson(url)).toEqual({ relays: [], iceServers: [] });
    expect(start.stdout()).not.toMatch(RELAY);
  });

  it("names a taken port in one line and ends with status 2", { timeout: BUILD_LIMIT_MS }, async () => {
    const other = createServer().listen(0, "127.0.0.1");
    await once(other, "listening");
    const address = other.address();
    const port = typeof address === "object" ? String(address?.port) : "";
    const app = await command("start", "--port", port, "--no-relay").exited;
    const relay = await command("start", "--port", "0", "--relay-port", port).exited;
    other.close();
    expect(app).toMatchObject({ status: 2, stdout: "" });
    expect(app.stderr).toBe(`kith start: port ${port} is already in use: choose another with --port\n`);
    expect(relay).toMatchObject({ status: 2, stdout: "" });
    expect(relay.stderr).toBe(`kith start: port ${port} is already in use: choose another with --relay-port\n`);
  });

  it.each(["SIGTERM", "SIGINT"] as const)("ends with status 0 on %s", { timeout: BUILD_LIMIT_MS }, async (signal) => {
    const start = command("start", "--port", "0", "--relay-port", "0");
    await start.waitFor(READY);
    expect((await start.stop(signal)).status).toBe(0);
  });
});

describe("npm run serve", () => {
  it("names the given relays, none by default", { timeout: BUILD_LIMIT_MS }, async () => {
    const relays = ["/dns4/a.example/tcp/443/tls/ws", "/ip4/127.0.0.1/tcp/4174/ws"];
    const two = await command("serve", "--port", "0", ...relays.flatMap((relay) => ["--relay", relay])).waitFor(READY);
    const none = await command("serve", "--port", "0").waitFor(READY);
    expect(await networkJson(two)).toEqual({ relays, iceServers: [] });
    expect(await networkJson(none)).toEqual({ relays: [], iceServers: [] });
  });

  it("names the given STUN servers", { timeout: BUILD_LIMIT_MS }, async () => {
    const servers = ["relay.example:4174", "[2001:db8::1]:3478"];
    const url = await command("serve", "--port", "0", ...servers.flatMap((stun) => ["--stun", stun])).waitFor(READY);
    const iceServers = servers.map((stun) => ({ urls: `stun:${stun}` }));
    expect(await networkJson(url)).toEqual({ relays: [], iceServers });
  });

  it.each([
    ["--relay", "relay.example"],
    ["--stun", "relay.example"],
    ["--stun", "relay.example:70000"],
    ["--port", "x"],
    ["--bogus"],
  ])("refuses %s %s with status 2", async (...args) => {
    const result = await command("serve", ...args).exited;
    expect(result).toMatchObject({ status: 2, stdout: "" });
    expect(result.stderr).toMatch(/^kith serve: [^\n]+\n$/);
  });
});

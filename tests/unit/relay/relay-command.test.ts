import { createSocket } from "node:dgram";
import { readdir, readFile, stat, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { once } from "node:events";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { startCommand, type RunningCommand } from "../../support/running-command.ts";
import { askStun, boundSocket, portTold } from "../../support/stun-client.ts";
import { temporaryFolder, type TemporaryFolder } from "../../support/temporary-folder.ts";

const LISTENING = /^relay listening: (\S+)$/m;
const NO_SUCH_PROCESS = "ESRCH";

let folder: TemporaryFolder;
const running: RunningCommand[] = [];

beforeEach(async () => {
  folder = await temporaryFolder();
});

afterEach(async () => {
  await Promise.all(running.splice(0).map(async (command) => command.stop("SIGKILL")));
  await folder.remove();
});

function relay(...args: readonly string[]): RunningCommand {
  const command = startCommand("scripts/relay.ts", args);
  running.push(command);
  return command;
}

describe("npm run relay", () => {
  it("prints its loopback address first, then the others", async () => {
    const command = relay("--port", "0", "--data", folder.path);
    await command.waitFor(LISTENING);
    const addresses = [...command.stdout().matchAll(/^relay listening: (\S+)$/gm)].map(([, address]) => address);
    expect(addresses[0]).toMatch(/^\/ip4\/127\.0\.0\.1\/tcp\/\d+\/ws\/p2p\/12D3Koo\w+$/);
    expect(new Set(addresses).size).toBe(addresses.length);
  });

  it("keeps its key over a restart, readable by its owner only", async () => {
    const first = relay("--port", "0", "--data", folder.path);
    const before = await first.waitFor(LISTENING);
    await first.stop();
    const after = await relay("--port", "0", "--data", folder.path).waitFor(LISTENING);
    expect(after.split("/p2p/")[1]).toBe(before.split("/p2p/")[1]);
    expect(await readdir(folder.path)).toEqual(["relay.key"]);
    expect((await stat(join(folder.path, "relay.key"))).mode & 0o777).toBe(0o600);
  });

  it("tells announced addresses instead of its own, after the loopback one", async () => {
    const command = relay("--port", "0", "--data", folder.path, "--announce", "/dns4/relay.example/tcp/443/tls/ws");
    await command.waitFor(/relay\.example/);
    const lines = command.stdout().match(/^relay .*$/gm) ?? [];
    expect(lines).toHaveLength(2);
    expect(lines[1]).toMatch(/^relay listening: \/dns4\/relay\.example\/tcp\/443\/tls\/ws\/p2p\/12D3Koo\w+$/);
  });

  it("answers STUN on the UDP port it tells, and not when told so", async () => {
    const command = relay("--port", "0", "--data", folder.path);
    const port = Number(await command.waitFor(/^stun listening: udp port (\d+)$/m));
    const socket = await boundSocket();
    expect(portTold(await askStun(socket, port))).toBe(socket.address().port);
    socket.close();
    const without = relay("--port", "0", "--data", folder.path, "--no-stun");
    await without.waitFor(LISTENING);
    expect((await without.stop()).stdout).not.toContain("stun");
  });

  it("takes the number of its TCP port for STUN too, and goes on without where that is taken", async () => {
    const tcp = createServer().listen(0, "127.0.0.1");
    await once(tcp, "listening");
    const address = tcp.address();
    const port = typeof address === "object" ? (address?.port ?? 0) : 0;
    tcp.close();
    const other = createSocket("udp4");
    other.bind(port, "0.0.0.0");
    await once(other, "listening");
    try {
      const command = relay("--port", String(port), "--data", folder.path);
      await command.waitFor(LISTENING);
      const { stderr, status } = await command.stop();
      expect(status).toBe(0);
      expect(stderr).toBe(`kith relay: no STUN: UDP port ${port} is already in use: choose another with --stun-port\n`);
      const asked = await relay("--port", "0", "--stun-port", String(port), "--data", folder.path).exited;
      expect(asked.status).toBe(2);
    } finally {
      other.close();
    }
  });

  it.each(["SIGTERM", "SIGINT"] as const)("ends with status 0 on %s and leaves no process", async (signal) => {
    const command = relay("--port", "0", "--data", folder.path);
    await command.waitFor(LISTENING);
    expect((await command.stop(signal)).status).toBe(0);
    expect(() => process.kill(command.pid, 0)).toThrow(NO_SUCH_PROCESS);
  });

  it("names a taken port in one line and ends with status 2", async () => {
    const other = createServer().listen(0, "0.0.0.0");
    await once(other, "listening");
    const address = other.address();
    const port = typeof address === "object" ? String(address?.port) : "";
    const result = await relay("--port", port, "--data", folder.path).exited;
    other.close();
    expect(result).toMatchObject({ status: 2, stdout: "" });
    expect(result.stderr).toBe(`kith relay: port ${port} is already in use: choose another with --port\n`);
  });

  it("names an unwritable folder in one line and ends with status 2", async () => {
    const file = join(folder.path, "file");
    await writeFile(file, "");
    const result = await relay("--port", "0", "--data", join(file, "below")).exited;
    expect(result).toMatchObject({ status: 2, stdout: "" });
    expect(result.stderr).toMatch(/^kith relay: cannot keep the relay's key in [^\n]+\n$/);
  });

  it("refuses a damaged key instead of replacing it", async () => {
    await writeFile(join(folder.path, "relay.key"), "not a key");
    const result = await relay("--port", "0", "--data", folder.path).exited;
    expect(result).toMatchObject({ status: 2, stdout: "" });
    expect(result.stderr).toMatch(/^kith relay: [^\n]+holds no key[^\n]+\n$/);
    expect(await readFile(join(folder.path, "relay.key"), "utf8")).toBe("not a key");
  });

  it.each([
    ["--bogus"],
    ["positional"],
    ["--port", "70000"],
    ["--port", "4174x"],
    ["--port"],
    ["--stun-port", "x"],
    ["--circuit-bytes", "0"],
    ["--circuit-seconds", "-1"],
    ["--announce", "relay.example"],
    ["--cert", "certificate.pem"],
    ["--cert", "/nowhere/cert.pem", "--key", "/nowhere/key.pem"],
  ])("refuses %s %s in one line with status 2", async (...args) => {
    const result = await relay("--data", folder.path, ...args).exited;
    expect(result).toMatchObject({ status: 2, stdout: "" });
    expect(result.stderr).toMatch(/^kith relay: [^\n]+\n$/);
  });
});

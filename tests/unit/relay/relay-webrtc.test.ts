/** `npm run relay -- --webrtc-port N`: what it tells, keeps and refuses. That browsers reach it is an end-to-end test. */
import { createSocket } from "node:dgram";
import { once } from "node:events";
import { readdir, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { startCommand, type RunningCommand } from "../../support/running-command.ts";
import { temporaryFolder, type TemporaryFolder } from "../../support/temporary-folder.ts";

const DIRECT =
  /^relay listening: \/ip4\/127\.0\.0\.1\/udp\/\d+\/webrtc-direct(\/certhash\/u[\w-]{46}\/p2p\/12D3Koo\w+)$/m;

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
  const command = startCommand("scripts/relay.ts", ["--port", "0", "--no-stun", "--data", folder.path, ...args]);
  running.push(command);
  return command;
}

test("names its certificate and its key in the address, and keeps both over a restart", async () => {
  const first = relay("--webrtc-port", "0");
  const before = await first.waitFor(DIRECT);
  expect((await first.stop()).status).toBe(0);
  expect(await relay("--webrtc-port", "0").waitFor(DIRECT)).toBe(before);
  expect((await readdir(folder.path)).toSorted()).toEqual(["relay.key", "webrtc.pem"]);
  expect((await stat(join(folder.path, "webrtc.pem"))).mode & 0o777).toBe(0o600);
});

test("an announced address gets the hash of the certificate", async () => {
  const command = relay("--webrtc-port", "0", "--announce", "/ip4/203.0.113.7/udp/4175/webrtc-direct");
  expect(
    await command.waitFor(
      /^relay listening: (\/ip4\/203\.0\.113\.7\/udp\/4175\/webrtc-direct\/certhash\/u\S+\/p2p\/\w+)$/m,
    ),
  ).toBeDefined();
});

test("a taken port and a damaged certificate are named in one line, and nothing is replaced", async () => {
  const other = createSocket("udp4").bind(0, "0.0.0.0");
  await once(other, "listening");
  const port = String(other.address().port);
  const taken = await relay("--webrtc-port", port).exited;
  other.close();
  expect(taken).toMatchObject({ status: 2, stdout: "" });
  expect(taken.stderr).toBe(`kith relay: port ${port} is already in use: choose another with --webrtc-port\n`);
  await writeFile(join(folder.path, "webrtc.pem"), "not a certificate");
  const damaged = await relay("--webrtc-port", "0").exited;
  expect(damaged).toMatchObject({ status: 2, stdout: "" });
  expect(damaged.stderr).toMatch(
    /^kith relay: [^\n]+webrtc\.pem holds no certificate[^\n]+remove it to get a new address\n$/,
  );
});

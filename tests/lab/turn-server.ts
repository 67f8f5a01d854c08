/** coturn on a machine of the lab, for what relays cost elsewhere. Installed by whoever wants that measured; nothing else needs it. */
import type { ChildProcess } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import type { Namespace } from "./namespace.ts";

const PROGRAM = "/usr/bin/turnserver";
const PORT = 3478;
const USER = { username: "kith", credential: "lab" };
const START_LIMIT_MS = 20_000;

export class TurnServer {
  readonly #child: ChildProcess;
  readonly #address: string;

  private constructor(child: ChildProcess, address: string) {
    this.#child = child;
    this.#address = address;
  }

  static reasonAgainst(): string | undefined {
    return existsSync(PROGRAM) ? undefined : "coturn is not installed (apt-get install coturn)";
  }

  static async start(machine: Namespace, address: string, folder: string): Promise<TurnServer> {
    const options = {
      "listening-ip": address,
      "relay-ip": address,
      "listening-port": PORT,
      user: `${USER.username}:${USER.credential}`,
      realm: "lab",
      userdb: join(folder, "turn.db"),
      pidfile: join(folder, "turn.pid"),
      "log-file": "stdout",
    };
    const named = Object.entries(options).map(([name, value]) => `--${name}=${value}`);
    const child = machine.spawn(PROGRAM, "-n", "--no-cli", "--no-tls", "--no-dtls", "--lt-cred-mech", ...named);
    const { stdout } = child;
    if (stdout === null) throw new Error("coturn has no output");
    const lines = createInterface({ input: stdout, signal: AbortSignal.timeout(START_LIMIT_MS) });
    for await (const line of lines) if (/DB connection success/i.test(line)) break;
    stdout.resume();
    return new TurnServer(child, address);
  }

  iceServer(protocol: "udp" | "tcp"): RTCIceServer {
    return { urls: `turn:${this.#address}:${PORT}?transport=${protocol}`, ...USER };
  }

  async kill(): Promise<void> {
    const ended = once(this.#child, "exit");
    this.#child.kill("SIGKILL");
    await ended;
  }
}

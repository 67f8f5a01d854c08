/** One machine of the lab: a network namespace with interfaces, counters and processes of its own. */
import { spawn, type ChildProcess } from "node:child_process";
import { command, commandWithInput } from "./command.ts";

export interface Counters {
  /** Bytes that came in and went out, headers of IP and Ethernet included. */
  readonly received: number;
  readonly sent: number;
}

export class Namespace {
  /** Unique on the machine: with the prefix of the run. */
  readonly name: string;

  private constructor(name: string) {
    this.name = name;
  }

  static async create(name: string): Promise<Namespace> {
    await command("ip", "netns", "add", name);
    const namespace = new Namespace(name);
    await namespace.ip("link", "set", "lo", "up");
    return namespace;
  }

  /** `ip` with these arguments, inside. */
  async ip(...args: readonly string[]): Promise<string> {
    return command("ip", "-n", this.name, ...args);
  }

  async set(...settings: readonly string[]): Promise<void> {
    await this.run("sysctl", "-q", "-w", ...settings);
  }

  async run(program: string, ...args: readonly string[]): Promise<string> {
    return command("ip", "netns", "exec", this.name, program, ...args);
  }

  /** Replaces all packet rules, and forgets every connection that was tracked under the old ones. */
  async setRules(rules: string): Promise<void> {
    await this.addRules(`flush ruleset\n${rules}`);
    await this.run("conntrack", "-F");
  }

  async addRules(rules: string): Promise<void> {
    await commandWithInput(rules, "ip", "netns", "exec", this.name, "nft", "-f", "-");
  }

  /** The caller ends it. */
  spawn(program: string, ...args: readonly string[]): ChildProcess {
    return spawn("ip", ["netns", "exec", this.name, program, ...args], { stdio: ["ignore", "pipe", "pipe"] });
  }

  async counters(device: string): Promise<Counters> {
    const stats: unknown = JSON.parse(await this.ip("-s", "-j", "link", "show", "dev", device));
    const [{ stats64 }] = stats as [{ stats64: { rx: { bytes: number }; tx: { bytes: number } } }];
    return { received: stats64.rx.bytes, sent: stats64.tx.bytes };
  }

  /** Its interfaces go with it. */
  async delete(): Promise<void> {
    await command("ip", "netns", "delete", this.name);
  }
}

/** A cable: an interface in each of the two namespaces. */
export async function connect(left: Namespace, device: string, right: Namespace, peer: string): Promise<void> {
  await left.ip("link", "add", device, "type", "veth", "peer", "name", peer, "netns", right.name);
  await Promise.all([left.ip("link", "set", device, "up"), right.ip("link", "set", peer, "up")]);
}

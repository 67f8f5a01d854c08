/**
 * The world between the sites: one bridge with public addresses (203.0.113.0/24) that also routes to the networks of open sites.
 * No namespace has a way to the machine's own network.
 */
import { connect, Namespace } from "./namespace.ts";
import { slowDown } from "./slow-cable.ts";

const PREFIX = "203.0.113";
const GATEWAY = `${PREFIX}.254`;
const MAX_MEMBERS = 250;

export class Internet {
  readonly #namespace: Namespace;
  #members = 0;
  /** By machine: the bridge's end of its cable. */
  readonly #ports = new Map<Namespace, string>();

  private constructor(namespace: Namespace) {
    this.#namespace = namespace;
  }

  static async create(name: string): Promise<Internet> {
    const namespace = await Namespace.create(name);
    await namespace.ip("link", "add", "bridge", "type", "bridge");
    await namespace.ip("address", "add", `${GATEWAY}/24`, "dev", "bridge");
    await namespace.ip("link", "set", "bridge", "up");
    await namespace.set("net.ipv4.ip_forward=1", "net.ipv4.conf.all.send_redirects=0");
    return new Internet(namespace);
  }

  /** Connects a machine, whose interface is then called so, and answers its address: another at each call. */
  async join(machine: Namespace, device: string): Promise<string> {
    this.#members += 1;
    if (this.#members > MAX_MEMBERS) throw new Error("the bridge of the lab has no address left");
    const port = `port${this.#members}`;
    const address = `${PREFIX}.${this.#members}`;
    this.#ports.set(machine, port);
    await connect(machine, device, this.#namespace, port);
    await this.#namespace.ip("link", "set", port, "master", "bridge");
    await machine.ip("address", "add", `${address}/24`, "dev", device);
    await machine.ip("route", "replace", "default", "via", GATEWAY);
    return address;
  }

  /** What is for this network goes by that machine. */
  async route(network: string, via: string): Promise<void> {
    await this.#namespace.ip("route", "replace", network, "via", via);
  }

  /** Each crossing of this machine's cable takes so long from now on, until what is answered is called: before the end of the lab. */
  async slowDown(machine: Namespace, device: string, crossingMs: number): Promise<() => Promise<void>> {
    const port = this.#ports.get(machine);
    if (port === undefined) throw new Error("the machine is not connected");
    return slowDown({ machine, device, world: this.#namespace, port }, crossingMs);
  }

  async delete(): Promise<void> {
    await this.#namespace.delete();
  }
}

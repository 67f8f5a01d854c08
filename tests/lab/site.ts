/** A router and the network behind it, for one host or several: of one kind, which can be changed while everything runs. */
import type { Internet } from "./internet.ts";
import { connect, Namespace } from "./namespace.ts";
import { isPublic, routerRules, type SiteKind } from "./site-kinds.ts";

/** The interface of every host. */
export const HOST_DEVICE = "eth0";

export class Site {
  readonly #internet: Internet;
  readonly #router: Namespace;
  readonly #number: number;
  #kind: SiteKind;
  #wanAddress: string;
  /** By host: the last byte of its address. */
  readonly #hosts = new Map<Namespace, number>();
  #ports = 0;

  private constructor(internet: Internet, router: Namespace, number: number, kind: SiteKind, wanAddress: string) {
    this.#internet = internet;
    this.#router = router;
    this.#number = number;
    this.#kind = kind;
    this.#wanAddress = wanAddress;
  }

  /** `number` is the site's own in this lab, from 1 to 254. */
  static async create(internet: Internet, name: string, number: number, kind: SiteKind): Promise<Site> {
    const router = await Namespace.create(name);
    await router.set("net.ipv4.ip_forward=1");
    await router.ip("link", "add", "lan", "type", "bridge");
    await router.ip("link", "set", "lan", "up");
    const site = new Site(internet, router, number, kind, await internet.join(router, "wan"));
    await site.become(kind);
    return site;
  }

  get kind(): SiteKind {
    return this.#kind;
  }

  /** From now on it is of this kind. Hosts keep their addresses, except to and from a kind with public ones. */
  async become(kind: SiteKind): Promise<void> {
    this.#kind = kind;
    await this.#router.ip("address", "flush", "dev", "lan");
    await this.#router.ip("address", "add", `${this.#network()}.1/24`, "dev", "lan");
    if (isPublic(kind)) await this.#internet.route(`${this.#network()}.0/24`, this.#wanAddress);
    await this.#router.setRules(routerRules(kind));
    for (const [host, last] of this.#hosts) await this.#address(host, last);
  }

  async add(host: Namespace): Promise<void> {
    this.#ports += 1;
    const port = `port${this.#ports}`;
    await connect(host, HOST_DEVICE, this.#router, port);
    await this.#router.ip("link", "set", port, "master", "lan");
    const last = this.#ports + 1;
    this.#hosts.set(host, last);
    await this.#address(host, last);
  }

  /** Pulls the cable: the host has no network any more. */
  async remove(host: Namespace): Promise<void> {
    this.#hosts.delete(host);
    await host.ip("link", "delete", HOST_DEVICE);
  }

  /** From now on nothing passes between the hosts here and those of that site; of this very site: between one host and another. */
  async cutFrom(other: Site): Promise<void> {
    const rules =
      other === this
        ? "table bridge cut { chain c { type filter hook forward priority 0; policy drop; }; }"
        : `table ip cut { chain c { type filter hook forward priority -10; policy accept; ip saddr ${other.#seenAs()} drop; ip daddr ${other.#seenAs()} drop; }; }`;
    await this.#router.addRules(rules);
  }

  /** The line to the world is dead; the network inside goes on. */
  async unplug(): Promise<void> {
    await this.#router.ip("link", "set", "wan", "down");
  }

  async mend(): Promise<void> {
    await this.#router.setRules(routerRules(this.#kind));
  }

  /** Far away: each crossing of its line to the world takes so long, until what is answered is called. */
  async slowDown(crossingMs: number): Promise<() => Promise<void>> {
    return this.#internet.slowDown(this.#router, "wan", crossingMs);
  }

  async delete(): Promise<void> {
    await this.#router.delete();
  }

  async #address(host: Namespace, last: number): Promise<void> {
    await host.ip("address", "flush", "dev", HOST_DEVICE);
    await host.ip("address", "add", `${this.#network()}.${last}/24`, "dev", HOST_DEVICE);
    await host.ip("route", "replace", "default", "via", `${this.#network()}.1`);
  }

  /** The addresses under which the world sees its hosts. */
  #seenAs(): string {
    return isPublic(this.#kind) ? `${this.#network()}.0/24` : this.#wanAddress;
  }

  /** The first three bytes of the addresses inside. */
  #network(): string {
    return `${isPublic(this.#kind) ? "198.18" : "10.0"}.${this.#number}`;
  }
}

/** Through what each device of a contact was reached last, kept in the contact's row: the way that is tried first after a start. */
import type { AccountId, DeviceId, PeerKey } from "./codec/ids.ts";
import type { WayRow } from "./store/people-tables.ts";
import type { Detour, Path } from "./transport/transport.ts";
import { changeContact } from "./conversations/contact-rows.ts";
import type { CoreContext } from "./conversations/core-context.ts";

const DAY_MS = 86_400_000;
/** By then relays and helpers are others. */
const MAX_AGE_MS = 14 * DAY_MS;

export class LastWays {
  readonly #core: CoreContext;

  constructor(core: CoreContext) {
    this.#core = core;
  }

  /** Undefined where none is known, or the one that is known is too old. */
  of(account: AccountId, device: DeviceId): Detour | undefined {
    const row = this.#core.directory.contacts.get(account)?.ways?.find((way) => way.device === device);
    if (row === undefined || this.#ageMs(row) > MAX_AGE_MS) return undefined;
    if (row.helper !== undefined) return { kind: "peer", helper: row.helper };
    return row.relay === undefined ? undefined : { kind: "relay", relay: row.relay };
  }

  /** Keeps what led to this peer. Resolves after the commit, if one was needed: the same way is written once a day. */
  async note(peer: PeerKey, path: Path): Promise<void> {
    if (path.kind !== "relay" && path.kind !== "peer") return;
    const { directory, clock } = this.#core;
    const account = directory.contactBehind(peer);
    const device = directory.deviceOfPeer(peer);
    if (account === undefined || device === undefined) return;
    const at = clock.now();
    const row: WayRow = path.kind === "peer" ? { device, helper: path.helper, at } : { device, relay: path.relay, at };
    const held = directory.contacts.get(account)?.ways?.find((way) => way.device === device);
    const isSame = held?.relay === row.relay && held?.helper === row.helper;
    if (isSame && held !== undefined && this.#ageMs(held) < DAY_MS && held.at <= at) return;
    const listed = new Set(directory.devicesOf(account)?.devices.map((other) => other.device));
    const isKept = (way: WayRow): boolean => way.device !== device && listed.has(way.device);
    await changeContact(this.#core, account, "relaxed", (contact) => ({
      ...contact,
      ways: [...(contact.ways ?? []).filter(isKept), row],
    }));
  }

  #ageMs({ at }: WayRow): number {
    return this.#core.clock.now() - at;
  }
}

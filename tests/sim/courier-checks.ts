/** What must hold of parcels that contacts carry for each other (PROTOCOL, Couriers): quotas at any time, and nothing left once all is settled. */
import type { AccountId } from "../../src/core/codec/ids.ts";
import type { Profile } from "./profile.ts";
import type { SimWorld } from "./world.ts";

/** As PROTOCOL states them. */
const MAX_PARCELS = 20;
const MAX_BYTES = 2 * 1024 * 1024;
const DEPOSITOR_PARCELS = 10;
const DEPOSITOR_BYTES = 1024 * 1024;
const PAIR_PARCELS = 5;
const PAIR_BYTES = 512 * 1024;
const MAX_RECEIPTS = 64;

interface Held {
  readonly recipient: string;
  readonly depositor: string;
  readonly id: string;
  readonly size: number;
}

/** Of every profile, at any time. */
export async function checkQuotas(world: SimWorld): Promise<void> {
  for (const { profile } of world.people) {
    const parcels = await heldBy(profile);
    const of = (key: (parcel: Held) => string): Iterable<readonly Held[]> => groupedBy(parcels, key).values();
    check(world, profile, [parcels], MAX_PARCELS, MAX_BYTES);
    check(
      world,
      profile,
      of(({ depositor }) => depositor),
      DEPOSITOR_PARCELS,
      DEPOSITOR_BYTES,
    );
    check(
      world,
      profile,
      of(({ depositor, recipient }) => `${depositor} ${recipient}`),
      PAIR_PARCELS,
      PAIR_BYTES,
    );
    await checkRows(world, profile, parcels);
  }
}

/** Parcels that still lie with somebody for somebody who is there, in words. */
export async function unsettledParcels(world: SimWorld): Promise<readonly string[]> {
  const amiss: string[] = [];
  for (const person of world.people) {
    if (!person.isOpen) continue;
    for (const { recipient, depositor } of await heldBy(person.profile)) {
      const isThere = world.people.some(({ profile, isOpen }) => isOpen && profile.account === recipient);
      if (!isThere || !(await areContacts(person.profile, recipient))) continue;
      amiss.push(`a parcel of ${nameOf(world, depositor)} for ${nameOf(world, recipient)} is left at ${person.name}`);
    }
  }
  return amiss;
}

async function checkRows(world: SimWorld, profile: Profile, parcels: readonly Held[]): Promise<void> {
  const { bytes, receipts } = await profile.store.read(["parcelBytes", "parcelReceipts"], async (tx) => ({
    bytes: await tx.range("parcelBytes", {}),
    receipts: await tx.range("parcelReceipts", {}),
  }));
  const sizeByParcel = new Map(bytes.map(({ key, value }) => [key.join(" "), value.length]));
  const isWhole = parcels.every(({ id, depositor, size }) => sizeByParcel.get(`${id} ${depositor}`) === size);
  if (!isWhole || bytes.length !== parcels.length) world.fail(`${profile.name} carries parcels without their bytes`);
  for (const kept of groupedBy(receipts, ({ key }) => String(key[0])).values()) {
    if (kept.length > MAX_RECEIPTS) world.fail(`${profile.name} keeps ${kept.length} receipts for one depositor`);
  }
}

function check(
  world: SimWorld,
  profile: Profile,
  shares: Iterable<readonly Held[]>,
  parcels: number,
  bytes: number,
): void {
  for (const share of shares) {
    const size = share.reduce((sum, held) => sum + held.size, 0);
    if (share.length > parcels || size > bytes)
      world.fail(`${profile.name} carries too much: ${share.length} parcels, ${size} bytes`);
  }
}

async function heldBy(profile: Profile): Promise<readonly Held[]> {
  const rows = await profile.store.read(["parcels"], (tx) => tx.range("parcels", {}));
  return rows.map(({ key, value }) => ({
    recipient: String(key[0]),
    depositor: String(key[1]),
    id: String(key[2]),
    size: value.size,
  }));
}

async function areContacts(profile: Profile, account: string): Promise<boolean> {
  const contact = await profile.store.read(["contacts"], (tx) => tx.get("contacts", [account]));
  return contact?.isConfirmed === true;
}

function nameOf(world: SimWorld, account: string): string {
  return world.profileOf(account as AccountId)?.name ?? "somebody";
}

function groupedBy<Item>(items: readonly Item[], keyOf: (item: Item) => string): ReadonlyMap<string, readonly Item[]> {
  const groups = new Map<string, Item[]>();
  for (const item of items) groups.set(keyOf(item), [...(groups.get(keyOf(item)) ?? []), item]);
  return groups;
}

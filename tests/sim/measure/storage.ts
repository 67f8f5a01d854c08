/** What profiles hold for others at one moment: parcels of couriers, and the sealed messages of a group that others wrote. */
import { sizeOfValue } from "../../../src/adapters/memory/value-size.ts";
import type { Circle } from "./circle.ts";
import type { MeasuredWorld } from "./measured-world.ts";

/** Bytes of each person, in their order. */
export interface StorageSample {
  readonly bytes: readonly number[];
}

export async function sampleStorage(world: MeasuredWorld, circle: Circle): Promise<StorageSample> {
  const holders = circle.kind === "two" ? world.people.slice(2) : world.people;
  const bytes: number[] = [];
  for (const { profile } of holders) {
    bytes.push(
      await profile.store.read(["parcels", "parcelBytes", "entries", "envelopes"], async (tx) => {
        const parcels = await tx.range("parcels", {});
        const carried = parcels.reduce((sum, { value }) => sum + value.size, 0);
        if (circle.kind === "two") return carried;
        const entries = await tx.range("entries", {});
        return entries
          .filter(({ key }) => !profile.devices.has(String(key[1])))
          .reduce((sum, { value }) => sum + sizeOfValue(value), carried);
      }),
    );
  }
  return { bytes };
}

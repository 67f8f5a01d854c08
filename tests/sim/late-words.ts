/**
 * Where two members may show the same messages in another order: one of them had to open an entry before a former member's words on which it
 * rests had come, and its author's clock was behind them (docs/decisions/0116). Nothing else may make a difference.
 */
import { decodeHeader } from "../../src/core/codec/entry.ts";
import type { AccountId, EntryId, ThreadId } from "../../src/core/codec/ids.ts";
import type { SimPerson } from "./person.ts";
import type { SimWorld } from "./world.ts";

interface Placed {
  readonly id: EntryId;
  readonly rank: string;
  /** Places of its previous entry and of its dependencies. */
  readonly restsOn: readonly string[];
  /** Devices of its dependencies. */
  readonly devices: readonly string[];
}

/** Whether every rank that the two give differently follows from such an entry. `members`: of the group, at both. */
export async function differsByLateWords(
  world: SimWorld,
  group: ThreadId,
  [one, other]: readonly [SimPerson, SimPerson],
  members: ReadonlySet<AccountId>,
): Promise<boolean> {
  const [here, there] = [await placedAt(one, group), await placedAt(other, group)];
  const differing = new Map(
    [...here].filter(([place, { id, rank }]) => there.get(place)?.id === id && there.get(place)?.rank !== rank),
  );
  const inside = new Set([...members].flatMap((account) => [...(world.profileOf(account)?.devices ?? [])]));
  const roots = [...differing.values()].filter(({ restsOn }) => !restsOn.some((place) => differing.has(place)));
  return roots.length > 0 && roots.every(({ devices }) => devices.some((device) => !inside.has(device)));
}

/** What has been opened, by place. */
async function placedAt({ profile }: SimPerson, group: ThreadId): Promise<ReadonlyMap<string, Placed>> {
  const rows = await profile.store.read(["entries"], (tx) => tx.range("entries", { prefix: [group] }));
  const placed = new Map<string, Placed>();
  for (const { key, value } of rows) {
    if (value.rank === "") continue;
    const { device, channel, seq, dependencies } = decodeHeader(value.header);
    const restsOn = [`${device}/${channel}/${seq - 1}`, ...dependencies.map(placeOf)];
    const devices = dependencies.map((dependency) => dependency.device as string);
    placed.set(key.slice(1).join("/"), { id: value.id, rank: value.rank, restsOn, devices });
  }
  return placed;
}

function placeOf({
  device,
  channel,
  seq,
}: {
  readonly device: string;
  readonly channel: number;
  readonly seq: number;
}) {
  return `${device}/${channel}/${seq}`;
}

/** What must hold after any run of an epoch world, however it went. Throws if it does not. */
import { bytesToHex, textToBytes } from "../../src/core/codec/bytes.ts";
import { MESSAGE_CHANNEL } from "../../src/core/codec/entry.ts";
import type { EpochDevice } from "./epoch-device.ts";
import { DAMAGED, EpochWorld, type SentMessage, type WorldOptions } from "./epoch-world.ts";

export async function checkRun(options: WorldOptions): Promise<EpochWorld> {
  const world = new EpochWorld(options);
  await world.run();
  await world.exchange();
  await checkLevel(world);
  await checkOpenedByEntitled(world);
  await world.handOver();
  // The epochs go on behind what was handed over.
  await world.everybodySends();
  await world.exchange();
  await world.handOver();
  await checkShown(world);
  await world.settle();
  for (const device of world.devices) await checkErased(world, device);
  holds(world.nonces.reuses === 0, "one key and nonce for two things");
  return world;
}

async function checkLevel(world: EpochWorld): Promise<void> {
  const digests = await Promise.all(world.devices.map((device) => world.digest(device)));
  holds(new Set(digests).size === 1, "logs differ after everything was exchanged");
}

/** Before anybody handed anything over: who can read what by their own keys. */
async function checkOpenedByEntitled(world: EpochWorld): Promise<void> {
  const { hasCarriers, hasLateMember, mischief } = world.options;
  const canLackEnvelopes = hasCarriers || hasLateMember || mischief === "carrier";
  for (const message of world.sent) {
    const { device: author, epoch } = message.entry.header;
    const text = textToBytes(message.text);
    holds(!Buffer.from(message.entry.parts.body).includes(Buffer.from(text)), "a text is on the wire");
    for (const reader of world.devices.filter(({ device }) => device !== author)) {
      const isMisled = world.misled.has(`${reader.device}/${author}/${epoch}`);
      const isEntitled = message.entitled.has(reader.device) && !isMisled;
      const isOpen = await hasOpening(world, reader, message);
      holds(isEntitled || !isOpen, `somebody opened "${message.text}" who must not`);
      holds(isOpen || !isEntitled || canLackEnvelopes, `"${message.text}" does not open for who it is for`);
    }
  }
}

async function hasOpening(world: EpochWorld, reader: EpochDevice, { entry }: SentMessage): Promise<boolean> {
  const { device, seq } = entry.header;
  const key = [world.conversation, device, MESSAGE_CHANNEL, seq];
  const row = await reader.store.read(["entries"], (tx) => tx.get("entries", key));
  return row?.opening !== undefined;
}

async function checkShown(world: EpochWorld): Promise<void> {
  const [first = [], ...rest] = await Promise.all(world.devices.map((device) => world.shown(device)));
  const written = world.sent.map(({ text, isLie }) => (isLie ? DAMAGED : text));
  holds(first.toSorted().join("|") === written.toSorted().join("|"), "not every message is shown once with its text");
  for (const shown of rest) holds(shown.join("|") === first.join("|"), "equal entries, but not an equal state");
}

/** Once all have told that they have everything. */
async function checkErased(world: EpochWorld, device: EpochDevice): Promise<void> {
  const prefix = [world.conversation];
  const { chains, sendings, kems, envelopes } = await device.store.read(
    ["chains", "sendings", "kems", "envelopes"],
    async (tx) => ({
      chains: await tx.range("chains", { prefix }),
      sendings: await tx.range("sendings", { prefix }),
      kems: await tx.range("kems", { prefix }),
      envelopes: await tx.range("envelopes", { prefix }),
    }),
  );
  for (const { value } of [...chains, ...sendings]) {
    holds(!device.usedKeys.has(bytesToHex(value.key)), "a chain key is kept after its use");
  }
  for (const { key } of chains) {
    const newest = world.sent
      .filter(({ entry, entitled }) => entry.header.device === key[1] && entitled.has(device.device))
      .map(({ entry }) => entry.header.epoch);
    holds(Number(key[2]) >= Math.max(0, ...newest), "a chain of an earlier epoch is kept");
  }
  holds(kems.length === 1, `${kems.length} X-Wing secrets are kept`);
  holds(envelopes.length === 0, "an envelope is kept that everybody has opened");
}

function holds(condition: boolean, otherwise: string): void {
  if (!condition) throw new Error(otherwise);
}

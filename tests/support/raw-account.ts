/** An account played by hand: signs further device lists of somebody, also ones that no honest app would sign. */
import { bytesToHex } from "../../src/core/codec/bytes.ts";
import type { PeerKey } from "../../src/core/codec/ids.ts";
import { encodeBundle } from "../../src/core/conversations/bundle.ts";
import { consentingDevice, deviceIdOf, encodeDeviceList, type ListedDevice } from "../../src/core/crypto/identity.ts";
import { createSuite } from "../../src/core/crypto/real-suite.ts";
import type { Suite } from "../../src/core/crypto/suite.ts";
import type { DeviceListRow, IdentityRow } from "../../src/core/store/tables.ts";
import type { CorePerson } from "./core-world.ts";

export class RawAccount {
  readonly identity: IdentityRow;
  readonly peerSeed: Uint8Array;
  readonly #suite: Suite;
  readonly #number: number;
  readonly #devices: readonly ListedDevice[];

  private constructor(suite: Suite, identity: IdentityRow, number: number, devices: readonly ListedDevice[]) {
    this.#suite = suite;
    this.identity = identity;
    this.peerSeed = identity.peerSeed;
    this.#number = number;
    this.#devices = devices;
  }

  /** The account of this person, as their device has it now. */
  static async of(person: CorePerson, suite = createSuite()): Promise<RawAccount> {
    const identity = await person.identity();
    const held = await person.store.read(["devices"], (tx) => tx.get("devices", [identity.account]));
    if (held === undefined) throw new Error("no device list");
    return new RawAccount(suite, identity, held.number, held.devices);
  }

  /** The next list: another device, with a log key and a peer key of its own, before the ones there are. */
  withNewPeer(): RawAccount {
    return this.#with(this.#number + 1, this.#suite.random(32));
  }

  /** The next list, with another device instead of those there were: as after a restore elsewhere. */
  onNewDeviceOnly(): RawAccount {
    const next = this.withNewPeer();
    return new RawAccount(this.#suite, next.identity, next.#number, next.#devices.slice(0, 1));
  }

  /** Another list of the same number: a fork. */
  fork(): RawAccount {
    return this.#with(this.#number, this.identity.peerSeed);
  }

  bundle(): Uint8Array {
    return encodeBundle(this.#suite, this.identity, this.#list());
  }

  /** Makes this the device that the person's store holds. Their app must be closed. */
  async moveInto(person: CorePerson): Promise<void> {
    await person.store.write(["identity", "devices"], "strict", async (tx) => {
      tx.put("identity", ["self"], this.identity);
      tx.put("devices", [this.identity.account], this.#list());
    });
  }

  #list(): DeviceListRow {
    const { rootKey, rootSeed } = this.identity;
    const list = { rootKey, number: this.#number, devices: this.#devices };
    return { ...list, bytes: encodeDeviceList(this.#suite, rootSeed, list) };
  }

  #with(number: number, peerSeed: Uint8Array): RawAccount {
    const suite = this.#suite;
    const { rootKey } = this.identity;
    const logSeed = suite.random(32);
    const logKey = suite.publicKey(logSeed);
    const peerKey = bytesToHex(suite.publicKey(peerSeed)) as PeerKey;
    const added = consentingDevice(suite, rootKey, { logSeed, peerSeed }, 1_000);
    const identity = { ...this.identity, logSeed, logKey, device: deviceIdOf(suite, logKey), peerSeed, peerKey };
    return new RawAccount(suite, identity, number, [added, ...this.#devices]);
  }
}

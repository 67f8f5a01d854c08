/**
 * Vite plugin: leaves out what libp2p and Vite bring and Kith never uses, a twelfth of all script. What was left out of libp2p throws when
 * called. A stand-in names every export that is imported; should an update import another one, the build fails.
 */
import { fileURLToPath } from "node:url";
import type { Plugin } from "vite";

const PEER_STORE_FILE = fileURLToPath(new URL("../src/adapters/libp2p/peer-store.ts", import.meta.url));

interface StandIn {
  readonly module: RegExp;
  readonly source: string;
}

/** Only ever asked whether an IPv4 address is in a range, both well formed. */
export const IPV4_RANGES = `
const toNumber = (address) => address.split(".").reduce((sum, byte) => (sum << 8) | Number(byte), 0);
export class Netmask {
  constructor(range) {
    const [address, bits] = range.split("/");
    this.mask = -1 << (32 - Number(bits));
    this.base = toNumber(address);
  }
  contains(address) { return ((toNumber(address) ^ this.base) & this.mask) === 0; }
}
`;

const STAND_INS: readonly StandIn[] = [
  // Peers, relays too, have Ed25519 keys.
  {
    module: /\/@libp2p\/crypto\/dist\/src\/keys\/rsa\/utils\.js$/,
    source: throwing("RSA keys", [
      "pkcs1ToRSAPrivateKey",
      "pkixToRSAPublicKey",
      "generateRSAKeyPair",
      "pkcs1MessageToRSAPrivateKey",
      "pkixMessageToRSAPublicKey",
      "jwkToRSAPrivateKey",
    ]),
  },
  {
    module: /\/@libp2p\/crypto\/dist\/src\/keys\/ecdsa\/utils\.js$/,
    source: throwing("ECDSA keys", [
      "generateECDSAKeyPair",
      "pkiMessageToECDSAPrivateKey",
      "pkiMessageToECDSAPublicKey",
      "unmarshalECDSAPrivateKey",
      "unmarshalECDSAPublicKey",
      "privateKeyToPKIMessage",
      "publicKeyToPKIMessage",
    ]),
  },
  {
    module: /\/@libp2p\/crypto\/dist\/src\/keys\/secp256k1\/utils\.js$/,
    source: throwing("secp256k1 keys", [
      "generateSecp256k1KeyPair",
      "unmarshalSecp256k1PrivateKey",
      "unmarshalSecp256k1PublicKey",
    ]),
  },
  {
    module: /\/@libp2p\/crypto\/dist\/src\/keys\/secp256k1\/index\.browser\.js$/,
    source: "export const publicKeyLength = 33;\nexport const privateKeyLength = 32;\n",
  },
  {
    // A node gets the silent logger.
    module: /\/@libp2p\/logger\/dist\/src\/index\.js$/,
    source: throwing("libp2p's own logs", ["defaultLogger"]),
  },
  {
    // No addresses over which somebody could come in: a browser listens on circuits only, so nothing maps to them.
    module: /\/libp2p\/dist\/src\/address-manager\/ip-mappings\.js$/,
    source: withoutMappings("IPMappings"),
  },
  { module: /\/libp2p\/dist\/src\/address-manager\/dns-mappings\.js$/, source: withoutMappings("DNSMappings") },
  {
    // Kept in memory without a database below, its locks and its encoding.
    module: /\/@libp2p\/peer-store\/dist\/src\/index\.js$/,
    source: `export { persistentPeerStore } from ${JSON.stringify(PEER_STORE_FILE)};\n`,
  },
  { module: /\/datastore-core\/dist\/src\/memory\.js$/, source: "export class MemoryDatastore {}\n" },
  {
    // The adapter dials the addresses it has, and no router is configured.
    module: /\/libp2p\/dist\/src\/peer-routing\.js$/,
    source: `export class DefaultPeerRouting {\n  async findPeer() { throw new Error("no peer routers"); }\n}\n`,
  },
  { module: /\/libp2p\/dist\/src\/content-routing\.js$/, source: "export class CompoundContentRouting {}\n" },
  { module: /\/libp2p\/dist\/src\/random-walk\.js$/, source: "export class RandomWalk {}\n" },
  // The heartbeat takes its place, and the reservations dial relays again (`node.ts`).
  { module: /\/libp2p\/dist\/src\/connection-monitor\.js$/, source: "export class ConnectionMonitor {}\n" },
  {
    module: /\/libp2p\/dist\/src\/connection-manager\/reconnect-queue\.js$/,
    source: "export class ReconnectQueue {}\n",
  },
  {
    // Lists of addresses that are always or never let in: the gate decides that.
    module: /\/@chainsafe\/netmask\/dist\/src\/index\.js$/,
    source: `export class IpNet {\n  constructor() { throw new Error("address ranges are not supported"); }\n}\n${throwing("address ranges", ["cidrContains"])}`,
  },
  {
    // For /dnsaddr addresses it would ask public DNS servers over HTTPS, which learn what is dialled. Kith asks nobody.
    module: /\/libp2p\/dist\/src\/connection-manager\/resolvers\/dnsaddr\.js$/,
    source: "export const dnsaddrResolver = { canResolve: () => false };\n",
  },
  { module: /\/@libp2p\/crypto\/dist\/src\/keys\/rsa\/der\.js$/, source: throwing("DER keys", ["decodeDer"]) },
  { module: /\/netmask\/dist\/netmask\.js$/, source: IPV4_RANGES },
  {
    // The other way to write a peer's name. Keys, addresses and invites here have its multihash, which is all that is taken from one.
    module: /\/multiformats\/dist\/src\/cid\.js$/,
    source: `export const CID = {
  createV1: (code, multihash) => ({ version: 1, code, multihash }),
  parse() { throw new Error("names in the form of a CID are not supported"); },
};
`,
  },
  {
    module: /\/multiformats\/dist\/src\/index\.js$/,
    source: `export { CID } from "multiformats/cid";\nexport * as digest from "multiformats/hashes/digest";\n`,
  },
  {
    module: /\/@libp2p\/noise\/dist\/src\/logger\.js$/,
    source: [
      "logLocalStaticKeys",
      "logLocalEphemeralKeys",
      "logRemoteStaticKey",
      "logRemoteEphemeralKey",
      "logCipherState",
    ]
      .map((name) => `export function ${name}() {}\n`)
      .join(""),
  },
  { module: /\/@libp2p\/noise\/dist\/src\/metrics\.js$/, source: "export function registerMetrics() {}\n" },
  {
    // How others say they see this node: asked of nobody (`node.ts`), and of no use to a node that listens on circuits only.
    module: /\/libp2p\/dist\/src\/address-manager\/observed-addresses\.js$/,
    source: withoutMappings("ObservedAddresses"),
  },
  {
    // Relays are named by the settings and by contacts, never looked for among peers.
    module: /\/@libp2p\/circuit-relay-v2\/dist\/src\/transport\/discovery\.js$/,
    source: "export class RelayDiscovery {\n  addEventListener() {}\n  startDiscovery() {}\n  stopDiscovery() {}\n}\n",
  },
  {
    // Instead of a filter for millions of peers, which sometimes errs: they are a few dozen here.
    module: /\/@libp2p\/utils\/dist\/src\/filters\/index\.js$/,
    source: `export function createScalableCuckooFilter() {
  const seen = new Set();
  return { has: (item) => seen.has(String(item)), add: (item) => { seen.add(String(item)); }, remove: (item) => seen.delete(String(item)) };
}
`,
  },
  {
    // The bases that occur in keys and addresses; without those made of emoji, of two digits and the like.
    module: /\/multiformats\/dist\/src\/basics\.js$/,
    source: `import * as base16 from "multiformats/bases/base16";
import * as base32 from "multiformats/bases/base32";
import * as base36 from "multiformats/bases/base36";
import * as base58 from "multiformats/bases/base58";
import * as base64 from "multiformats/bases/base64";
export * as digest from "multiformats/hashes/digest";
export const bases = { ...base16, ...base32, ...base36, ...base58, ...base64 };
`,
  },
  {
    // Loads styles and further scripts before a part that is loaded later. All styles are in one file here, and browsers load scripts themselves.
    module: /^\0vite\/preload-helper\.js$/,
    source: "export const __vitePreload = (load) => load();\n",
  },
];

export function leaveOut(): Plugin {
  return {
    name: "kith-leave-out",
    apply: "build",
    enforce: "pre",
    load(id) {
      const path = id.replaceAll("\\", "/");
      return STAND_INS.find(({ module }) => module.test(path))?.source;
    },
  };
}

function withoutMappings(name: string): string {
  return `export class ${name} {
  has() { return false; }
  add() { throw new Error("mapped addresses are not supported"); }
  remove() { return false; }
  getAll() { return []; }
  confirm() { return true; }
  unconfirm() { return true; }
}
`;
}

function throwing(what: string, names: readonly string[]): string {
  const message = JSON.stringify(`${what} are not supported`);
  return names.map((name) => `export function ${name}() { throw new Error(${message}); }\n`).join("");
}

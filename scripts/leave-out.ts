/**
 * Vite plugin: leaves out what libp2p and Vite bring and Kith never uses, a twelfth of all script. What was left out of libp2p throws when
 * called. A stand-in names every export that is imported; should an update import another one, the build fails.
 */
import type { Plugin } from "vite";

interface StandIn {
  readonly module: RegExp;
  readonly source: string;
}

const STAND_INS: readonly StandIn[] = [
  {
    // For /dnsaddr addresses it would ask public DNS servers over HTTPS, which learn what is dialled. Kith asks nobody.
    module: /\/@multiformats\/dns\/dist\/src\/index\.js$/,
    source: `export const RecordType = { TXT: 16 };\n${throwing("dnsaddr addresses", ["dns"])}`,
  },
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

function throwing(what: string, names: readonly string[]): string {
  const message = JSON.stringify(`${what} are not supported`);
  return names.map((name) => `export function ${name}() { throw new Error(${message}); }\n`).join("");
}

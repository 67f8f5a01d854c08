/**
 * WebRTC Direct for a relay: browsers reach it over UDP without a certificate that an authority signed, since its address names the hash of
 * the one it made itself (libp2p, webrtc-direct). The native code for it is loaded only where it is asked for.
 */
import { createHash, X509Certificate } from "node:crypto";
import { createSocket } from "node:dgram";
import { once } from "node:events";
import type { webRTCDirect } from "@libp2p/webrtc";
import { CommandError, messageOf } from "./command-error.ts";
import { portError } from "./listen-port.ts";
import type { SelfSigned } from "./self-signed.ts";

/** Multihash of SHA-256 (0x12) with 32 bytes, in multibase base64url ("u"). */
const MULTIHASH_HEAD = Buffer.of(0x12, 0x20);
const BARE_ADDRESS = /\/webrtc-direct$/;

export interface WebrtcOptions {
  /** UDP port; 0 for any free one. */
  readonly port: number;
  /** The flag to name when the port is taken. */
  readonly portFlag: string;
  /** Kept over restarts: addresses name its hash. */
  readonly certificate: SelfSigned;
}

export interface WebrtcListening {
  readonly transport: ReturnType<typeof webRTCDirect>;
  readonly listen: readonly string[];
  /** An address to tell peers, with the hash of the certificate where that is missing. */
  announced(address: string): string;
}

/** Throws CommandError when the port cannot be used, or this machine has no native code for it. */
export async function webrtcListening(host: string, options: WebrtcOptions): Promise<WebrtcListening> {
  const { cert, key } = options.certificate;
  const digest = createHash("sha256").update(new X509Certificate(cert).raw).digest();
  const certhash = `u${Buffer.concat([MULTIHASH_HEAD, digest]).toString("base64url")}`;
  const port = await usableUdpPort(host, options);
  const module = await import("@libp2p/webrtc").catch((error: unknown) => {
    throw new CommandError(
      `there is no WebRTC for this machine: leave --${options.portFlag} out (${messageOf(error)})`,
      {
        cause: error,
      },
    );
  });
  return {
    transport: module.webRTCDirect({ certificate: { privateKey: key, pem: cert, certhash } }),
    listen: [`/ip4/${host}/udp/${port}/webrtc-direct`],
    announced: (address) => (BARE_ADDRESS.test(address) ? `${address}/certhash/${certhash}` : address),
  };
}

/** The native library says only later, and to nobody, that a port is taken. */
async function usableUdpPort(host: string, { port, portFlag }: WebrtcOptions): Promise<number> {
  const probe = createSocket("udp4");
  try {
    probe.bind({ address: host, port, exclusive: true });
    await once(probe, "listening");
    return probe.address().port;
  } catch (error) {
    throw portError(error, host, port, portFlag);
  } finally {
    probe.close();
  }
}

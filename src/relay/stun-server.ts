/**
 * A STUN server (RFC 8489) that answers binding requests over UDP and nothing else: it tells a browser the address it is seen at, so that
 * two of them behind routers can find each other. It remembers nobody. An answer is at most 2.2 times as large as its request, and so
 * many are given in a second: nobody can be flooded through it.
 */
import { createSocket, type Socket, type SocketType } from "node:dgram";
import { once } from "node:events";
import { isIPv4 } from "node:net";
import { portError } from "./listen-port.ts";
import type { Running } from "./run-command.ts";
import { decodeBindingRequest, encodeBindingAnswer } from "./stun-message.ts";

const ALL_INTERFACES = "0.0.0.0";
const MAX_ANSWERS_PER_SECOND = 2_000;
const SECOND_MS = 1_000;
/** How an IPv4 client appears on a socket for both kinds of address. */
const MAPPED_IPV4 = /^::ffff:(?=\d+\.)/i;

export interface StunOptions {
  /** IPv4 address to listen on; 0.0.0.0 is all interfaces, of IPv6 too where there are any. */
  readonly host: string;
  /** UDP port; 0 for any free one. */
  readonly port: number;
  /** The flag to name when the port is taken. */
  readonly portFlag: string;
}

export interface StunServer extends Running {
  readonly port: number;
}

/** Resolves when it answers. Throws CommandError when it cannot listen. */
export async function startStunServer(options: StunOptions): Promise<StunServer> {
  const socket = await bind(options);
  let answers = 0;
  const timer = setInterval(() => {
    answers = 0;
  }, SECOND_MS).unref();
  socket.on("message", (packet, { address, port }) => {
    const request = decodeBindingRequest(packet);
    // An answer to port 0 cannot be sent.
    if (request === undefined || port === 0 || answers >= MAX_ANSWERS_PER_SECOND) return;
    answers += 1;
    // A client that cannot be reached is not the server's trouble.
    socket.send(encodeBindingAnswer(request, address.replace(MAPPED_IPV4, ""), port), port, address, () => undefined);
  });
  socket.on("error", () => undefined);
  return {
    port: socket.address().port,
    stop: async () => {
      clearInterval(timer);
      await new Promise<void>((resolve) => socket.close(() => resolve()));
    },
  };
}

async function bind(options: StunOptions): Promise<Socket> {
  if (options.host !== ALL_INTERFACES) return listen(isIPv4(options.host) ? "udp4" : "udp6", options.host, options);
  try {
    return await listen("udp6", "::", options);
  } catch {
    // There is no IPv6 here, or the port is taken: the second try tells which.
    return listen("udp4", ALL_INTERFACES, options);
  }
}

async function listen(type: SocketType, address: string, { port, portFlag }: StunOptions): Promise<Socket> {
  const socket = createSocket({ type, ipv6Only: false });
  try {
    socket.bind({ address, port, exclusive: true });
    await once(socket, "listening");
    return socket;
  } catch (error) {
    socket.close();
    throw portError(error, address, port, portFlag);
  }
}

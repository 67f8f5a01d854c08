/** Asks a STUN server on this computer which port a socket is seen at. */
import { createSocket, type Socket } from "node:dgram";
import { once } from "node:events";

const REQUEST = Buffer.from("000100002112a4420102030405060708090a0b0c", "hex");
const LIMIT_MS = 5_000;

export async function boundSocket(): Promise<Socket> {
  const socket = createSocket("udp4");
  socket.bind(0, "127.0.0.1");
  await once(socket, "listening");
  return socket;
}

/** The whole answer to a plain binding request with the transaction id 01 02 … 0c, after whatever was said before. */
export async function askStun(socket: Socket, port: number, ...before: readonly Buffer[]): Promise<Buffer> {
  const answered = once(socket, "message", { signal: AbortSignal.timeout(LIMIT_MS) });
  for (const packet of [...before, REQUEST]) socket.send(packet, port, "127.0.0.1");
  const [answer] = (await answered) as [Buffer];
  return answer;
}

/** The port in an answer that tells an IPv4 address. */
export function portTold(answer: Buffer): number {
  return answer.readUInt16BE(26) ^ 0x2112;
}

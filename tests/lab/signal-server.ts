/**
 * A program: `signal-server.ts --host ADDRESS --port N` passes what one WebSocket says to all others, as servers that signal for WebRTC do. Only
 * what the lab's own pages need of the protocol (RFC 6455): text of at most 64 KiB in one frame.
 */
import { createHash } from "node:crypto";
import { createServer } from "node:http";
import type { Socket } from "node:net";
import { parseArgs } from "node:util";

const KEY_SUFFIX = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
const TEXT = 0x81;
const OPCODE_BITS = 0x0f;
const LENGTH_BITS = 0x7f;
const TEXT_OPCODE = 1;
const TWO_BYTE_LENGTH = 126;
const MASK_BYTES = 4;

const { values } = parseArgs({ options: { host: { type: "string" }, port: { type: "string" } } });
const sockets = new Set<Socket>();

const server = createServer((_request, response) => response.end());
server.on("upgrade", (request, socket: Socket) => {
  const key = request.headers["sec-websocket-key"] ?? "";
  const accept = createHash("sha1").update(`${key}${KEY_SUFFIX}`).digest("base64");
  socket.setNoDelay(true);
  socket.write(
    `HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: ${accept}\r\n\r\n`,
  );
  sockets.add(socket);
  socket.on("close", () => sockets.delete(socket));
  socket.on("error", () => socket.destroy());
  let pending: Buffer = Buffer.alloc(0);
  socket.on("data", (chunk) => {
    pending = Buffer.concat([pending, chunk]);
    for (let frame = readFrame(pending); frame !== undefined; frame = readFrame(pending)) {
      pending = pending.subarray(frame.size);
      if (frame.text === undefined) continue;
      for (const other of sockets) if (other !== socket) other.write(framed(frame.text));
    }
  });
});
server.listen(Number(values.port), values.host, () => console.log(`signalling ready: ${values.host}:${values.port}`));

/** The first whole frame; its text is undefined for other kinds than text. */
function readFrame(bytes: Buffer): { readonly size: number; readonly text: Buffer | undefined } | undefined {
  if (bytes.length < 2) return undefined;
  const short = bytes.readUInt8(1) & LENGTH_BITS;
  const isLong = short === TWO_BYTE_LENGTH;
  if (isLong && bytes.length < 4) return undefined;
  const length = isLong ? bytes.readUInt16BE(2) : short;
  const maskAt = isLong ? 4 : 2;
  const size = maskAt + MASK_BYTES + length;
  if (bytes.length < size) return undefined;
  const mask = bytes.subarray(maskAt, maskAt + MASK_BYTES);
  const text = Buffer.from(bytes.subarray(maskAt + MASK_BYTES, size));
  for (let index = 0; index < text.length; index += 1) {
    text.writeUInt8(text.readUInt8(index) ^ mask.readUInt8(index % MASK_BYTES), index);
  }
  return { size, text: (bytes.readUInt8(0) & OPCODE_BITS) === TEXT_OPCODE ? text : undefined };
}

function framed(text: Buffer): Buffer {
  const head = text.length < TWO_BYTE_LENGTH ? Buffer.alloc(2) : Buffer.alloc(4);
  head.writeUInt8(TEXT, 0);
  head.writeUInt8(text.length < TWO_BYTE_LENGTH ? text.length : TWO_BYTE_LENGTH, 1);
  if (text.length >= TWO_BYTE_LENGTH) head.writeUInt16BE(text.length, 2);
  return Buffer.concat([head, text]);
}

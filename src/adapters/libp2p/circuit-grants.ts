/**
 * How much each circuit through this device may carry, so that all of them together never cost the line more than the day has left: a
 * circuit is granted only what no other one holds, less what may still be on its way when its ends have to be cut.
 */

/** What DTLS lets a data channel put into one packet. */
const PAYLOAD_BYTES = 1_150;
/** Of each packet: SCTP 28, DTLS 37, UDP and IPv6 48. */
const PACKET_HEAD_BYTES = 113;
/** SCTP acknowledges every second packet, with one that is all heads. */
const PACKETS_PER_ACK = 2;
/** What is relayed comes in and goes out. */
const LINE_USES = 2;
/** Per circuit, both directions together. Its ends replace it before. */
const MAX_GRANT_BYTES = 4 * 1024 * 1024;
/** Less carries no large message. */
const MIN_GRANT_BYTES = 256 * 1024;
/** Of what is left, so that the first circuits do not hold it all. */
const GRANT_SHARE = 0.25;
/** What an end that obeys no limit has in its buffers when it is cut; it still comes in, but goes nowhere. */
const IN_FLIGHT_BYTES = 512 * 1024;

/** What one end's buffers still cost after it was cut. */
export const CUT_COST_BYTES = packetCost(IN_FLIGHT_BYTES);

/** What it costs the line, in plus out, to relay a message of so many bytes. */
export function relayCost(bytes: number): number {
  return packetCost(bytes) * LINE_USES;
}

/** The bytes to grant a circuit when so much of the line is left that no other circuit holds; undefined: too little is. */
export function grantFor(freeBytes: number): number | undefined {
  const free = freeBytes - CUT_COST_BYTES;
  if (free < relayCost(MIN_GRANT_BYTES)) return undefined;
  const share = (free * GRANT_SHARE * MIN_GRANT_BYTES) / relayCost(MIN_GRANT_BYTES);
  return Math.floor(Math.min(MAX_GRANT_BYTES, Math.max(MIN_GRANT_BYTES, share)));
}

/** What a circuit with this grant holds of the line until it ends. */
export function heldCost(grantBytes: number): number {
  return relayCost(grantBytes) + CUT_COST_BYTES;
}

function packetCost(bytes: number): number {
  const packets = Math.ceil(bytes / PAYLOAD_BYTES);
  return bytes + (packets + Math.ceil(packets / PACKETS_PER_ACK)) * PACKET_HEAD_BYTES;
}

/**
 * The programs of the pages that use peerjs and trystero: as small as can be, without a screen, a store or acknowledgements. The writer sends what it was
 * told to keep, from memory, to whoever connects; the reader notes when each message came, in milliseconds since the navigation.
 */
import type { OtherName } from "./others-servers.ts";

declare global {
  interface Window {
    /** Of the writer: the first number and how many. */
    kept?: readonly [first: number, count: number];
    isReady?: boolean;
    /** Of the reader, by number. */
    arrivedMs?: Record<number, number>;
  }
}

const COMMON = `
const [role, peerPort, nostrPort] = location.hash.slice(1).split(",");
window.arrivedMs = {};
const take = (text) => { window.arrivedMs[Number(text.split(" ")[1])] = performance.now(); };
const texts = () => {
  const [first, count] = window.kept ?? [0, 0];
  return Array.from({ length: count }, (_, index) => ("message " + (first + index) + " ").padEnd(200, "x"));
};
`;

export const PAGES: Readonly<Record<OtherName, string>> = {
  peerjs: `import { Peer } from "peerjs";
${COMMON}
const options = { host: "127.0.0.1", port: Number(peerPort), path: "/", config: { iceServers: [] } };
// Named by the page, so that no name is asked for first.
const peer = new Peer(role === "writer" ? "writer" : "reader-" + crypto.randomUUID(), options);
peer.on("open", () => {
  window.isReady = true;
  if (role === "reader") peer.connect("writer", { reliable: true }).on("data", take);
});
peer.on("connection", (connection) => connection.on("open", () => { for (const text of texts()) connection.send(text); }));
`,
  trystero: `import { joinRoom } from "trystero";
${COMMON}
const room = joinRoom({ appId: "bench", relayConfig: { urls: ["ws://127.0.0.1:" + nostrPort] }, rtcConfig: { iceServers: [] } }, "room");
const message = room.makeAction("message");
message.onMessage = take;
room.onPeerJoin = async (peer) => { if (role === "writer") for (const text of texts()) await message.send(text, { target: peer }); };
window.isReady = true;
`,
};

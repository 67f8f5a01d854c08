/**
 * What the browser itself can do, measured in the same pages and the same rounds: the round trip of a bare RTCDataChannel and a
 * strict single-record IndexedDB commit.
 */
import type { Page } from "@playwright/test";
import { median } from "./statistics.ts";

declare global {
  interface Window {
    kithBench?: {
      connection?: RTCPeerConnection;
      channel?: RTCDataChannel;
    };
  }
}

const ECHO_BYTES = 200;

/** Connects two pages by a bare data channel; the second echoes. */
export async function connectRaw(a: Page, b: Page): Promise<void> {
  const offer = await a.evaluate(async () => {
    const connection = new RTCPeerConnection();
    const channel = connection.createDataChannel("bench");
    channel.binaryType = "arraybuffer";
    window.kithBench = { connection, channel };
    await connection.setLocalDescription();
    await gathered(connection);
    return connection.localDescription?.sdp ?? "";

    function gathered(gathering: RTCPeerConnection): Promise<void> {
      return new Promise((resolve) => {
        if (gathering.iceGatheringState === "complete") resolve();
        else gathering.onicegatheringstatechange = () => gathering.iceGatheringState === "complete" && resolve();
      });
    }
  });
  const answer = await b.evaluate(async (sdp) => {
    const connection = new RTCPeerConnection();
    window.kithBench = { connection };
    connection.ondatachannel = ({ channel }) => {
      channel.binaryType = "arraybuffer";
      channel.onmessage = ({ data }) => channel.send(data as ArrayBuffer);
    };
    await connection.setRemoteDescription({ type: "offer", sdp });
    await connection.setLocalDescription();
    await new Promise<void>((resolve) => {
      if (connection.iceGatheringState === "complete") resolve();
      else connection.onicegatheringstatechange = () => connection.iceGatheringState === "complete" && resolve();
    });
    return connection.localDescription?.sdp ?? "";
  }, offer);
  await a.evaluate(async (sdp) => {
    const bench = window.kithBench;
    await bench?.connection?.setRemoteDescription({ type: "answer", sdp });
    const channel = bench?.channel;
    if (channel !== undefined && channel.readyState !== "open") {
      await new Promise((resolve) => channel.addEventListener("open", resolve, { once: true }));
    }
  }, answer);
}

/** Round trip of 200 bytes, milliseconds, the median of some. */
export async function rawRoundTripMs(a: Page, echoes = 15): Promise<number> {
  const samples = await a.evaluate(
    async ({ count, size }) => {
      const channel = window.kithBench?.channel;
      if (channel === undefined) throw new Error("no raw channel");
      const times: number[] = [];
      for (let index = 0; index < count; index += 1) {
        const start = performance.now();
        const back = new Promise((resolve) => channel.addEventListener("message", resolve, { once: true }));
        channel.send(new Uint8Array(size));
        await back;
        times.push(performance.now() - start);
      }
      return times;
    },
    { count: echoes, size: ECHO_BYTES },
  );
  return median(samples);
}

/** One strict commit of a single 300-byte record, milliseconds, the median of some. */
export async function strictCommitMs(page: Page, commits = 15): Promise<number> {
  const samples = await page.evaluate(async (count) => {
    const database = await new Promise<IDBDatabase>((resolve, reject) => {
      const request = indexedDB.open("kith-bench", 1);
      request.onupgradeneeded = () => request.result.createObjectStore("records");
      request.onsuccess = () => resolve(request.result);
      request.onerror = () => reject(new Error("the database did not open"));
    });
    const times: number[] = [];
    for (let index = 0; index < count; index += 1) {
      const start = performance.now();
      const transaction = database.transaction("records", "readwrite", { durability: "strict" });
      transaction.objectStore("records").put({ bytes: new Uint8Array(300), index }, index);
      await new Promise((resolve) => {
        transaction.oncomplete = resolve;
      });
      times.push(performance.now() - start);
    }
    database.close();
    return times;
  }, commits);
  return median(samples);
}

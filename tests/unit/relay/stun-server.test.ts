import type { Socket } from "node:dgram";
import { afterEach, describe, expect, it } from "vitest";
import { startStunServer, type StunServer } from "../../../src/relay/stun-server.ts";
import { askStun, boundSocket, portTold } from "../../support/stun-client.ts";

const servers: StunServer[] = [];
const sockets: Socket[] = [];

afterEach(async () => {
  await Promise.all(servers.splice(0).map((server) => server.stop()));
  for (const socket of sockets.splice(0)) socket.close();
});

async function server(host: string, port = 0): Promise<StunServer> {
  const started = await startStunServer({ host, port, portFlag: "stun-port" });
  servers.push(started);
  return started;
}

async function client(): Promise<Socket> {
  const socket = await boundSocket();
  sockets.push(socket);
  return socket;
}

describe("the STUN server", () => {
  it.each(["127.0.0.1", "0.0.0.0"])("on %s tells each client its own address and port", async (host) => {
    const { port } = await server(host);
    for (const socket of [await client(), await client()]) {
      const answer = await askStun(socket, port);
      expect(answer.readUInt8(25)).toBe(1);
      expect(portTold(answer)).toBe(socket.address().port);
      expect((answer.readUInt32BE(28) ^ 0x2112a442) >>> 0).toBe(0x7f000001);
    }
  });

  it("passes over what is no request, and answers what comes after", async () => {
    const { port } = await server("127.0.0.1");
    const answer = await askStun(await client(), port, Buffer.from("hello"));
    expect(answer.subarray(8, 20).toString("hex")).toBe("0102030405060708090a0b0c");
  });

  it("says which flag to use when its port is taken", async () => {
    const { port } = await server("127.0.0.1");
    const taken = `port ${port} is already in use: choose another with --stun-port`;
    await expect(server("127.0.0.1", port)).rejects.toThrow(taken);
  });
});

/** A server that takes connections and never says anything: a relay whose process hangs. */
import { once } from "node:events";
import { createServer, type Server, type Socket } from "node:net";

export class SilentServer {
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();
  #connections = 0;

  private constructor(server: Server) {
    this.#server = server;
    server.on("connection", (socket) => {
      this.#connections += 1;
      this.#sockets.add(socket);
      socket.on("error", () => undefined);
      socket.on("close", () => this.#sockets.delete(socket));
    });
  }

  static async start(port: number): Promise<SilentServer> {
    const server = createServer().listen(port, "127.0.0.1");
    await once(server, "listening");
    return new SilentServer(server);
  }

  /** How many came so far. */
  get connections(): number {
    return this.#connections;
  }

  async close(): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    await new Promise((resolve) => this.#server.close(resolve));
  }
}

/** `npm run serve`: the built app alone, with a network.json that names the given relays and STUN servers. */
import { address, hostAndPort, parseFlags, portNumber } from "../src/relay/flags.ts";
import { runCommand } from "../src/relay/run-command.ts";
import { startStaticServer } from "../src/relay/static-server.ts";
import { ensureBuilt, OUTPUT_FOLDER } from "./build-app.ts";

await runCommand("serve", async () => {
  const flags = parseFlags({
    port: { type: "string", default: "4173" },
    host: { type: "string", default: "127.0.0.1" },
    relay: { type: "string", multiple: true, default: [] },
    stun: { type: "string", multiple: true, default: [] },
  });
  const port = portNumber("port", flags.port);
  const relays = flags.relay.map((text) => address("relay", text));
  const config = { relays, iceServers: flags.stun.map((text) => ({ urls: `stun:${hostAndPort("stun", text)}` })) };
  await ensureBuilt();
  const server = await startStaticServer({
    folder: OUTPUT_FOLDER,
    host: flags.host,
    port,
    networkConfig: () => config,
  });
  console.log(`Kith ready: http://localhost:${server.port}`);
  return server;
});

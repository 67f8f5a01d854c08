/** Finds out before a server starts whether a port can be used, and which one when any will do. */
import { once } from "node:events";
import { createServer } from "node:net";
import { CommandError, hasCode, messageOf } from "./command-error.ts";

/** The port, or a free one for 0. Throws a CommandError that names `flag` when the port cannot be bound. */
export async function usablePort(host: string, port: number, flag: string): Promise<number> {
  const probe = createServer();
  try {
    probe.listen({ host, port, exclusive: true });
    await once(probe, "listening");
    const bound = probe.address();
    return typeof bound === "object" && bound !== null ? bound.port : port;
  } catch (error) {
    throw portError(error, host, port, flag);
  } finally {
    await new Promise<void>((resolve) => {
      probe.close(() => resolve());
    });
  }
}

export function portError(error: unknown, host: string, port: number, flag: string): CommandError {
  if (hasCode(error, "EADDRINUSE"))
    return new CommandError(`port ${port} is already in use: choose another with --${flag}`);
  if (hasCode(error, "EACCES"))
    return new CommandError(`port ${port} needs more rights: choose another with --${flag}`);
  return new CommandError(`cannot listen on ${host} port ${port}: ${messageOf(error)}`, { cause: error });
}

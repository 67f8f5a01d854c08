/** Delay on the cable between a machine and the bridge of the lab: by netem where the kernel has it, else by a small program that passes frames on. */
import { once } from "node:events";
import { join } from "node:path";
import type { Namespace } from "./namespace.ts";

const WIRE = join(import.meta.dirname, "wire.py");

export interface Cable {
  readonly machine: Namespace;
  /** The machine's end. */
  readonly device: string;
  /** Where the bridge is. */
  readonly world: Namespace;
  /** The bridge's end. */
  readonly port: string;
}

/** From now on each crossing takes so long. Answers what takes the delay away again. */
export async function slowDown(
  { machine, device, world, port }: Cable,
  crossingMs: number,
): Promise<() => Promise<void>> {
  try {
    for (const [namespace, end] of [[machine, device] as const, [world, port] as const]) {
      await namespace.run(
        "tc",
        "qdisc",
        "add",
        "dev",
        end,
        "root",
        "netem",
        "delay",
        `${crossingMs}ms`,
        "limit",
        "10000",
      );
    }
    return async () => undefined;
  } catch {
    return byProgram({ machine, device, world, port }, crossingMs);
  }
}

/** The bridge's end is taken from the bridge, another pair of ends put there, and the program set between the two. */
async function byProgram({ machine, device, world, port }: Cable, crossingMs: number): Promise<() => Promise<void>> {
  const [near, far] = [`${port}n`, `${port}f`];
  await world.ip("link", "set", port, "nomaster");
  await world.ip("link", "add", near, "type", "veth", "peer", "name", far);
  await world.ip("link", "set", far, "master", "bridge");
  for (const end of [near, far]) await world.ip("link", "set", end, "up");
  await machine.run("python3", WIRE, "plain", device);
  await world.run("python3", WIRE, "plain", far);
  const program = world.spawn("python3", WIRE, port, near, String(crossingMs));
  const { stdout } = program;
  if (stdout === null) throw new Error("the slow cable has no output");
  await once(stdout, "data");
  return async () => {
    const ended = once(program, "exit");
    program.kill("SIGKILL");
    await ended;
  };
}

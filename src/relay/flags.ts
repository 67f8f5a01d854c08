/** Command-line flags: values are checked here, so that a mistake is told before anything starts. */
import { parseArgs, type ParseArgsConfig } from "node:util";
import { multiaddr } from "@multiformats/multiaddr";
import { CommandError, messageOf } from "./command-error.ts";

type FlagTypes = NonNullable<ParseArgsConfig["options"]>;

/** Flags of this process, or a CommandError that names the bad one. Positional arguments are refused. */
export function parseFlags<const T extends FlagTypes>(options: T) {
  try {
    return parseArgs({ options, strict: true, allowPositionals: false }).values;
  } catch (error) {
    throw new CommandError(firstSentence(messageOf(error)), { cause: error });
  }
}

/** A whole number from `min` to `max`. */
export function wholeNumber(flag: string, text: string, min: number, max = Number.MAX_SAFE_INTEGER): number {
  const value = /^\d+$/.test(text) ? Number(text) : Number.NaN;
  if (Number.isSafeInteger(value) && value >= min && value <= max) return value;
  const range = max === Number.MAX_SAFE_INTEGER ? `of at least ${min}` : `from ${min} to ${max}`;
  throw new CommandError(`--${flag} must be a whole number ${range}, not "${text}"`);
}

/** A TCP port; 0 stands for any free one. */
export function portNumber(flag: string, text: string): number {
  return wholeNumber(flag, text, 0, 65_535);
}

/** A multiaddr, as it was written. */
export function address(flag: string, text: string): string {
  try {
    multiaddr(text);
    return text;
  } catch (error) {
    throw new CommandError(`--${flag} must be a multiaddr such as /dns4/relay.example/tcp/443/tls/ws, not "${text}"`, {
      cause: error,
    });
  }
}

/** "HOST:PORT" with a name or an address, as it was written. */
export function hostAndPort(flag: string, text: string): string {
  const port = Number(/^(?:[a-z0-9.-]+|\[[0-9a-f:]+\]):(\d{1,5})$/i.exec(text)?.[1] ?? 0);
  if (port >= 1 && port <= 65_535) return text;
  throw new CommandError(`--${flag} must be a host and a port such as relay.example:4174, not "${text}"`);
}

function firstSentence(message: string): string {
  return message.split(/\. |\n/, 1)[0] ?? message;
}

/** libp2p without its debug logger: nothing about peers or addresses reaches the console, and no line is formatted. */
import type { ComponentLogger, Logger } from "@libp2p/interface";

const nothing = (): void => undefined;

const silent: Logger = Object.assign(nothing.bind(undefined), {
  error: nothing,
  trace: nothing,
  enabled: false,
  newScope: (): Logger => silent,
});

export const silentLogger: ComponentLogger = { forComponent: () => silent };

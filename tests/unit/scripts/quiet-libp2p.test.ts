import { parseSync } from "vite";
import { expect, it } from "vitest";
import { withoutIdleCalls } from "../../../scripts/quiet-libp2p.ts";

const quiet = (code: string): string => withoutIdleCalls(code, parseSync("module.js", code).program);

it("takes out lines for the log, wherever they stand", () => {
  expect(quiet("if (a) this.log('x %d', b()); log.error('y'); stream.log?.trace('z'); c();")).toBe("if (a) ; ; ; c();");
  expect(quiet("p.catch(err => this.log.error('x', err))")).toBe("p.catch(err => void 0)");
});

it("takes out calls on metrics and progress, which would stop at their question mark", () => {
  expect(quiet("this.metrics?.dials.increment({ x: 1 }); options.onProgress?.(new Event('x')); c();")).toBe("; ; c();");
});

it("keeps logarithms, other calls and what is there even without metrics", () => {
  const code = "Math.log(2); this.logger.forComponent('x'); metrics.start(); queue?.error('x'); x = this.log;";
  expect(quiet(code)).toBe(code);
});

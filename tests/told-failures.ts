/** What failed and why, out of the JSON reports of Vitest and Playwright: told again at the end of a run, where whoever reads it begins. */
import { stripVTControlCharacters } from "node:util";

/** Of one message; stacks and whole pages follow below. */
const MAX_MESSAGE_CHARACTERS = 2_000;
const MAX_TOLD = 20;

/** One text for each failed test: its name, and below it the reason. */
export function failuresIn(report: unknown): readonly string[] {
  return [...ofVitest(report), ...ofPlaywright(report)];
}

/** Empty if nothing failed. */
export function tellFailures(failures: readonly string[]): string {
  if (failures.length === 0) return "";
  const more = failures.length - MAX_TOLD;
  const told = failures.slice(0, MAX_TOLD).map((failure) => `FAIL ${failure}`);
  return [...told, ...(more > 0 ? [`and ${more} more`] : [])].join("\n\n");
}

function ofVitest(report: unknown): readonly string[] {
  return list(report, "testResults").flatMap((file) => [
    ...list(file, "assertionResults")
      .filter((result) => text(result, "status") === "failed")
      .map((result) => failure(text(result, "fullName"), list(result, "failureMessages").map(String))),
    // A file that could not be loaded has no tests.
    ...(list(file, "assertionResults").length === 0 && text(file, "status") === "failed"
      ? [failure(text(file, "name"), [text(file, "message")])]
      : []),
  ]);
}

function ofPlaywright(suite: unknown): readonly string[] {
  const failed = list(suite, "specs").filter((spec) => field(spec, "ok") === false);
  const told = failed.map((spec) => {
    const results = list(spec, "tests").flatMap((run) => list(run, "results"));
    const reasons = results.flatMap((result) => list(result, "errors")).map((error) => text(error, "message"));
    return failure(`${text(spec, "file")}: ${text(spec, "title")}`, reasons);
  });
  return [...told, ...list(suite, "suites").flatMap(ofPlaywright)];
}

function failure(name: string, reasons: readonly string[]): string {
  const told = reasons.map((reason) => stripVTControlCharacters(reason).slice(0, MAX_MESSAGE_CHARACTERS));
  return [name, ...told].join("\n");
}

function list(value: unknown, name: string): readonly unknown[] {
  const found = field(value, name);
  return Array.isArray(found) ? found : [];
}

function text(value: unknown, name: string): string {
  const found = field(value, name);
  return typeof found === "string" ? found : "";
}

function field(value: unknown, name: string): unknown {
  return typeof value === "object" && value !== null
    ? (Object.entries(value).find(([key]) => key === name)?.[1] as unknown)
    : undefined;
}

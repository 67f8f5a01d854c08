/** Which Firefox the tests use that need a second kind of browser. */
import { accessSync, constants } from "node:fs";
import { delimiter, join } from "node:path";

const COMMANDS = ["firefox-esr", "firefox"] as const;

/** Path of an installed Firefox: what KITH_FIREFOX names, else the first of the usual commands on the PATH. */
export function findFirefox(): string | undefined {
  const named = process.env["KITH_FIREFOX"];
  const folders = (process.env["PATH"] ?? "").split(delimiter).filter((folder) => folder !== "");
  const paths =
    named !== undefined && named !== ""
      ? [named]
      : COMMANDS.flatMap((command) => folders.map((folder) => join(folder, command)));
  return paths.find(isExecutable);
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

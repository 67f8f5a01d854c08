/** What a person who typed a command can mend: told in one line on stderr, exit status 2. */
export class CommandError extends Error {
  override readonly name = "CommandError";
}

/** Whether `error` is a failed system call with this code, for example "EADDRINUSE". */
export function hasCode(error: unknown, code: string): boolean {
  return error instanceof Error && "code" in error && error.code === code;
}

export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

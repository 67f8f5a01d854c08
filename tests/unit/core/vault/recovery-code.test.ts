import fc from "fast-check";
import { expect, test } from "vitest";
import { formatRecoveryCode, parseRecoveryCode, RECOVERY_BYTES } from "../../../../src/core/vault/recovery-code.ts";

const secrets = fc.uint8Array({ minLength: RECOVERY_BYTES, maxLength: RECOVERY_BYTES });

test("a code reads back, in any case and with any spaces, dashes and look-alikes", () => {
  fc.assert(
    fc.property(secrets, (secret) => {
      const code = formatRecoveryCode(secret);
      expect(code).toMatch(/^([0-9A-HJKMNP-TV-Z]{4}-){6}[0-9A-HJKMNP-TV-Z]{4}$/);
      const handwritten = ` ${code.toLowerCase().replaceAll("-", "  ").replaceAll("0", "o").replaceAll("1", "l")}\n`;
      expect(parseRecoveryCode(code)).toEqual(secret);
      expect(parseRecoveryCode(handwritten)).toEqual(secret);
    }),
  );
});

test("one wrong character is noticed, nearly always", () => {
  const code = formatRecoveryCode(new Uint8Array(RECOVERY_BYTES).fill(7));
  const plain = code.replaceAll("-", "");
  let missed = 0;
  for (let at = 0; at < plain.length; at += 1) {
    for (const other of "0123456789ABCDEFGHJKMNPQRSTVWXYZ") {
      if (other !== plain[at] && parseRecoveryCode(plain.slice(0, at) + other + plain.slice(at + 1)) !== undefined)
        missed += 1;
    }
  }
  // 12 bits of checksum let one in 4,096 pass; 868 were tried.
  expect(missed).toBeLessThanOrEqual(2);
});

test.each(["", "ABCD", "U".repeat(28), `${"0".repeat(27)}é`, "0".repeat(29)])("%j is no code", (text) => {
  expect(parseRecoveryCode(text)).toBeUndefined();
});

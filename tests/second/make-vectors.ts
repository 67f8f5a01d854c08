/** Writes tests/vectors/kith-*.json. Run by hand, and only when the protocol changes: `node tests/second/make-vectors.ts`. */
import { writeFileSync } from "node:fs";
import { VECTOR_FILES, vectorText } from "./vector-cases.ts";

for (const [name, content] of Object.entries(VECTOR_FILES)) {
  writeFileSync(new URL(`../vectors/kith-${name}.json`, import.meta.url), vectorText(content));
}

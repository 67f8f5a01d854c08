/** `npm run build`: the static app in dist/. */
import { buildApp, OUTPUT_FOLDER } from "./build-app.ts";
import { readFingerprint } from "./release-list.ts";

await buildApp();
console.log(`Built into dist/
Release fingerprint: ${await readFingerprint(OUTPUT_FOLDER)}`);

/** `npm run build`: the static app in dist/. */
import { buildApp } from "./build-app.ts";

await buildApp();
console.log("Built into dist/");

// `node --import ./spec/typescript.mjs spec/run.ts` runs the specs as `npx tsx` does, in a sixth less
// time: tsx gives every function its name again each time that one is made (esbuild's `keepNames`).
// Node 24 and later read TypeScript by themselves, and warn of `register`.
import * as module from "node:module";
import { resolve } from "./typescript-hooks.mjs";

process.setSourceMapsEnabled(true);
if (Number.parseInt(process.versions.node, 10) >= 24) module.registerHooks({ resolve });
else module.register("./typescript-hooks.mjs", import.meta.url);

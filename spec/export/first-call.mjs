// Gives an example, in place of `compile`, what exports the first function that it compiles.
import * as module from "node:module";
import { resolve } from "./first-call-hooks.mjs";

if (Number.parseInt(process.versions.node, 10) >= 24) module.registerHooks({ resolve });
else module.register("./first-call-hooks.mjs", import.meta.url);

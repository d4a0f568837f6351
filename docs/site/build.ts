// Builds the site into docs/site/dist: `npm run site`. With SITE_BASE it is for a host that has it
// below another address than its root: `/adjoint/`.
import { execFileSync } from "node:child_process";
import { rmSync } from "node:fs";
import { join } from "node:path";
import { build } from "vitepress";
import { check } from "./check/check.ts";
import { writeServiceWorker } from "./offline/write.ts";
import { linksOfFunction, writeDerivations } from "./pages/derivations.ts";
import { writeHome } from "./pages/home.ts";
import { folder, writeDocuments } from "./pages/write.ts";
import { writeReference } from "./reference/pages.ts";

const site = import.meta.dirname;
const dist = join(site, "dist");
const base = process.env.SITE_BASE ?? "/";

rmSync(folder, { recursive: true, force: true });
writeDocuments(linksOfFunction);
writeDerivations();
writeHome();
await writeReference();
await build(site);
const playground = [join(site, "playground/build.mjs"), join(dist, "playground")];
execFileSync(process.execPath, ["--import", "tsx", ...playground], { stdio: "inherit" });
writeServiceWorker(dist, base);
check(dist, base);

// What the specs in spec/site/browser need of this folder's dependencies.
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

export { type Browser, type BrowserContext, chromium, type Page } from "playwright-core";

/** The source of axe, which looks in a page for what keeps people out. */
export const axe = readFileSync(fileURLToPath(import.meta.resolve("axe-core/axe.min.js")), "utf8");

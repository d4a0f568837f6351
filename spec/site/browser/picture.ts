// Takes the picture that README shows of the site: `npm run site`, then
// `npx tsx spec/site/browser/picture.ts`. Look at it.
import { statSync } from "node:fs";
import { join } from "node:path";
import * as assert from "uvu/assert";
import { browser, open, site } from "./visit.ts";

const file = join(import.meta.dirname, "../../../docs/pictures/derivation.png");

const viewport = { width: 1280, height: 800 };
const page = await browser.newPage({ viewport, deviceScaleFactor: 1.5 });
await open(page, "derivations/two-layer-net.html");
await page.screenshot({ path: file });
await browser.close();
site.close();
assert.ok(statSync(file).size < 200_000, `${statSync(file).size} bytes are too many`);

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import * as assert from "uvu/assert";
import { address, withPage } from "./browser.ts";
import type { Claims } from "./claims.ts";
import { built } from "./server.ts";

/** Bytes that may be loaded, gzipped, until the first derivation is there and checked. */
const MOST = 500_000;

export const load: Claims = {
	"the first load is under 500 kB gzipped, checks and all": () =>
		withPage({ fragment: "#lesson=two-layer-net" }, async (page) => {
			await page.waitForSelector("#badge-gradients.holds");
			const loaded: string[] = await page.evaluate(() =>
				performance.getEntriesByType("resource").map(({ name }) => name),
			);
			const files = new Set(
				[...loaded, `${address}index.html`].filter((each) => each.startsWith(address)),
			);
			let total = 0;
			for (const file of files) {
				const bytes = readFileSync(join(built, new URL(file).pathname));
				total += gzipSync(bytes, { level: 9 }).length;
			}
			console.log(`      ${files.size} files, ${(total / 1000).toFixed(0)} kB gzipped`);
			assert.ok(total < MOST, `${total}`);
		}),
};

import * as assert from "uvu/assert";
import { withPage } from "./browser.ts";
import type { Claims } from "./claims.ts";
import { CHECKS, keyPresses, loaded } from "./measures.ts";

/** Bytes that may be loaded, gzipped, until the first derivation is there and verified. */
const MOST = 500_000;
const PRESSES = 11;

export const load: Claims = {
	"the first load, until a derivation is there and verified, is under 500 kB gzipped": () =>
		withPage({}, async (page) => {
			await page.waitForSelector("#badge-gradients.holds");
			const files = await loaded(page);
			const all = [...files.values()].reduce((a, b) => a + b);
			const first = all - files.get(CHECKS)!;
			const told = [first, all].map((bytes) => (bytes / 1000).toFixed(0));
			console.log(`      ${told[0]} kB gzipped; with checkGradients, which comes next, ${told[1]}`);
			assert.ok(first < MOST, `${first}`);
		}),
	"each key press is followed by its derivation; how soon is told, not judged": () =>
		withPage({}, async (page) => {
			await page.waitForSelector("#badge-gradients.holds");
			const waits = await keyPresses(page, PRESSES);
			const [least, median, most] = [0, (PRESSES - 1) / 2, PRESSES - 1].map((i) => waits[i]!);
			const range = `${least!.toFixed(0)} to ${most!.toFixed(0)}`;
			console.log(
				`      ${median!.toFixed(0)} ms from a key press to the derivation of the two-layer net (median of ${PRESSES}, ${range})`,
			);
		}),
};

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import * as assert from "uvu/assert";
import { address, derivationOf, type Page, withPage } from "./browser.ts";
import { built } from "./built.ts";
import type { Claims } from "./claims.ts";

/** Bytes that may be loaded, gzipped, until the first derivation is there and verified. */
const MOST = 500_000;
const PRESSES = 11;

/** What the page has loaded, in bytes when they are gzipped. */
async function loaded(page: Page): Promise<number> {
	const names: string[] = await page.evaluate(() =>
		performance.getEntriesByType("resource").map(({ name }) => name),
	);
	const files = new Set(
		[...names, `${address}index.html`].filter((name) => name.startsWith(address)),
	);
	return [...files].reduce((total, file) => total + gzipped(file), 0);
}

function gzipped(file: string): number {
	const bytes = readFileSync(join(built, new URL(file).pathname));
	return gzipSync(bytes, { level: 9 }).length;
}

export const load: Claims = {
	"the first load, until a derivation is there and verified, is under 500 kB gzipped": () =>
		withPage({}, async (page) => {
			await page.waitForSelector("#badge-gradients.holds");
			const all = await loaded(page);
			const checks = gzipped(`${address}sandbox/adjoint-check-gradients.json`);
			const first = all - checks;
			const told = [first, all].map((bytes) => (bytes / 1000).toFixed(0));
			console.log(`      ${told[0]} kB gzipped; with checkGradients, which comes next, ${told[1]}`);
			assert.ok(first < MOST, `${first}`);
		}),
	"each key press is followed by its derivation; how soon is told, not judged": () =>
		withPage({}, async (page) => {
			await page.waitForSelector("#badge-gradients.holds");
			const view = await derivationOf(page);
			const stamps: { pressed: number; shown: number }[] = [];
			await page.evaluate(() => {
				addEventListener(
					"keydown",
					() => Object.assign(window, { pressed: performance.timeOrigin + performance.now() }),
					true,
				);
			});
			await page.click(".cm-line >> nth=-1");
			await page.keyboard.type("// ");
			for (let i = 0; i < PRESSES; i++) {
				await page.waitForTimeout(1500);
				const shown = view.evaluate(
					() =>
						new Promise<number>((resolve) => {
							const observer = new MutationObserver(() => {
								observer.disconnect();
								resolve(performance.timeOrigin + performance.now());
							});
							observer.observe(document.body, { childList: true });
						}),
				);
				await page.keyboard.press("x");
				const pressed = await page.evaluate<number>("pressed");
				stamps.push({ pressed, shown: await shown });
			}
			const waits = stamps.map(({ pressed, shown }) => shown - pressed).sort((a, b) => a - b);
			const median = waits[Math.floor(waits.length / 2)]!;
			console.log(
				`      ${median.toFixed(0)} ms from a key press to the derivation of the two-layer net (median of ${PRESSES}, ${waits[0]!.toFixed(0)} to ${waits.at(-1)!.toFixed(0)})`,
			);
		}),
};

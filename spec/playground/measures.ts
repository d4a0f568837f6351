// What of the playground is measured, by claims and by the benchmark.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { address, derivationOf, type Page } from "./browser.ts";
import { built } from "./built.ts";

/** Milliseconds in which the page comes to rest between key presses. */
const REST = 1500;

/** What the page has loaded: bytes of each file when it is gzipped, by its name. */
export async function loaded(page: Page): Promise<ReadonlyMap<string, number>> {
	const names: string[] = await page.evaluate(() =>
		performance.getEntriesByType("resource").map(({ name }) => name),
	);
	const files = names
		.filter((name) => name.startsWith(address))
		.map((name) => name.slice(address.length));
	return new Map(["index.html", ...files].map((file) => [file, gzipped(file)]));
}

function gzipped(file: string): number {
	return gzipSync(readFileSync(join(built, file)), { level: 9 }).length;
}

/** The file with which gradients are checked, once the derivation is there and verified. */
export const CHECKS = "sandbox/adjoint-check-gradients.json";

/**
 * Milliseconds from key presses to the new derivation, in ascending order. The page has to show a
 * derivation, and to be at rest.
 */
export async function keyPresses(page: Page, presses: number): Promise<readonly number[]> {
	const view = await derivationOf(page);
	const waits: number[] = [];
	await page.evaluate(() => {
		addEventListener(
			"keydown",
			() => Object.assign(window, { pressed: performance.timeOrigin + performance.now() }),
			true,
		);
	});
	await page.click(".cm-line >> nth=-1");
	await page.keyboard.type("// ");
	for (let i = 0; i < presses; i++) {
		await page.waitForTimeout(REST);
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
		waits.push((await shown) - pressed);
	}
	return waits.sort((a, b) => a - b);
}

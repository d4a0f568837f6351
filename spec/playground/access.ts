import { readFileSync } from "node:fs";
import * as assert from "uvu/assert";
import { axePath, type Frame, type Page, withPage } from "./browser.ts";
import type { Claims } from "./claims.ts";

const RULES = '{ "label-content-name-mismatch": { enabled: false } }';

interface Finding {
	readonly id: string;
	readonly nodes: readonly { readonly html: string; readonly failureSummary?: string }[];
}

/**
 * What axe finds in a page or a frame. In the graph a name is written with an index, h with relu
 * below the line, and is read as h_relu: axe takes the letters for one word.
 */
async function findings(page: Page | Frame): Promise<string[]> {
	await page.evaluate(readFileSync(axePath, "utf8"));
	const found = await page.evaluate(`axe.run(document, { iframes: false, rules: ${RULES} })`);
	const { violations } = found as { violations: readonly Finding[] };
	return violations.map(
		({ id, nodes }) =>
			`${id}: ${nodes.map(({ html, failureSummary }) => `${html} ${failureSummary}`).join("\n")}`,
	);
}

const LOOKS = [
	{ colorScheme: "light", viewport: { width: 1400, height: 1000 } },
	{ colorScheme: "dark", viewport: { width: 390, height: 844 } },
] as const;

export const access: Claims = {
	"axe finds nothing, in light and dark, wide and narrow, in any tab": async () => {
		for (const context of LOOKS) {
			await withPage({ fragment: "#lesson=two-layer-net", context }, async (page) => {
				await page.waitForSelector("#content li");
				await page.waitForSelector("#badge-gradients.holds");
				await page.click("#hint");
				for (const tab of ["yours", "numpy", "checks", "compiled", "training", "derivation"]) {
					await page.click(`#tab-${tab}`);
					await page.waitForTimeout(300);
					assert.is((await findings(page)).join("\n"), "", tab);
				}
				await page.click("#examples");
				await page.waitForSelector("#example-list li");
				assert.is((await findings(page)).join("\n"), "", "the list of examples");
				await page.keyboard.press("Escape");
				const view = page.frames().find((frame) => frame.url().endsWith("view.html"))!;
				assert.is((await findings(view)).join("\n"), "");
			});
		}
	},
	"at 390 pixels nothing scrolls sideways": () =>
		withPage({ context: { viewport: { width: 390, height: 844 } } }, async (page) => {
			await page.waitForSelector("#badge-verify.holds");
			for (const tab of ["derivation", "numpy", "training"]) {
				await page.click(`#tab-${tab}`);
				await page.waitForTimeout(200);
				const width = await page.evaluate(() => document.documentElement.scrollWidth);
				assert.ok(width <= 390, `${tab}: ${width}`);
			}
		}),
	"by keyboard alone: tabs by arrows, out of the editor by Escape and Tab": () =>
		withPage({}, async (page) => {
			await page.waitForSelector("#badge-verify.holds");
			await page.focus("#tab-derivation");
			await page.keyboard.press("ArrowRight");
			await page.locator("#content pre", { hasText: "import numpy" }).waitFor();
			const focused = () => page.evaluate(() => document.activeElement?.id);
			assert.is(await focused(), "tab-numpy");
			await page.keyboard.press("Tab");
			assert.is(await focused(), "panel");
			await page.focus(".cm-content");
			await page.keyboard.press("Escape");
			await page.keyboard.press("Tab");
			const isInside = await page.evaluate(
				() => document.activeElement!.closest("#editor") !== null,
			);
			assert.is(isInside, false);
		}),
};

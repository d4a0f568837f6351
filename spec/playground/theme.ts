import * as assert from "uvu/assert";
import { derivationOf, type Page, withPage } from "./browser.ts";
import type { Claims } from "./claims.ts";

const [LIGHT, DARK] = ["rgb(251, 250, 247)", "rgb(20, 23, 26)"];

/** Waits until this is behind the page, and behind the derivation in it. */
async function isBehind(page: Page, colour: string): Promise<void> {
	for (const each of [page, await derivationOf(page)]) {
		await each.waitForFunction(
			(colour) => getComputedStyle(document.documentElement).backgroundColor === colour,
			colour,
		);
	}
}

/** What is kept of the choice, under the name that the site's pages use. */
function kept(page: Page): Promise<string | null> {
	return page.evaluate(() => localStorage.getItem("vitepress-theme-appearance"));
}

export const theme: Claims = {
	"dark and light follow the system until the reader chooses, also in the derivation": () =>
		withPage({ context: { colorScheme: "light" } }, async (page) => {
			await page.waitForSelector("#badge-verify.holds");
			await isBehind(page, LIGHT);
			await page.emulateMedia({ colorScheme: "dark" });
			await isBehind(page, DARK);
			await page.getByRole("button", { name: "Dark theme", pressed: true }).click();
			await isBehind(page, LIGHT);
			assert.is(await kept(page), "light");
			await page.reload();
			await page.waitForSelector("#badge-verify.holds");
			await isBehind(page, LIGHT);
			await page.getByRole("button", { name: "Dark theme", pressed: false }).click();
			await isBehind(page, DARK);
			assert.is(await kept(page), "auto");
			// As a page of the site does it.
			await page.evaluate(() => localStorage.setItem("vitepress-theme-appearance", "light"));
			await page.reload();
			await page.waitForSelector("#badge-verify.holds");
			await isBehind(page, LIGHT);
		}),
};

import * as assert from "uvu/assert";
import { derivationOf, openExample, type Page, withPage, written } from "./browser.ts";
import type { Claims } from "./claims.ts";

/** Waits until the service worker has kept the files. */
async function kept(page: Page): Promise<void> {
	await page.evaluate(() => navigator.serviceWorker.ready.then(() => true));
	await page.reload();
	await page.waitForFunction(() => navigator.serviceWorker.controller !== null);
}

export const offline: Claims = {
	"after the first load the page works without a network, its frames as closed as before":
		async () => {
			const shown = withPage({ fragment: "#lesson=product" }, async (page) => {
				await page.waitForSelector("#content li");
				await kept(page);
				await page.context().setOffline(true);
				await page.reload();
				await page.waitForSelector("#content li");
				await openExample(page, "ridge");
				await page.waitForSelector("#badge-gradients.holds");
				assert.match(await written(page), /lam\b/);
				const view = await derivationOf(page);
				await view.waitForSelector("#line-w");
				for (const frame of page.frames().slice(1)) {
					assert.is(await frame.evaluate(() => self.origin), "null", frame.url());
				}
				await page.click("#tab-jax");
				await page.locator("#content pre", { hasText: "jnp" }).waitFor();
			});
			await shown.catch((error: Error) => {
				// A frame is tried from the network first.
				const lines = error.message.split("\n");
				if (!lines.every((line) => line.includes("ERR_INTERNET_DISCONNECTED"))) throw error;
			});
		},
};

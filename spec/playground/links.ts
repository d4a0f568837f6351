import * as assert from "uvu/assert";
import { address, withPage, write, written } from "./browser.ts";
import type { Claims } from "./claims.ts";

export const links: Claims = {
	"a link holds the whole state: code, inputs, sizes, language": () =>
		withPage({ fragment: "#example=ridge" }, async (page) => {
			await page.waitForSelector("#badge-verify.holds");
			const code = `${await written(page)}\n// 我的`;
			await write(page, code);
			await page.fill("#input-3-value", "0.25");
			await page.press("#input-3-value", "Enter");
			const size = Number(await page.inputValue("#size-N"));
			await page.focus("#size-N");
			await page.keyboard.press("ArrowRight");
			await page.click("#language");
			await page.waitForSelector("#badge-verify.holds");
			const badge = await page.textContent("#badges .badge");
			await page.click("#share");
			await page.locator("#said", { hasText: "地址栏" }).waitFor();
			const link = page.url();
			await withPage({ fragment: link.slice(address.length) }, async (other) => {
				await other.waitForSelector("#badge-verify.holds");
				assert.match(await written(other), /我的/);
				assert.is(await other.textContent("#badges .badge"), badge);
				assert.is(await other.inputValue("#input-3-value"), "0.25");
				assert.is(await other.inputValue("#size-N"), String(size + 1));
				assert.is(await other.getAttribute("html", "lang"), "zh-Hans");
				assert.is(await other.textContent("#share"), "复制链接");
			});
		}),
	"a link that is cut off, or unpacks to gigabytes, shows an example and says so": async () => {
		for (const fragment of ["#p=nZFNb9swDIb", "#p=e30", "#p=", "#p=%00"]) {
			await withPage({ fragment }, async (page) => {
				await page.locator("#said", { hasText: "cannot be read" }).waitFor();
				await page.waitForSelector("#badge-verify.holds");
			});
		}
	},
};

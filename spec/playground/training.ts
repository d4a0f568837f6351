import * as assert from "uvu/assert";
import { withPage } from "./browser.ts";
import type { Claims } from "./claims.ts";

export const training: Claims = {
	"training steps, runs, pauses and begins again, and the loss falls": () =>
		withPage({}, async (page) => {
			await page.waitForSelector("#badge-gradients.holds");
			await page.click("#tab-training");
			const counter = page.locator(".training > .controls > output");
			const numbers = async () => {
				const [, step, loss] = /step (\d+)(?:, loss (\S+))?/.exec((await counter.textContent())!)!;
				return { step: Number(step), loss: Number(loss) };
			};
			assert.is((await numbers()).step, 0);
			await page.click("#training-step");
			await counter.filter({ hasText: "step 1," }).waitFor();
			const first = await numbers();
			await page.focus("#rate");
			await page.fill("#rate", "-3");
			await page.click("#training-run");
			await page.waitForFunction(
				() =>
					Number(/step (\d+)/.exec(document.querySelector(".training")!.textContent!)?.[1]) > 200,
			);
			await page.click("#training-run");
			const later = await numbers();
			assert.ok(later.loss < first.loss, `${later.loss} < ${first.loss}`);
			await page.waitForTimeout(200);
			const paused = await numbers();
			await page.waitForTimeout(300);
			assert.equal(await numbers(), paused);
			assert.is((await page.locator(".chart svg path, .chart svg polyline").count()) > 0, true);
			assert.is(await page.locator(".parameters canvas").count(), 2);
			await page.click("#training-restart");
			assert.is((await numbers()).step, 0);
		}),
	"a net learns handwritten digits, on the same tab": () =>
		withPage({ fragment: "#example=digits" }, async (page) => {
			await page.waitForSelector("#badge-gradients:not(.runs)");
			await page.click("#tab-training");
			await page.fill("#rate", "-1");
			await page.click("#training-run");
			await page.waitForFunction(() => {
				const text = document.querySelector(".training")!.textContent!;
				return Number(/loss ([\d.e-]+)/.exec(text)?.[1]) < 0.5;
			});
			await page.click("#training-run");
			assert.is(await page.locator(".parameters canvas").count(), 3);
		}),
};

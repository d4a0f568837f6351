import * as assert from "uvu/assert";
import { GPU, gpuWorkers, type Page, withPage } from "./browser.ts";
import type { Claims } from "./claims.ts";

const STEPS = 5;
/** How far losses may be apart that are sums of the same float32 numbers in different orders. */
const MOST_OFF = 2e-6;

/** The losses of the first steps, with all their digits. */
async function firstLosses(page: Page): Promise<number[]> {
	const losses: number[] = [];
	for (let step = 1; step <= STEPS; step++) {
		await page.click("#training-step");
		const count = page.locator("#training-count", { hasText: `step ${step},` });
		// Software compiles shaders slowly.
		await count.waitFor({ timeout: 60_000 });
		losses.push(Number(await page.getAttribute("#training-count", "title")));
	}
	return losses;
}

export const training: Claims = {
	"on WebGPU training gives the losses that it gives on WebAssembly": () =>
		withPage({ fragment: "#example=digits", flags: GPU }, async (page) => {
			await page.waitForSelector("#badge-verify.holds");
			await page.selectOption("#dtype", "float32");
			await page.waitForSelector("#badge-gradients:not(.runs)");
			await page.click("#tab-training");
			await page.fill("#rate", "-1");
			const onWasm = await firstLosses(page);
			assert.is(gpuWorkers(page).length, 0);
			await page.selectOption("#training-place", "webgpu");
			const onGpu = await firstLosses(page);
			assert.is(gpuWorkers(page).length, 1);
			for (const [i, expected] of onWasm.entries()) {
				const off = Math.abs(onGpu[i]! - expected) / expected;
				assert.ok(off < MOST_OFF, `step ${i}: ${onGpu[i]} and ${expected}`);
			}
			assert.ok(onGpu.at(-1)! < onGpu[0]!);
		}),
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
			await page.click("#training-run");
			await page.waitForFunction(
				() => !document.querySelector("#training-count")!.textContent!.startsWith("step 0"),
			);
			await page.click("#stop:not([disabled])");
			await page.locator("#training-count", { hasText: /^step 0$/ }).waitFor();
			await page.click("#training-step");
			await page.locator("#training-count", { hasText: "step 1," }).waitFor();
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

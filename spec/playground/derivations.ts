import * as assert from "uvu/assert";
import { derivationOf, openExample, withPage, write } from "./browser.ts";
import type { Claims } from "./claims.ts";

const SCALED = `import type { Tensor } from "adjoint";

export default function loss({ w1, w2 }: { w1: Tensor; w2: Tensor }, x: Tensor, y: Tensor) {
	const p = x.dot(w1).dot(w2).as("p");
	return p.sub(y).square().sum();
}
`;

export const derivations: Claims = {
	"a function that is typed is derived, and its lines are verified": () =>
		withPage({}, async (page) => {
			await page.waitForSelector("#badge-verify.holds");
			await write(page, SCALED);
			const frame = await derivationOf(page);
			await frame.waitForSelector("#line-grad_p");
			assert.is(await frame.locator("#line-h").count(), 0);
			await page.waitForSelector("#badge-verify.holds");
			await page.waitForSelector("#badge-gradients.holds");
			await page.click("#tab-checks");
			await page.waitForSelector("#content pre");
			const text = await page.textContent("#content");
			assert.match(text!, /ok {5}grad_p +engine ± \S+ +differences agree/);
			assert.match(text!, /gradients agree: \d+ pass/);
		}),
	"each form has its tab, and says what the library prints": () =>
		withPage({}, async (page) => {
			await page.waitForSelector("#badge-verify.holds");
			const said: Readonly<Record<string, string>> = {
				numpy: "grad_w2 = h_relu.T.dot(grad_y_pred)",
				ts: "const grad_w2 = h_relu.T.dot(grad_y_pred); // H×D_out",
				plain: "for (let i = 0; i < N; i++) {",
				latex: "\\frac{\\partial L}{\\partial w_{2}} &= h_{\\mathrm{relu}}^{\\top}",
				jax: 'w1 = params["w1"]',
				wgsl: "@compute",
				compiled: "backend: wasm",
			};
			for (const [tab, text] of Object.entries(said)) {
				await page.click(`#tab-${tab}`);
				await page.locator("#content pre", { hasText: text }).waitFor();
			}
		}),
	"an error is told with its line, as a thrown one, a shape error and one of grammar": () =>
		withPage({}, async (page) => {
			await page.waitForSelector("#badge-verify.holds");
			const said = async (body: string, problem: RegExp) => {
				await write(page, `export default function loss({ w1 }, x, y) {\n\t${body}\n}\n`);
				await page.locator("#problem", { hasText: problem }).waitFor();
				await page.waitForSelector(".cm-lintRange-error");
			};
			await said("return w1.dot(x).sum();", /ShapeError \(line 2\): dot: .*\(5×4\)·\(6×5\)/);
			await said("throw new Error('mine');", /Error \(line 2\): mine/);
			await said("return w1.sum(;", /\(line 2\): Unexpected token/);
			await write(page, 'import * as fs from "node:fs";\nfs.readFileSync("/");');
			await page.locator("#problem", { hasText: "there is no node:fs here" }).waitFor();
			await write(page, SCALED);
			await page.locator("#problem").waitFor({ state: "hidden" });
			assert.is(await page.locator(".cm-lintRange-error").count(), 0);
		}),
	"sizes, seed, dtype and numbers change every value": () =>
		withPage({ fragment: "#example=one-weight" }, async (page) => {
			const loss = (value: number) =>
				page.locator("#badges", { hasText: `loss = ${value}` }).waitFor();
			await loss(4);
			await page.fill("#input-0-value", "1");
			await page.press("#input-0-value", "Enter");
			await loss(1);
			await page.focus("#input-1-slider");
			for (let i = 0; i < 10; i++) await page.keyboard.press("ArrowLeft");
			await loss(2.25);
			await openExample(page, "two-layer-net");
			const frame = await derivationOf(page);
			await frame.locator("#line-w1", { hasText: "Values" }).waitFor();
			const before = await page.textContent("#badges");
			await page.fill("#seed", "7");
			await page.press("#seed", "Enter");
			await page.waitForFunction(
				(before) => !document.querySelector("#badges")!.textContent!.includes(before),
				before!.split("verify")[0]!,
			);
			const double = (await frame.textContent("#line-h .values pre"))!;
			await page.selectOption("#dtype", "float32");
			await frame.waitForFunction(
				(double) => document.querySelector("#line-h .values pre")!.textContent !== double,
				double,
			);
			await page.waitForSelector("#badge-verify.holds");
		}),
	"an example without inputs that fit says what is to be done": () =>
		withPage({ fragment: "#example=ridge" }, async (page) => {
			await page.waitForSelector("#badge-verify.holds");
			await page.click("#input-0-gradient");
			const said = "tick the gradient of at least one";
			await page.locator("#problem", { hasText: said }).waitFor();
		}),
	"who types while checks run sees no verdict that nobody gave": () =>
		withPage({ fragment: "#example=digits" }, async (page) => {
			await page.waitForSelector("#badge-verify");
			await page.evaluate(() => {
				new MutationObserver(() => {
					const wrong = document.querySelector(".badge.fails, #content .problem");
					if (wrong !== null) document.title = "a verdict";
				}).observe(document.body, { childList: true, subtree: true });
			});
			await page.click("#tab-checks");
			await page.click(".cm-line >> nth=-1");
			await page.keyboard.type("// ");
			for (let i = 0; i < 8; i++) {
				await page.waitForTimeout(450);
				await page.keyboard.type("xy");
			}
			await page.waitForSelector("#badge-gradients:not(.runs)");
			assert.is(await page.title(), "adjoint playground");
			assert.is(await page.locator("#problem").isHidden(), true);
		}),
	"without WebAssembly the page does the same in JavaScript": () =>
		withPage({ flags: ["--disable-gpu", "--js-flags=--jitless"] }, async (page) => {
			assert.is(await page.evaluate("typeof WebAssembly"), "undefined");
			await page.waitForSelector("#badge-verify.holds");
			await page.waitForSelector("#badge-gradients.holds");
			await page.click("#tab-compiled");
			await page.locator("#content pre", { hasText: "backend: javascript" }).waitFor();
			await page.click("#tab-training");
			await page.click("#training-step");
			await page.locator("#training-step ~ output", { hasText: "step 1," }).waitFor();
		}),
};

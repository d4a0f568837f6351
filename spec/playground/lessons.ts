import * as assert from "uvu/assert";
import { LESSONS } from "../../docs/site/playground/src/lessons/index.ts";
import { programOf } from "../../docs/site/playground/src/lessons/lesson.ts";
import { withPage, write } from "./browser.ts";
import type { Claims } from "./claims.ts";

const net = await LESSONS.find(({ id }) => id === "two-layer-net")!.load();

/** The net with a backward pass in which something is changed. */
function changed(from: string, to: string): string {
	const { code } = programOf(net, net.solution);
	assert.ok(code.includes(from));
	return code.replace(from, to);
}

export const lessons: Claims = {
	"a mistake in a backward pass is told with its cause, in both languages": () =>
		withPage({ fragment: "#lesson=two-layer-net" }, async (page) => {
			await page.locator("#content li.missing").nth(4).waitFor();
			const wrong = page.locator("#content li.wrong");
			const noMask = changed("h.less(0).where(0, grad_h_relu)", "grad_h_relu");
			await write(page, noMask);
			await wrong.filter({ hasText: /grad_h wrong.*likely cause: a mask is missing/s }).waitFor();
			await page.locator("#content li.later", { hasText: "grad_w1" }).waitFor();
			assert.is(await page.locator("#content li.agrees").count(), 3);
			await write(page, changed("h_relu.T.dot(grad_y_pred)", "h_relu.dot(grad_y_pred)"));
			const stops = "a .T is missing: grad_w2 is h_relu.T.dot(grad_y_pred)";
			await page.locator("#content", { hasText: stops }).waitFor();
			await page.waitForSelector(".cm-lintRange-error");
			await page.click("#language");
			const inChinese = "可能的原因：缺少一个 .T：grad_w2 应为 h_relu.T.dot(grad_y_pred)";
			await page.locator("#content", { hasText: inChinese.slice(6) }).waitFor();
			await write(page, noMask);
			await wrong
				.filter({ hasText: /错误.*可能的原因：缺少掩码：24 个元素中有 \d+ 个应为 0/s })
				.waitFor();
		}),
	"each lesson begins with what is missing, and its solution is right in each language":
		async () => {
			for (const locale of ["en-US", "zh-CN"]) {
				await withPage({ context: { locale } }, async (page) => {
					for (const lesson of LESSONS) {
						await page.selectOption("#lessons", lesson.id);
						const lang = locale === "zh-CN" ? "zh" : "en";
						await page.locator("#lesson h2", { hasText: lesson.title[lang] }).waitFor();
						await page.waitForSelector("#content li");
						assert.is(await page.locator("#content p.agrees").count(), 0, lesson.id);
						await page.click("#solution");
						await page.waitForSelector("#lesson p.agrees");
						const right = await page.locator("#content li.agrees code").allTextContents();
						for (const wanted of (await lesson.load()).wanted)
							assert.ok(right.includes(wanted), wanted);
					}
					const done = await page.locator("#lessons option", { hasText: "✓" }).count();
					assert.is(done, LESSONS.length);
				});
			}
		},
	"hints come one by one, and what is done and written is there after a reload": () =>
		withPage({ fragment: "#lesson=product" }, async (page) => {
			await page.waitForSelector("#content li.missing");
			for (let i = 1; i <= 3; i++) {
				await page.click("#hint");
				assert.is(await page.locator("#lesson .hints li").count(), i);
			}
			assert.is(await page.isDisabled("#hint"), true);
			await page.click("#solution");
			await page.waitForSelector("#next");
			await page.waitForTimeout(600);
			await page.click("#next");
			await page.locator("#lesson h2", { hasText: "2 · Sum and broadcast" }).waitFor();
			await page.waitForTimeout(600);
			await page.reload();
			await page.locator("#lesson h2", { hasText: "2 · Sum and broadcast" }).waitFor();
			await page.selectOption("#lessons", "product");
			await page.waitForSelector("#lesson p.agrees");
		}),
};

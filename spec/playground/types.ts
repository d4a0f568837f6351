import * as assert from "uvu/assert";
import { withPage, write } from "./browser.ts";
import type { Claims } from "./claims.ts";

const CODE = `import type { Tensor } from "adjoint";

export default function loss({ w }: { w: Tensor }, x: Tensor, y: Tensor, lambda: Tensor) {
	const error = x.dot(w).sub(y).as("error");
	return error.square().mean(`;

export const types: Claims = {
	"the type checker comes when it is asked for: errors, completion and hovers from real types":
		() =>
			withPage({ fragment: "#example=ridge" }, async (page) => {
				await page.waitForSelector("#badge-verify.holds");
				const loaded = () =>
					page.evaluate(() =>
						performance
							.getEntriesByType("resource")
							.map(({ name }) => name)
							.join(),
					);
				assert.not.match(await loaded(), /types\.js/);
				await page.click("#types");
				await page.locator("#said", { hasText: "The types are right." }).waitFor();
				await write(page, `${CODE}"rows");\n}\n`);
				await page.locator("#said", { hasText: "Type errors: 1" }).waitFor();
				await page.locator(".cm-lintRange-error", { hasText: '"rows"' }).hover();
				await page.locator(".cm-tooltip", { hasText: "not assignable to parameter" }).waitFor();
				await write(page, `${CODE}).add(w.squ`);
				await page.keyboard.type("a");
				await page.locator(".cm-tooltip-autocomplete li", { hasText: "square" }).waitFor();
				await page.keyboard.press("Escape");
				await write(page, `${CODE});\n}\n`);
				await page.locator("#said", { hasText: "The types are right." }).waitFor();
				await page.locator(".code-call", { hasText: "square" }).hover();
				await page.locator(".cm-tooltip .hover", { hasText: "square" }).waitFor();
				await page.click("#types");
				assert.is(await page.getAttribute("#types", "aria-pressed"), "false");
			}),
};

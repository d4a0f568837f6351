import { readFileSync } from "node:fs";
import * as assert from "uvu/assert";
import { inChinese } from "../../docs/site/playground/src/page/causes.ts";
import { withPage, write } from "./browser.ts";
import type { Claims } from "./claims.ts";

/** Where the causes are written that `checkManual` tells. */
const SOURCES = [
	"manual/manual-causes",
	"manual/stop-causes",
	"manual/wrong-part",
	"verdicts/candidate-mistakes",
	"verdicts/products",
];

/** The sentences in a source: texts of several words that are given back, with what they hold. */
function sentencesIn(source: string): string[] {
	const code = source.replaceAll(/\/\*[\s\S]*?\*\/|\/\/.*/g, "");
	const texts = [...code.matchAll(/"([^"\n]+)"|`([^`]+)`/g)].map(([, a, b]) => a ?? b!);
	return texts
		.map((text) => text.replace(/grad_\$\{name\}/, "grad_h").replaceAll(/\$\{[^}]*\}/g, "3"))
		.filter((text) => /^[a-z.\d{]/.test(text) && text.split(" ").length > 3);
}

export const sentences: Claims = {
	"an error of the library is said in Chinese, too, below its own words": () =>
		withPage({ context: { locale: "zh-CN" } }, async (page) => {
			await page.waitForSelector("#badge-verify.holds");
			await write(
				page,
				"export default function loss({ w1 }, x) {\n\treturn w1.dot(x).sum();\n}\n",
			);
			const said = page.locator("#problem", { hasText: "got (5×4)·(6×5)" });
			await said.filter({ hasText: "（第 2 行）" }).waitFor();
			await said.filter({ hasText: "dot：(5×4)·(6×5) 内侧的两个大小不相等" }).waitFor();
		}),
	"each cause that checkManual may tell has its Chinese": async () => {
		let count = 0;
		for (const file of SOURCES) {
			const url = new URL(`../../lib/check/${file}.ts`, import.meta.url);
			for (const sentence of sentencesIn(readFileSync(url, "utf8"))) {
				count++;
				const chinese = inChinese(sentence);
				assert.match(chinese, /[\u4e00-\u9fff]/, sentence);
				assert.not.match(chinese, /\b(is|are|the|and|missing|wrong)\b/, `${sentence}: ${chinese}`);
			}
		}
		assert.ok(count >= 18, `${count}`);
	},
};

import { readFileSync } from "node:fs";
import * as assert from "uvu/assert";
import { inChinese } from "../../docs/site/playground/src/page/causes.ts";
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

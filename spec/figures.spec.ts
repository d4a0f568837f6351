import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import * as assert from "uvu/assert";
import { figures } from "./figures.ts";
import { suite } from "./suite.ts";

const folder = join(import.meta.dirname, "../docs/figures");

suite("figures", (test) => {
	test("docs/figures holds what is drawn; spec/fill-figures.ts brings it up to date", () => {
		const drawn = figures();
		assert.equal(readdirSync(folder).sort(), Object.keys(drawn).sort());
		for (const [name, svg] of Object.entries(drawn)) {
			assert.is(readFileSync(join(folder, name), "utf8"), svg, name);
		}
	});

	test("every figure is shown in a document of each language, with words for those who do not see it", () => {
		for (const document of ["derivation.md", "derivation.zh.md"]) {
			const text = readFileSync(join(folder, "..", document), "utf8");
			for (const name of Object.keys(figures())) {
				const [, words] = new RegExp(`!\\[([^\\]]*)\\]\\(figures/${name}\\)`).exec(text) ?? [];
				assert.ok((words ?? "").length > 10, `${document}: ${name}`);
			}
		}
	});
});

import { readFileSync } from "node:fs";
import { join } from "node:path";
import * as assert from "uvu/assert";
import { records } from "../lib/check/records.ts";
import { rulesDocument } from "./rules.ts";
import { suite } from "./suite.ts";

const text = readFileSync(join(import.meta.dirname, "../docs/rules.md"), "utf8");

suite("rules", (test) => {
	test("docs/rules.md says what the records say; spec/fill-rules.ts brings it up to date", async () => {
		assert.is(text, await rulesDocument());
	});

	test("docs/rules.md has every op, and a differential for each that has one", () => {
		for (const { name, differential } of records) {
			const row = text.split("\n").find((line) => line.startsWith(`| \`${name}\` `));
			if (differential === null) assert.ok(text.includes(`\`${name}\``), name);
			else assert.match(row ?? "no row", /\| `[^|]*` \| `[^|]*grad_[xyz] = |\| constant: /, name);
		}
	});

	test("the transposes of the products are those of the textbooks", () => {
		assert.ok(
			text.includes("`dx.dot(y)`<br>`x.dot(dy)` | `grad_x = g.dot(y.T)`<br>`grad_y = x.T.dot(g)`"),
		);
	});
});

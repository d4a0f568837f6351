import { execFileSync } from "node:child_process";
import * as assert from "uvu/assert";
import * as functions from "../lib/functions.ts";
import * as all from "../lib/index.ts";
import { bundleOf } from "./children.ts";
import { suite } from "./suite.ts";

suite("functions", (test) => {
	test("the entry has the exports of the main one", () => {
		assert.equal(Object.keys(functions), Object.keys(all));
	});

	test("without the methods of tensors every op keeps its laws", () => {
		const args = [bundleOf("spec/functions/laws.ts")];
		assert.is(execFileSync(process.execPath, args, { encoding: "utf8" }), "0 methods\n");
	});
});

import { execFileSync } from "node:child_process";
import * as assert from "uvu/assert";
import { bundleOf } from "./children.ts";
import { suite } from "./suite.ts";

suite("functions in a process without methods", (test) => {
	test("without the methods of tensors every op keeps its laws", () => {
		const args = [bundleOf("spec/functions/laws.ts")];
		assert.is(execFileSync(process.execPath, args, { encoding: "utf8" }), "0 methods\n");
	});
});

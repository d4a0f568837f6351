import { execFileSync } from "node:child_process";
import * as assert from "uvu/assert";
import { bundleOf } from "./children.ts";
import { suite } from "./suite.ts";

/**
 * A graph that was kept would cost more than a kilobyte a step: 10 MB. What the engine itself keeps
 * varies by far less.
 */
const ALLOWED_GROWTH = 1_000_000;

suite("memory", (test) => {
	test("50,000 steps of a compiled function leave memory where it was, and it goes away with the function", () => {
		const program = bundleOf("spec/programs/flat-memory-compiled.ts");
		const output = execFileSync(process.execPath, ["--expose-gc", program], {
			encoding: "utf8",
		});
		// The tables behind weak maps come and go; a tensor that was kept of each step would be 10 MB,
		// and its elements 240.
		const [steps, functions, kept] = output.split(" ").map(Number);
		assert.ok(steps! < 4 * ALLOWED_GROWTH, `the steps made memory grow by ${steps} bytes`);
		// The arenas together were 100 MB.
		assert.ok(functions! < ALLOWED_GROWTH, `the functions left ${functions} bytes behind`);
		// Of 100 arguments of a megabyte each, 32 may be kept.
		assert.ok(kept! < 40 * ALLOWED_GROWTH, `the function kept ${kept} bytes of arguments`);
	});

	test("10,000 training steps leave the heap where it was", () => {
		const program = bundleOf("spec/programs/flat-memory.ts");
		const output = execFileSync(process.execPath, ["--expose-gc", program], {
			encoding: "utf8",
		});
		const growth = Number(output);
		assert.ok(
			Number.isFinite(growth) && growth < ALLOWED_GROWTH,
			`the heap grew by ${output} bytes`,
		);
	});
});

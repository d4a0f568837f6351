import { execFileSync } from "node:child_process";
import { join } from "node:path";
import * as assert from "uvu/assert";
import { suite } from "./suite.ts";

/** A graph that was kept would cost more than a kilobyte a step: 20 MB. What the engine itself keeps varies by far less. */
const ALLOWED_GROWTH = 1_000_000;

suite("memory", (test) => {
	test("20,000 training steps leave the heap where it was", () => {
		const program = join(import.meta.dirname, "programs/flat-memory.ts");
		const output = execFileSync(process.execPath, ["--expose-gc", "--import", "tsx", program], {
			encoding: "utf8",
		});
		const growth = Number(output);
		assert.ok(
			Number.isFinite(growth) && growth < ALLOWED_GROWTH,
			`the heap grew by ${output} bytes`,
		);
	});
});

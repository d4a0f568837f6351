import { execFileSync } from "node:child_process";
import { join } from "node:path";
import * as assert from "uvu/assert";
import { bundleOf } from "../children.ts";
import { suite } from "../suite.ts";

const root = join(import.meta.dirname, "../..");

suite("examples/compiled-training", (test) => {
	test("it prints the loss that both agree on, both times and what runs where", () => {
		const args = [bundleOf("examples/12-compiled-training.ts"), "--threads", "2"];
		const lines = execFileSync(process.execPath, args, { cwd: root, encoding: "utf8" }).split("\n");
		assert.match(lines[0]!, /^loss after 100 steps: 0\.025403886392, as it is and compiled$/);
		assert.match(lines[1]!, /^a step: \d+\.\d\d ms as it is, \d+\.\d\d ms compiled$/);
		assert.match(lines[2]!, /^product +dot add .* 5\.13 MFLOP .* 2 threads$/);
		assert.ok(lines.includes("threads: 2"));
	});
});

import { readFileSync } from "node:fs";
import { join } from "node:path";
import * as assert from "uvu/assert";
import { random } from "../../lib/index.ts";
import { fences } from "../documents.ts";
import { suite } from "../suite.ts";
import { asArray, hasNumPy, runPython } from "./python.ts";

const [N, D_in, H, D_out] = [64, 1000, 100, 10];
const SHAPES = { x: [N, D_in], y: [N, D_out], w1: [D_in, H], w2: [H, D_out] };

/** A document's loop in NumPy, and what it says that the same loop in adjoint prints. */
function loopOf(document: string): { loop: string; printed: string } {
	const text = readFileSync(join(import.meta.dirname, "../../docs", document), "utf8");
	const all = fences(text);
	const loop = all.find(({ body }) => body.startsWith("learning_rate = 1e-6\n"))!.body;
	const call = all.findIndex(({ body }) => body.endsWith("train(1e-6, 500, 100);\n"));
	return { loop, printed: all[call + 1]!.body };
}

suite("derivation/training-loop", (test) => {
	test("the document's 500 steps in NumPy print the losses of those in adjoint", () => {
		if (!hasNumPy()) return console.log("skipped: there is no Python with NumPy");
		const { loop, printed } = loopOf("derivation.md");
		const keys = random.split(random.key(0), 4);
		const given = Object.entries(SHAPES).map(([name, shape], i) => {
			return `${name} = ${asArray(random.normal(keys[i]!, shape))}`;
		});
		const recorded = loop.replace("print(t, loss)", "losses.append(loss)");
		const program = ["import numpy as np", ...given, "losses = []", recorded].join("\n");
		const { elements } = runPython(program, ["losses"]).get("losses")!;
		const lines = elements.map((loss, i) => `${100 * i} ${loss.toPrecision(4)}\n`);
		assert.is(lines.join(""), printed);
	});

	test("both languages show one loop with one output", () => {
		assert.equal(loopOf("derivation.zh.md"), loopOf("derivation.md"));
	});
});

import * as assert from "uvu/assert";
import { records } from "../../lib/check/records.ts";
import { drawFrom, numbersFrom } from "../../lib/check/sampling.ts";
import { compile } from "../../lib/compile/index.ts";
import { apply, type Tensor } from "../../lib/index.ts";
import { suite } from "../suite.ts";
import { backend } from "./backend.ts";
import { nearSingle } from "./near-single.ts";

suite("webgpu, every op", (test) => {
	test("an op gives on the device what it gives by itself, in float32", async () => {
		const gpu = await backend();
		const failed: string[] = [];
		for (const op of records) {
			if (op.sample === undefined) continue;
			const draw = drawFrom(numbersFrom(4));
			for (let i = 0; i < 2; i++) {
				const { inputs, params } = op.sample(draw);
				const singles = inputs.map((x) => (x.dtype === "float64" ? x.astype("float32") : x));
				const f = (given: readonly Tensor[]) => apply(op, given, params);
				try {
					const expected = f(singles);
					if (expected.dtype === "float64") continue;
					const run = compile(f, { backend: gpu });
					const notes = run.explain(singles).notes.filter((x) => x.includes("on the host"));
					if (notes.length > 0 && i === 0) console.log(op.name, notes.join());
					const result = run(singles);
					await gpu.read(result);
					nearSingle(result, expected, op.name);
				} catch (error) {
					failed.push(`${op.name}: ${String(error).slice(0, 300)}`);
				}
			}
		}
		assert.equal(failed, []);
	});
});

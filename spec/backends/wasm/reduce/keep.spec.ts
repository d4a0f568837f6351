import * as assert from "uvu/assert";
import { keptOperand, withKept } from "../../../../lib/backends/wasm/reduce/keep.ts";
import { slicesWorkspace } from "../../../../lib/backends/wasm/reduce/slices.ts";
import type { Tensor } from "../../../../lib/index.ts";
import { ones } from "../../../../lib/index.ts";
import { inOrder } from "../../../../lib/scalar/scalar.ts";
import { type Expression, formulasIn, inputsIn } from "../../../../lib/schedule/expression.ts";
import { planned } from "../../../schedule/schedules.ts";
import { suite } from "../../../suite.ts";

/** The loop over slices that a function is, of ones of this shape. */
function loopOf(f: (x: Tensor) => Tensor, shape: number[], dtype: "float32" | "float64") {
	const { steps } = planned(f, ones(shape, { dtype }));
	const [kernel] = steps.map((step) => step.kernel);
	if (steps.length !== 1 || kernel?.kind !== "reduction") throw new Error("no single reduction");
	return kernel.loop;
}

const calls = (expressions: readonly Expression[]) =>
	[...formulasIn(expressions)].some((term) => inOrder(term).some(({ kind }) => kind === "call"));

suite("wasm/reduce/keep", (test) => {
	const passesOf = (f: (x: Tensor) => Tensor) => {
		const loop = withKept(loopOf(f, [5, 7], "float32"));
		const outputs = loop.outputs.map(({ value }) => value);
		return { ...loop, kinds: loop.passes.map(({ kind }) => kind), outputs };
	};

	test("the exponentials of softmax are computed once, and of what follows it too", () => {
		const functions = [
			(x: Tensor) => x.softmax(1),
			(x: Tensor) => x.mul(3).softmax(0).mul(x).sqrt(),
		];
		for (const f of functions) {
			const loop = passesOf(f);
			assert.equal(loop.kinds, ["reduce", "keep", "reduce"]);
			assert.is(loop.keeps, "float32");
			assert.is(calls(loop.outputs), false);
			assert.ok(inputsIn(loop.outputs).has(keptOperand(loopOf(f, [5, 7], "float32"))));
		}
	});

	test("a pass that may be left out keeps nothing for what comes after it", () => {
		const { passes, keeps, outputs } = passesOf((x) => x.logSumExp(1));
		const keep = passes.find(({ kind }) => kind === "keep");
		assert.ok(keep?.unless !== undefined);
		assert.is(keeps, "float32");
		assert.equal([...inputsIn(outputs)], []);
	});

	test("what calls no function is not kept", () => {
		for (const f of [(x: Tensor) => x.variance(1), (x: Tensor) => x.square().sum()]) {
			assert.is(passesOf(f).keeps, null);
		}
	});

	test("a thread keeps one slice, or eight side by side, but not more than a mebibyte", () => {
		const bytes = (axis: number, n: number, dtype: "float32" | "float64") => {
			const shape = axis === 0 ? [n, 40] : [40, n];
			return slicesWorkspace(loopOf((x) => x.softmax(axis), shape, dtype));
		};
		assert.is(bytes(1, 100, "float32"), 100 * 4);
		assert.is(bytes(1, 100, "float64"), 100 * 8);
		assert.is(bytes(0, 100, "float32"), 8 * 100 * 4);
		assert.is(bytes(1, 2 ** 18, "float32"), 2 ** 20);
		assert.is(bytes(1, 2 ** 18 + 1, "float32"), 0);
	});
});

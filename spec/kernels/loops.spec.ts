import * as assert from "uvu/assert";
import { makeLoop, sharedLoop } from "../../lib/kernels/loops.ts";
import { termOf } from "../../lib/scalar/formula.ts";
import * as s from "../../lib/scalar/index.ts";
import { termEvaluator } from "../../lib/scalar/numbers.ts";
import type { Scalar } from "../../lib/scalar/scalar.ts";
import { suite } from "../suite.ts";

const f = termOf((x: Scalar, y: Scalar) => s.sub(x, s.mul(2, y)), 2);
const x = new Float64Array([1, 2, 3, 4, 5, 6, 7, 8]);
const y = new Int32Array([10, 20, 30, 40]);

suite("loops", (test) => {
	for (const [name, make] of [
		["the generated loop", (checked: boolean) => makeLoop("test", f, 2, checked)],
		["the shared loop", (checked: boolean) => sharedLoop(termEvaluator(f), 2, checked)],
	] as const) {
		test(`${name} runs over neighbouring elements`, () => {
			const out = new Float64Array(5);
			assert.is(make(false)(3, out, 1, x, 2, 1, y, 0, 1), undefined);
			assert.equal([...out], [0, 3 - 20, 4 - 40, 5 - 60, 0]);
		});

		test(`${name} runs over strides, backwards and in place`, () => {
			const out = new Float64Array(3);
			make(false)(3, out, 0, x, 7, -2, y, 1, 0);
			assert.equal([...out], [8 - 40, 6 - 40, 4 - 40]);
		});

		test(`${name} tells of a result that does not fit into int32 when it is checked`, () => {
			const out = new Int32Array(1);
			assert.is(make(true)(1, out, 0, new Float64Array([0.5]), 0, 1, y, 0, 1), -19.5);
			assert.is(
				make(true)(1, out, 0, new Float64Array([-0]), 0, 1, new Int32Array(1), 0, 1),
				undefined,
			);
		});
	}

	test("where generated code is forbidden, the shared loop takes over", () => {
		const { Function: original } = globalThis;
		globalThis.Function = function forbidden() {
			throw new EvalError("forbidden");
		} as unknown as FunctionConstructor;
		try {
			const out = new Float64Array(1);
			makeLoop("test", f, 2, false)(1, out, 0, x, 0, 1, y, 0, 1);
			assert.equal([...out], [1 - 20]);
		} finally {
			globalThis.Function = original;
		}
	});
});

import * as assert from "uvu/assert";
import { type Tensor, tensor } from "../../lib/index.ts";
import type { ScalarFunction, Term } from "../../lib/scalar/scalar.ts";
import type { Expression } from "../../lib/schedule/expression.ts";
import type { ElementwiseLoop, Kernel } from "../../lib/schedule/kernel.ts";
import { kernelKeys } from "../../lib/schedule/kernel-key.ts";
import { operations as op } from "../operations.ts";
import { suite } from "../suite.ts";
import { plannedAt } from "./schedules.ts";

const x: Expression = { kind: "input", index: 0 };
const number = (value: number): Expression => ({ kind: "constant", value, dtype: "float64" });

/** A loop that computes an expression of one input. */
function loop(value: Expression, changes: Partial<ElementwiseLoop> = {}): Kernel {
	const inputs = [{ dtype: "float64", strides: [3, 1] } as const];
	const outputs = [{ dtype: "float64", strides: [3, 1], value } as const];
	return { kind: "loop", loop: { shape: [2, 3], inputs, outputs, ...changes } };
}

const double = () => loop(op.mul("float64", x, number(2)));

const steps = (f: (y: Tensor) => unknown) => {
	const keyOf = kernelKeys();
	return plannedAt([2, 3], f).steps.map(({ kernel }) => keyOf(kernel));
};

suite("schedule/kernel-key", (test) => {
	test("equal kernels have equal texts, whichever objects they are made of", () => {
		const keyOf = kernelKeys();
		assert.is(keyOf(double()), keyOf(double()));
		// The same list in two places is like two equal lists.
		const strides = [3, 1];
		const shared = [{ dtype: "float64", strides } as const];
		const value = op.mul("float64", x, number(2));
		const outputs = [{ dtype: "float64", strides, value } as const];
		assert.is(keyOf(loop(value, { inputs: shared, outputs })), keyOf(double()));
	});

	test("steps at different addresses are one kernel", () => {
		const keys = steps((y) => [
			y.cumsum(0),
			y.cumsum(0).cumsum(0),
			y.cumsum(0).cumsum(0).cumsum(0),
		]);
		assert.is(keys.length, 3);
		assert.is(new Set(keys).size, 1);
	});

	test("another stride, shape, dtype, constant, primitive or order of operands is another kernel", () => {
		const keyOf = kernelKeys();
		const kernels = [
			double(),
			loop(op.mul("float64", number(2), x)),
			loop(op.mul("float64", x, number(3))),
			loop(op.mul("float32", x, number(2))),
			loop(op.add("float64", x, number(2))),
			loop(op.mul("float64", x, number(2)), { shape: [3, 2] }),
			loop(op.mul("float64", x, number(2)), { inputs: [{ dtype: "float64", strides: [1, 2] }] }),
			loop(op.mul("float64", x, number(2)), { inputs: [{ dtype: "float32", strides: [3, 1] }] }),
			loop({ kind: "cast", of: op.mul("float64", x, number(2)), dtype: "float64" }),
		];
		assert.is(new Set(kernels.map(keyOf)).size, kernels.length);
	});

	test("0 and −0 differ, and NaN is itself", () => {
		const keyOf = kernelKeys();
		const of = (value: number) => keyOf(loop(op.add("float64", x, number(value))));
		assert.is.not(of(0), of(-0));
		assert.is(of(Number.NaN), of(Number.NaN));
		assert.is.not(of(Number.NaN), of(Number.POSITIVE_INFINITY));
	});

	test("functions are told apart by identity, though they have one name", () => {
		const functionOf = (factor: number): ScalarFunction => {
			return { name: "mine", arity: 1, operator: undefined, evaluate: (t) => factor * t };
		};
		const keyOf = kernelKeys();
		const of = (f: ScalarFunction) => {
			const v: Term = { kind: "argument", type: "number", index: 0 };
			const term: Term = { kind: "call", type: "number", of: f, args: [v] };
			return keyOf(loop({ kind: "formula", term, args: [x], dtype: "float64" }));
		};
		const [twice, thrice] = [functionOf(2), functionOf(3)];
		assert.is(of(twice), of(twice));
		assert.is.not(of(twice), of(thrice));
	});

	test("an expression in several places is written once: a tree of 2⁴⁰ leaves has a short text", () => {
		let y: Expression = x;
		for (let i = 0; i < 40; i++) y = op.add("float64", y, y);
		assert.ok(kernelKeys()(loop(y)).length < 40 * 100);
	});

	test("what is computed once is another kernel than what is computed twice", () => {
		const keyOf = kernelKeys();
		const sum = () => op.add("float64", x, number(1));
		const once = sum();
		assert.is.not(
			keyOf(loop(op.mul("float64", once, once))),
			keyOf(loop(op.mul("float64", sum(), sum()))),
		);
	});

	test("constants of other elements are the same kernel at another address", () => {
		const [a, b] = [tensor([1, 2, 3]), tensor([4, 5, 6])];
		const [first, second] = steps((y) => [y.mul(a), y.mul(b)].map((z) => z.cumsum(0))).filter(
			(_, i) => i % 2 === 0,
		);
		assert.is(first, second);
	});
});

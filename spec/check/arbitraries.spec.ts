import * as fc from "fast-check";
import * as assert from "uvu/assert";
import {
	axes,
	broadcastableShapes,
	type Nested,
	nestedParameters,
	shapes,
	tensors,
} from "../../lib/check/arbitraries.ts";
import { drawn } from "../../lib/check/arbitrary-draw.ts";
import { broadcastShapes, normalizeAxes } from "../../lib/core/shape.ts";
import { elements } from "../../lib/core/strided.ts";
import { DTypeError, Tensor } from "../../lib/index.ts";
import { refuses } from "../near.ts";
import { suite } from "../suite.ts";

/** The simplest value that an arbitrary finds for which the claim does not hold. */
function counterexample<T>(arbitrary: fc.Arbitrary<T>, claim: (value: T) => boolean): T {
	const result = fc.check(fc.property(arbitrary, claim), { seed: 1, numRuns: 1000 });
	assert.ok(result.failed, "every value obeys the claim");
	return result.counterexample![0];
}

/**
 * Asserts a claim of every value, and that no weaker bound would do: each of these values does
 * occur.
 */
function holds<T>(
	arbitrary: fc.Arbitrary<T>,
	claim: (value: T) => void,
	occurs: ((value: T) => boolean)[],
): void {
	const values = fc.sample(arbitrary, { numRuns: 400, seed: 2 });
	values.forEach(claim);
	for (const [i, one] of occurs.entries()) assert.ok(values.some(one), `case ${i} does not occur`);
}

suite("check/arbitraries", (test) => {
	test("shapes stay within their bounds, and reach them", () => {
		holds(shapes(), (s) => assert.ok(s.length <= 4 && s.every((size) => size >= 0)), [
			(s) => s.length === 0,
			(s) => s.length === 4,
			(s) => s.includes(0),
			(s) => s.some((size) => size > 3),
		]);
		holds(
			shapes({ minRank: 2, maxRank: 3, minSize: 1 }),
			(s) => assert.ok(s.length >= 2 && s.length <= 3 && !s.includes(0)),
			[(s) => s.length === 2, (s) => s.length === 3],
		);
	});

	test("broadcastable shapes broadcast, and differ in sizes and in rank", () => {
		holds(
			broadcastableShapes(3),
			(group) => assert.ok(group.length === 3 && broadcastShapes("spec", group).length <= 4),
			[
				([x, y]) => x!.length !== y!.length,
				([x, y]) => x!.length === y!.length && String(x) !== String(y),
				([x, y, z]) => String(x) === String(y) && String(y) === String(z),
			],
		);
		holds(
			broadcastableShapes(2, { minRank: 1 }),
			(group) => assert.ok(group.every((s) => s.length > 0)),
			[],
		);
	});

	test("axes are axes of the rank, each once", () => {
		holds(axes(3), (some) => normalizeAxes("spec", some, 3), [
			(some) => some.length === 0,
			(some) => some.length === 3,
			(some) => some[0]! > some[1]!,
			(some) => some.some((axis) => axis < 0),
		]);
	});

	test("tensors lie in their domain, away from what they avoid", () => {
		const domain = { min: -1, max: 3, avoid: [0] };
		holds(
			tensors({ shape: [2, 3], domain }),
			(x) => {
				assert.equal([x.dtype, x.shape], ["float64", [2, 3]]);
				for (const value of elements(x))
					assert.ok(value >= -1 && value <= 3 && Math.abs(value) >= 0.25);
			},
			[
				(x) => elements(x).includes(-1),
				(x) => elements(x).includes(3),
				(x) => x.strides[1] !== 1,
				(x) => x.strides[1]! < 0,
			],
		);
	});

	test("tensors have the dtype that is asked for, with its special values where they are", () => {
		holds(tensors({ special: true }), (x) => assert.is(x.dtype, "float64"), [
			(x) => elements(x).some(Number.isNaN),
			(x) => elements(x).some((value) => Object.is(value, -0)),
			(x) => elements(x).includes(Number.NEGATIVE_INFINITY),
			(x) => elements(x).includes(5e-324),
			(x) => elements(x).includes(1e300),
		]);
		holds(tensors({ dtype: "float32", special: true }), (x) => assert.is(x.dtype, "float32"), [
			(x) => elements(x).includes(2 ** -149),
		]);
		holds(tensors({ dtype: "int32", special: true }), (x) => assert.is(x.dtype, "int32"), [
			(x) => elements(x).includes(-(2 ** 31)),
		]);
		holds(tensors({ dtype: "bool" }), (x) => assert.is(x.dtype, "bool"), [
			(x) => elements(x).includes(1),
		]);
		holds(tensors(), (x) => assert.ok([...elements(x)].every(Number.isFinite)), []);
	});

	test("distinct elements are apart; distinct bools there are not", () => {
		for (const dtype of ["float64", "int32"] as const) {
			holds(
				tensors({ dtype, distinct: true, minRank: 1 }),
				(x) => {
					const sorted = [...elements(x)].sort((a, b) => a - b);
					const gap = dtype === "int32" ? 1 : 1 / 8;
					for (let i = 1; i < sorted.length; i++) assert.ok(sorted[i]! - sorted[i - 1]! >= gap);
				},
				[(x) => x.size > 3],
			);
		}
		refuses(
			() => fc.sample(tensors({ dtype: "bool", distinct: true }), 1),
			DTypeError,
			"distinct bools",
		);
	});

	test("nested parameters nest, and hold at least one tensor", () => {
		const leaves = (x: Nested): Tensor[] =>
			x instanceof Tensor ? [x] : Object.values(x).flatMap(leaves);
		holds(nestedParameters(), (x) => assert.ok(leaves(x).length > 0), [
			(x) => x instanceof Tensor,
			(x) => Array.isArray(x) && Array.isArray(x[0]),
			(x) => "w" in x && "b" in x && !(x.w instanceof Tensor),
		]);
	});

	test("what fails shrinks to what can be read at a glance", () => {
		const x = counterexample(tensors(), (t) => elements(t).every((value) => value < 1));
		assert.equal([x.shape, x.toArray()], [[], 1]);
		assert.equal(
			counterexample(shapes(), (s) => s.length < 2),
			[0, 0],
		);
		assert.equal(
			counterexample(axes(4), (some) => some.length < 1),
			[0],
		);
		const pair = counterexample(broadcastableShapes(), ([a, b]) => a!.length === b!.length);
		assert.equal(pair, [[], [0]]);
	});

	test("drawn shrinks whatever is made of the numbers drawn", () => {
		const list = drawn((draw) =>
			Array.from({ length: draw.integer(0, 9) }, () => draw.integer(-50, 50)),
		);
		assert.equal(
			counterexample(list, (numbers) => numbers.every((n) => n > -17)),
			[-17],
		);
		assert.equal(
			counterexample(list, (numbers) => numbers.length < 3),
			[0, 0, 0],
		);
	});
});

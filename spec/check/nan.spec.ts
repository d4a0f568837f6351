import * as assert from "uvu/assert";
import { records } from "../../lib/check/records.ts";
import { drawFrom, numbersFrom } from "../../lib/check/sampling.ts";
import { isFloat } from "../../lib/core/dtype.ts";
import { AdjointError } from "../../lib/core/error.ts";
import { apply, type Op } from "../../lib/core/op.ts";
import type { Data } from "../../lib/core/params.ts";
import {
	abs,
	clip,
	elementwise,
	grad,
	hypot,
	isNaN as isNaNOp,
	maximum,
	minimum,
	mul,
	norm,
	sort,
	type Tensor,
	tensor,
	topK,
	vjp,
	where,
} from "../../lib/index.ts";
import * as s from "../../lib/scalar/index.ts";
import { same } from "../near.ts";
import { suite } from "../suite.ts";

const { NaN: nan, POSITIVE_INFINITY: inf } = Number;

/** An element takes these values, to see what depends on it. */
const VALUES = [-3, -1, -0.5, 0, 0.25, 0.5, 0.75, 1.5, 2, 4];

/**
 * A part of a gradient that varies with an element and is not NaN where that is; null if there is
 * none.
 */
function hiding(op: Op, seeds: number): { found: string | null; seen: number } {
	let seen = 0;
	for (let seed = 1; seed <= seeds; seed++) {
		const { inputs, params } = op.sample!(drawFrom(numbersFrom(seed)));
		// Zeros in places: what is multiplied by a NaN then is 0 · NaN.
		const given = inputs.map((x) => {
			const values = Array.from(x.data, (value, at) => ((5 * at + seed) % 3 === 0 ? 0 : value));
			return isFloat(x.dtype) && seed % 2 === 0 ? tensor(values).reshape(x.shape) : x;
		});
		for (const [i, x] of given.entries()) {
			if (!isFloat(x.dtype) || x.size === 0) continue;
			const at = (7 * seed) % x.size;
			const gradientWith = (value: number) => {
				const changed = tensor(Array.from(x.data).with(at, value)).reshape(x.shape);
				return gradient(op, given.with(i, changed), params);
			};
			const others = VALUES.map(gradientWith).filter((other) => other !== null);
			for (const [k, part] of gradientWith(nan)?.entries() ?? []) {
				const values = others.map((other) => other[k]!).filter(Number.isFinite);
				if (values.every((value) => Math.abs(value - values[0]!) < 1e-9)) continue;
				seen++;
				if (Number.isNaN(part)) continue;
				return { found: `${op.name}: ${part} with a NaN in argument ${i + 1}`, seen };
			}
		}
	}
	return { found: null, seen };
}

/**
 * The gradients of a weighted sum of the result by all arguments that are float, in one row; null
 * where the op refuses them.
 */
function gradient(op: Op, inputs: readonly Tensor[], params: Data): number[] | null {
	const isTried = inputs.map(({ dtype }) => isFloat(dtype));
	const f = (tried: readonly Tensor[]) => {
		const left = [...tried];
		return apply(
			op,
			inputs.map((x, i) => (isTried[i] ? left.shift()! : x)),
			params,
		);
	};
	const given = inputs.filter((_, i) => isTried[i]);
	try {
		const [out, pull] = vjp(f, given);
		const weights = tensor(Array.from({ length: out.size }, (_, i) => 0.3 + 0.17 * i));
		return pull(weights.reshape(out.shape)).flatMap((g) => [...g.data]);
	} catch (error) {
		if (error instanceof AdjointError) return null;
		throw error;
	}
}

suite("check/nan", (test) => {
	const differentiable = records.filter((op) => {
		const { inputs, params } = op.sample!(drawFrom(numbersFrom(1)));
		return op.differential !== null && isFloat(op.infer(inputs, params).dtype);
	});

	test("a NaN in any argument of any op shows in every part of the gradient that depends on it", () => {
		let seen = 0;
		for (const op of differentiable) {
			const result = hiding(op, 10);
			assert.is(result.found, null);
			seen += result.seen;
		}
		assert.ok(seen > 800, `${seen} parts depend on an element`);
	});

	test("an op that hides a NaN is found", () => {
		const hides = elementwise(2, {
			name: "hides",
			formula: (x, y) => s.mul(x, y),
			partials: [(_, y) => where(isNaNOp(y), 0, y), (x) => x],
			print: (x, y) => `${x} * ${y}`,
		});
		assert.is(hiding(hides.op, 24).found, "hides: 0 with a NaN in argument 2");
		assert.is(hiding(mul.op, 24).found, null);
	});

	test("hypot shows a NaN in both parts of its gradient, as the norm of the pair does", () => {
		const pair = (f: (v: Tensor) => Tensor, x: number, y: number) => grad(f)(tensor([x, y]));
		for (const [x, y] of [
			[nan, 1],
			[nan, 0],
			[0, nan],
			[inf, nan],
		] as const) {
			same(
				pair((v) => hypot(v.slice(0), v.slice(1)), x, y),
				[nan, nan],
			);
			same(pair(norm, x, y), [nan, nan]);
		}
		same(hypot(inf, nan), inf);
	});

	test("where two numbers are compared, a NaN shows in the gradients of both", () => {
		for (const f of [maximum, minimum]) {
			same(grad((x: Tensor) => f(x, nan))(tensor(1)), nan);
			same(grad((x: Tensor) => f(nan, x))(tensor(1)), nan);
		}
		for (const f of [
			(x: Tensor) => clip(x, nan, 1),
			(x: Tensor) => clip(x, 0, nan),
			(x: Tensor) => clip(nan, x, 1),
			(x: Tensor) => clip(nan, 0, x),
		]) {
			same(grad(f)(tensor(0.5)), nan);
		}
		same(grad((x: Tensor) => abs(x).sum())(tensor([nan, -1])), [nan, -1]);
	});

	// What moves elements has a derivative that does not depend on them; NaN has a place in the
	// order, the last.
	test("sort and topK put a NaN in its place, where it shows, and each gradient goes back to its element", () => {
		const x = tensor([1, nan, 0]);
		const weights = tensor([1, 10, 100]);
		same(sort(x), [0, 1, nan]);
		same(grad((t: Tensor) => sort(t).mul(weights).sum())(x), [10, 100, 1]);
		same(topK(x, 1)[0], [nan]);
	});
});

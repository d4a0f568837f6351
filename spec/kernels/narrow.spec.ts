import * as assert from "uvu/assert";
import { exp, expm1, sigmoid, softmax, Tensor, tanh } from "../../lib/index.ts";
import { makeLoop, sharedLoop } from "../../lib/kernels/loops.ts";
import { forFloat32 } from "../../lib/kernels/narrow.ts";
import { termOf } from "../../lib/scalar/formula.ts";
import * as s from "../../lib/scalar/index.ts";
import { termEvaluator } from "../../lib/scalar/numbers.ts";
import type { Scalar } from "../../lib/scalar/scalar.ts";
import { IS_FULL } from "../runs.ts";
import { suite } from "../suite.ts";

const logistic = (x: number) => {
	const e = Math.exp(-Math.abs(x));
	return (x < 0 ? e : 1) / (1 + e);
};

/** Each with what it is in float64, how many units it may be off, and how seldom it is. */
const functions = {
	exp: [exp, s.exp, Math.exp, 1, 200],
	expm1: [expm1, s.expm1, Math.expm1, 1, 1000],
	tanh: [tanh, s.tanh, Math.tanh, 2, 25],
	sigmoid: [sigmoid, s.sigmoid, logistic, 2, 25],
} as const;

/** The float32 of every so many bit patterns, NaN and infinities among them. */
function floats(step: number): Float32Array {
	const patterns = Uint32Array.from({ length: 2 ** 32 / step }, (_, i) => i * step + (i % step));
	return new Float32Array(patterns.buffer);
}

const special = Float32Array.of(0, -0, NaN, Infinity, -Infinity, 1, -1, 88.8, -104, 710, -710);

/** How many float32 lie between two; 0 for two NaN. */
function distance(x: number, y: number): number {
	if (Object.is(x, y)) return 0;
	const [a, b] = Int32Array.from(new Int32Array(Float32Array.of(x, y).buffer), (bits) =>
		bits < 0 ? -0x80000000 - bits : bits,
	);
	return Number.isNaN(x) || Number.isNaN(y) || x * y < 0 ? Infinity : Math.abs(a! - b!);
}

suite("kernels/narrow", (test) => {
	for (const [name, [op, formula, known, most, seldom]] of Object.entries(functions)) {
		const term = forFloat32(
			termOf((x: Scalar) => formula(x), 1),
			["float32"],
		);

		test(`${name} of float32 is the nearest float32 but for one of ${seldom}, and within ${most} units, at all sizes`, () => {
			const x = floats(IS_FULL ? 2 ** 8 : 2 ** 14);
			const y = op(new Tensor(x, "float32", [x.length])).data;
			let differing = 0;
			for (let i = 0; i < x.length; i++) {
				const off = distance(y[i]!, Math.fround(known(x[i]!)));
				assert.ok(off <= most, `${name}(${x[i]}) is ${y[i]}`);
				differing += off;
			}
			assert.ok(differing < x.length / seldom, `${differing} of ${x.length}`);
		});

		test(`${name} is exact where Math's is: signed zeros, infinities and what is lost in float32`, () => {
			const y = op(new Tensor(special, "float32", [special.length])).data;
			for (const [i, x] of special.entries()) {
				assert.ok(distance(y[i]!, Math.fround(known(x))) <= most, `${name}(${x}) is ${y[i]}`);
				if (x === 0) assert.ok(Object.is(y[i], known(x)));
			}
		});

		test(`${name} has the same bits in vectors, in the loop and without generated code`, () => {
			const x = floats(2 ** 13);
			const large = new Tensor(x, "float32", [x.length]);
			op(large);
			const y = op(large).data;
			for (const loop of [
				makeLoop(name, term, 1, false),
				sharedLoop(termEvaluator(term), 1, false),
			]) {
				const out = new Float32Array(x.length);
				loop(x.length, out, 0, x, 0, 1);
				assert.is(
					out.findIndex((value, i) => !Object.is(value, y[i])),
					-1,
				);
			}
		});
	}

	test("exp of a difference is 0 or ∞ where the difference is more than float32 holds", () => {
		const term = termOf((x: Scalar, y: Scalar) => s.exp(s.sub(x, y)), 2);
		const evaluate = termEvaluator(forFloat32(term, ["float32", "float32"]));
		for (const [x, y, value] of [
			[3e38, -3e38, Infinity],
			[-3e38, 3e38, 0],
			[Infinity, 1, Infinity],
			[1, Infinity, 0],
			[-Infinity, 3e38, 0],
			[Infinity, Infinity, NaN],
			[NaN, 1, NaN],
			[1, 1, 1],
		] as const) {
			assert.ok(Object.is(evaluate(Math.fround(x), Math.fround(y)), value), `${x} − ${y}`);
		}
	});

	test("softmax of float32 is within 2 units, of the least shares and beside −∞ too", () => {
		const at = (i: number) => (i % 50 === 0 ? -Infinity : 100 * Math.sin(i * i));
		const x = new Tensor(
			Float32Array.from({ length: 1e5 }, (_, i) => at(i)),
			"float32",
			[100, 1000],
		);
		const [y, exact] = [softmax(x).data, softmax(x.astype("float64")).data];
		for (const [i, share] of y.entries()) {
			assert.ok(distance(share, Math.fround(exact[i]!)) <= 2, `${share} for ${exact[i]}`);
		}
	});
});

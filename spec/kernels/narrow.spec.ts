import * as assert from "uvu/assert";
import { exp, expm1, Tensor, tanh } from "../../lib/index.ts";
import { makeLoop, sharedLoop } from "../../lib/kernels/loops.ts";
import { narrowTerm } from "../../lib/kernels/narrow.ts";
import { termOf } from "../../lib/scalar/formula.ts";
import * as s from "../../lib/scalar/index.ts";
import { termEvaluator } from "../../lib/scalar/numbers.ts";
import type { Scalar } from "../../lib/scalar/scalar.ts";
import { IS_FULL } from "../runs.ts";
import { suite } from "../suite.ts";

const functions = {
	exp: [exp, s.exp],
	expm1: [expm1, s.expm1],
	tanh: [tanh, s.tanh],
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
	for (const [name, [op, formula]] of Object.entries(functions)) {
		const known = Math[name as "exp"];
		const term = narrowTerm(termOf((x: Scalar) => formula(x), 1));

		test(`${name} of float32 is the nearest float32, or in one of a thousand the next, at all sizes`, () => {
			const x = floats(IS_FULL ? 2 ** 8 : 2 ** 14);
			const y = op(new Tensor(x, "float32", [x.length])).data;
			let differing = 0;
			for (let i = 0; i < x.length; i++) {
				const off = distance(y[i]!, Math.fround(known(x[i]!)));
				assert.ok(off <= 1, `${name}(${x[i]}) is ${y[i]}`);
				differing += off;
			}
			assert.ok(differing < x.length / 1000, `${differing} of ${x.length}`);
		});

		test(`${name} is exact where Math's is: signed zeros, infinities and what is lost in float32`, () => {
			const y = op(new Tensor(special, "float32", [special.length])).data;
			for (const [i, x] of special.entries()) {
				assert.ok(distance(y[i]!, Math.fround(known(x))) <= 1, `${name}(${x}) is ${y[i]}`);
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
});

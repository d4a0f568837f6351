import * as assert from "uvu/assert";
import {
	bell,
	erf,
	erfc,
	gelu,
	normalCumulative,
	normalDensity,
} from "../../../../lib/backends/wasm/math/error-function.ts";
import {
	exp,
	exp2,
	expm1,
	sigmoid,
	sigmoidSlope,
	silu,
	tanh,
} from "../../../../lib/backends/wasm/math/exponential.ts";
import { log, log1p, log2, log10, softplus } from "../../../../lib/backends/wasm/math/logarithm.ts";
import { cos, sin } from "../../../../lib/backends/wasm/math/trigonometric.ts";
import { termOf } from "../../../../lib/scalar/formula.ts";
import * as formulas from "../../../../lib/scalar/functions.ts";
import { termEvaluator } from "../../../../lib/scalar/numbers.ts";
import { suite } from "../../../suite.ts";
import { ulps } from "../ulp.ts";
import { points, type VectorFunction, valuesAt } from "./vector-functions.ts";

const scalar = {
	sigmoid: termEvaluator(termOf(formulas.sigmoid, 1)),
	sigmoidSlope: termEvaluator(termOf(formulas.sigmoidSlope, 1)),
	softplus: termEvaluator(termOf(formulas.softplus, 1)),
	erf: termEvaluator(termOf(formulas.erf, 1)),
	erfc: termEvaluator(termOf(formulas.erfc, 1)),
	gelu: termEvaluator(termOf(formulas.gelu, 1)),
	bell: termEvaluator(termOf(formulas.bell, 1)),
	normalDensity: termEvaluator(termOf(formulas.normalDensity, 1)),
	normalCumulative: termEvaluator(termOf(formulas.normalCumulative, 1)),
};

/**
 * The functions, and the same in double precision, whose error is nothing beside a float32.
 * Products of two take more than 2 ulp.
 */
const functions: [string, VectorFunction, (x: number) => number, bound?: number][] = [
	["exp", exp, Math.exp],
	["expm1", expm1, Math.expm1],
	["exp2", exp2, (x) => 2 ** x],
	["log", log, Math.log],
	["log2", log2, Math.log2],
	["log10", log10, Math.log10],
	["log1p", log1p, Math.log1p],
	["tanh", tanh, Math.tanh],
	["sigmoid", sigmoid, scalar.sigmoid],
	["sigmoidSlope", sigmoidSlope, scalar.sigmoidSlope, 2.5],
	["silu", silu, (x) => (x === Number.NEGATIVE_INFINITY ? 0 : x * scalar.sigmoid(x)), 2.5],
	["softplus", softplus, scalar.softplus],
	["erf", erf, scalar.erf],
	["erfc", erfc, scalar.erfc, 2.5],
	["gelu", gelu, scalar.gelu, 2.5],
	["bell", bell, scalar.bell],
	["normalDensity", normalDensity, scalar.normalDensity, 2.5],
	["normalCumulative", normalCumulative, scalar.normalCumulative, 3],
	["sin", sin, Math.sin],
	["cos", cos, Math.cos],
];

/**
 * ±0, the ends of the range, and where results overflow, vanish, become subnormal or change their
 * formula.
 */
const edges = [
	0,
	-0,
	Infinity,
	-Infinity,
	NaN,
	1,
	-1,
	0.5,
	-0.5,
	3.4e38,
	-3.4e38,
	2 ** -126,
	-(2 ** -126),
	2 ** -149,
	-(2 ** -149),
	88.72283,
	88.72284,
	-87.33654,
	-103.97207,
	-103.97209,
	128,
	127.99999,
	-126,
	-149,
	-150,
	10.05,
	-10.05,
	2 ** 28,
	2 ** 28 + 32,
	-(2 ** 28),
	2 ** 120,
	0.9999999,
	-0.9999999,
	1.0000001,
	-1.0000001,
	Math.SQRT1_2,
	Math.PI,
	Math.PI / 2,
	13.5,
	-13.5,
];

suite("wasm/math in float32", (test) => {
	for (const [name, vector, truth, bound = 2] of functions) {
		test(`${name} is within ${bound} ulp of the truth, at special values too`, () => {
			const at = Float32Array.from([...edges, ...points(60_000, 120, "float32")]);
			const values = valuesAt(vector, at, name === "cos" ? Math.cos : Math.sin);
			let worst = 0;
			for (const [i, x] of at.entries()) {
				const expected = truth(x);
				const rounded = Math.fround(expected);
				const far = Number.isFinite(rounded)
					? distance(values[i]!, expected)
					: ulps(values[i]!, rounded, "float32");
				const sameZero = rounded !== 0 || x !== 0 || Object.is(values[i], rounded);
				if (!(far <= bound) || !sameZero) {
					assert.unreachable(`${name}(${x}) = ${values[i]}, not ${rounded}: ${far} ulp`);
				}
				worst = Math.max(worst, far);
			}
			assert.ok(worst > 0.5, "the points are too few to tell");
		});
	}
});

/** How many units in the last place of a float32 a number is from a float64 that is not rounded. */
function distance(actual: number, expected: number): number {
	if (!Number.isFinite(actual)) return Number.POSITIVE_INFINITY;
	const exponent = Math.floor(Math.log2(Math.abs(expected)));
	return Math.abs(actual - expected) / 2 ** Math.max(exponent - 23, -149);
}

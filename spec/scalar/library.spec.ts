import * as assert from "uvu/assert";
import { power } from "../../lib/index.ts";
import { termOf } from "../../lib/scalar/formula.ts";
import * as s from "../../lib/scalar/index.ts";
import { termEvaluator } from "../../lib/scalar/numbers.ts";
import type { Scalar } from "../../lib/scalar/scalar.ts";
import { near } from "../near.ts";
import { suite } from "../suite.ts";

const evaluate = (f: (x: Scalar, y: Scalar) => Scalar, arity = 1) =>
	termEvaluator(termOf(f, arity));

const erf = evaluate(s.erf);
const erfc = evaluate(s.erfc);
const sigmoid = evaluate(s.sigmoid);
const softplus = evaluate(s.softplus);
const logAddExp = evaluate(s.logAddExp, 2);
const floorMod = evaluate(s.floorMod, 2);

suite("scalar/library", (test) => {
	// Summed to 800 digits from the Taylor series, rounded to double precision.
	const table = [
		[1e-10, 1.1283791670955126e-10, 0.999999999887162],
		[0.25, 0.27632639016823696, 0.7236736098317631],
		[0.46875, 0.49261347321793797, 0.507386526782062],
		[0.5, 0.5204998778130465, 0.4795001221869535],
		[1, 0.8427007929497149, 0.15729920705028513],
		[2, 0.9953222650189527, 0.004677734981047266],
		[4, 0.9999999845827421, 1.541725790028002e-8],
		[5.5, 0.9999999999999927, 7.357847917974398e-15],
		[10, 1, 2.088487583762545e-45],
		[26, 1, 5.663192408856143e-296],
	] as const;

	test("erf and erfc are exact to a few units in the last place, also where erfc is tiny", () => {
		for (const [at, value, rest] of table) {
			near(erf(at) / value, 1, 5e-16);
			near(erfc(at) / rest, 1, 5e-16);
			near(erf(-at) / value, -1, 5e-16);
			near(erfc(-at), 1 + value, 5e-16);
		}
	});

	test("erf and erfc meet their limits", () => {
		for (const [x, value] of [
			[0, 0],
			[6, 1],
			[28, 1],
			[Infinity, 1],
			[NaN, NaN],
		] as const) {
			assert.is(Object.is(erf(x), value), true);
			assert.is(Object.is(erf(-x), -value), true);
			assert.is(Object.is(erfc(x), 1 - erf(x)), x !== 6);
		}
		assert.is(erfc(-30), 2);
	});

	test("erf and erfc have no step where one approximation gives way to the next", () => {
		for (const seam of [0.46875, 4]) {
			const next = seam * (1 + 2 ** -52);
			near(erf(next) / erf(seam), 1, 5e-16);
			near(erfc(next) / erfc(seam), 1, 2e-14); // erfc itself falls by 2·4²·2⁻⁵² there
		}
	});

	test("nothing overflows far out", () => {
		assert.equal([sigmoid(-1e4), sigmoid(1e4)], [0, 1]);
		assert.equal([softplus(-1e4), softplus(1e4)], [0, 1e4]);
		assert.is(logAddExp(-1e4, 1e4), 1e4);
	});

	test("power and floorMod follow C and Python where JavaScript differs", () => {
		const pow = termEvaluator(power.op.formula!());
		assert.equal([pow(1, NaN), pow(1, Infinity), pow(-1, -Infinity)], [1, 1, 1]);
		assert.equal([pow(-1, NaN), pow(-2, 0.5), pow(2, 0.5)], [NaN, NaN, Math.SQRT2]);
		assert.equal([floorMod(-7, 3), floorMod(7, -3), floorMod(-5, Infinity)], [2, -2, Infinity]);
	});
});

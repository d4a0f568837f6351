import * as assert from "uvu/assert";
import { erf, erfc, gelu } from "../../../../lib/backends/wasm/math/error-function.ts";
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
import { suite } from "../../../suite.ts";
import * as big from "./reference.ts";
import { points, type VectorFunction, valuesAt } from "./vector-functions.ts";

/** One in fixed point. */
const one = (p: number) => 1n << BigInt(p);

interface Case {
	readonly vector: VectorFunction;
	readonly truth: (x: number, p: number) => bigint;
	/** From where to where the function neither overflows nor is beyond what the reference takes. */
	readonly range: readonly [number, number];
	/** How many bits after the point tell the value at x to far beyond double precision. */
	readonly bits?: (x: number) => number;
	readonly bound?: number;
	readonly scalar?: (x: number) => number;
}

const exponentOf = (x: number) => Math.max(0, -Math.floor(Math.log2(Math.abs(x) || 1)));
/** For values that are about as small as x, and no smaller. */
const likeX = (x: number) => 140 + 2 * exponentOf(x);
/** For values that fall like e^−|x|. */
const likeExp = (x: number) => 140 + 3 * exponentOf(x) + Math.ceil(Math.abs(x) * 1.5);
/** For values that fall like e^(−x²), of which the reference multiplies one with its inverse. */
const likeBell = (x: number) => 140 + Math.ceil(x * x * 3);

const cases: Record<string, Case> = {
	exp: {
		vector: exp,
		truth: (x, p) => big.exp(big.fixed(x, p), p),
		range: [-750, 709.7],
		bits: likeExp,
	},
	expm1: {
		vector: expm1,
		truth: (x, p) => big.exp(big.fixed(x, p), p) - one(p),
		range: [-750, 709.7],
		bits: likeX,
	},
	exp2: {
		vector: exp2,
		truth: (x, p) => big.exp((big.fixed(x, p) * big.log(2, p)) >> BigInt(p), p),
		range: [-1080, 1023.9],
		bits: likeExp,
	},
	log: { vector: log, truth: big.log, range: [5e-324, Number.MAX_VALUE] },
	log2: {
		vector: log2,
		truth: (x, p) => big.quotient(big.log(x, p), big.log(2, p), p),
		range: [5e-324, Number.MAX_VALUE],
	},
	log10: {
		vector: log10,
		truth: (x, p) => big.quotient(big.log(x, p), big.log(10, p), p),
		range: [5e-324, Number.MAX_VALUE],
	},
	log1p: {
		vector: log1p,
		truth: (x, p) => big.log1p(big.fixed(x, p), p),
		range: [-1 + 2 ** -53, 1e30],
		bits: likeX,
	},
};

function truthOfSigmoid(x: number, p: number): bigint {
	return big.quotient(one(p), one(p) + big.exp(big.fixed(-x, p), p), p);
}

function truthOfSigmoidSlope(x: number, p: number): bigint {
	return (truthOfSigmoid(x, p) * truthOfSigmoid(-x, p)) >> BigInt(p);
}

Object.assign(cases, {
	tanh: {
		vector: tanh,
		truth: (x, p) => {
			const power = big.exp(big.fixed(2 * x, p), p);
			return big.quotient(power - one(p), power + one(p), p);
		},
		range: [-40, 40],
		bits: likeX,
	},
	sigmoid: { vector: sigmoid, truth: truthOfSigmoid, range: [-745, 745], bits: likeExp },
	sigmoidSlope: {
		vector: sigmoidSlope,
		truth: truthOfSigmoidSlope,
		range: [-740, 740],
		bits: likeExp,
	},
	silu: {
		vector: silu,
		truth: (x, p) => (big.fixed(x, p) * truthOfSigmoid(x, p)) >> BigInt(p),
		range: [-700, 700],
		bits: likeExp,
	},
	softplus: {
		vector: softplus,
		truth: (x, p) => big.log1p(big.exp(big.fixed(x, p), p), p),
		range: [-745, 700],
		bits: likeExp,
	},
	erf: { vector: erf, truth: (x, p) => big.erf(big.fixed(x, p), p), range: [-6, 6], bits: likeX },
	erfc: {
		vector: erfc,
		truth: (x, p) => one(p) - big.erf(big.fixed(x, p), p),
		range: [-6, 27.2],
		bits: likeBell,
	},
	gelu: {
		vector: gelu,
		truth: (x, p) => {
			const half = big.fixed(x, p);
			const scaled = (half * one(p)) / big.squareRootOf2(p);
			return (half * (one(p) + big.erf(scaled, p))) >> BigInt(p + 1);
		},
		range: [-38, 8],
		bits: (x) => likeBell(x) + 2 * exponentOf(x),
		bound: 2.5,
	},
	sin: {
		vector: sin,
		truth: (x, p) => big.sine(big.fixed(x, p), 0n, p),
		range: [-1e300, 1e300],
		bits: (x) => 200 + Math.abs(Math.log2(Math.abs(x) || 1)) * 2,
		scalar: Math.sin,
	},
	cos: {
		vector: cos,
		truth: (x, p) => big.sine(big.fixed(x, p), 1n, p),
		range: [-1e300, 1e300],
		bits: (x) => 200 + Math.abs(Math.log2(Math.abs(x) || 1)) * 2,
		scalar: Math.cos,
	},
} satisfies Record<string, Case>);

suite("wasm/math in float64", (test) => {
	for (const [name, { vector, truth, range, bits, bound = 2, scalar }] of Object.entries(cases)) {
		test(`${name} is within ${bound} ulp of the truth`, () => {
			const [least, greatest] = range;
			const inside = points(900, Math.min(800, greatest), "float64").filter(
				(x) => x >= least && x <= greatest,
			);
			const at = Float64Array.from(
				[...inside, ...range, 1, 0.5, 0.75, 1.5].filter((x) => x >= least),
			);
			const values = valuesAt(vector, at, scalar);
			let worst = 0;
			for (const [i, x] of at.entries()) {
				const p = Math.ceil(bits?.(x) ?? 240);
				const far = big.distance(values[i]!, truth(x, p), p);
				if (!(far <= bound)) assert.unreachable(`${name}(${x}) = ${values[i]}: ${far} ulp`);
				worst = Math.max(worst, far);
			}
			assert.ok(worst > 0, "nothing was rounded");
		});
	}
});

import type { OpFunction } from "../../op.ts";
import type * as arithmeticOps from "../../ops/arithmetic.ts";
import type * as comparisonOps from "../../ops/comparison.ts";
import type * as exponentialOps from "../../ops/exponential.ts";
import type * as maskOps from "../../ops/masks.ts";
import type * as trigonometricOps from "../../ops/trigonometric.ts";
import { floorMod, power } from "../../special-functions.ts";
import { erf, erfc, gelu } from "../math/error-function.ts";
import {
	exp,
	exp2,
	expm1,
	sigmoid,
	sigmoidSlope,
	silu,
	tanh,
	tanhSlope,
} from "../math/exponential.ts";
import type { Code, Floats, Vector } from "../math/floats.ts";
import { log, log1p, log2, log10, logAddExp, softplus } from "../math/logarithm.ts";
import { cos, sin } from "../math/trigonometric.ts";
import { i32x4, v128 } from "../simd.ts";
import {
	arithmetic,
	called,
	choosing,
	comparing,
	keeping,
	type Lowering,
	logical,
} from "./lowering.ts";

type NamesIn<Family> = {
	[K in keyof Family]: Family[K] extends OpFunction<infer Name, object> ? Name : never;
}[keyof Family];

/** The ops that act on each element by itself: all of these families. */
export type ElementwiseName =
	| NamesIn<typeof arithmeticOps>
	| NamesIn<typeof comparisonOps>
	| NamesIn<typeof exponentialOps>
	| NamesIn<typeof maskOps>
	| NamesIn<typeof trigonometricOps>;

/** An op of one argument by a vector function. */
function by(vector: (code: Code, floats: Floats, x: Vector) => Vector): Lowering {
	return arithmetic((code, floats, [x]) => vector(code, floats, x));
}

const whole = { integers: ([x]: Vector[]) => x! };

/** 1, 0 or, where the two cannot be compared, NaN: what a mask is made of. */
function orUnordered(floats: Floats, chosen: Vector, others: Vector): Vector {
	// A lane of nothing but ones is a NaN.
	const unordered = v128.not(v128.or(chosen, others));
	return v128.or(v128.and(chosen, floats.const(1)), unordered);
}

/** How each elementwise op is lowered, with the values that its record evaluates to. */
export const lowerings = {
	add: arithmetic((_, floats, [x, y]) => floats.add(x, y)),
	sub: arithmetic((_, floats, [x, y]) => floats.sub(x, y)),
	mul: arithmetic((_, floats, [x, y]) => floats.mul(x, y)),
	div: arithmetic((_, floats, [x, y]) => floats.div(x, y)),
	neg: arithmetic((_, floats, [x]) => floats.neg(x)),
	square: arithmetic((_, floats, [x]) => floats.mul(x, x)),
	reciprocal: arithmetic((_, floats, [x]) => floats.div(1, x)),
	maximum: arithmetic((_, floats, [x, y]) => floats.max(x, y), {
		integers: ([x, y]) => i32x4.max(x, y),
	}),
	minimum: arithmetic((_, floats, [x, y]) => floats.min(x, y), {
		integers: ([x, y]) => i32x4.min(x, y),
	}),
	clip: arithmetic((_, floats, [x, low, high]) => floats.min(floats.max(x, low), high), {
		integers: ([x, low, high]) => i32x4.min(i32x4.max(x, low), high),
	}),
	sqrt: arithmetic((_, floats, [x]) => floats.sqrt(x)),
	abs: arithmetic((_, floats, [x]) => floats.abs(x)),
	sign: arithmetic(
		(_, floats, [x]) => {
			const size = v128.and(floats.gt(floats.abs(x), 0), floats.const(1));
			// The sign bit stays, also that of −0; a lane of nothing but ones is a NaN.
			return v128.or(v128.or(size, v128.and(x, floats.const(-0))), floats.ne(x, x));
		},
		{ integers: ([x]) => i32x4.max(i32x4.min(x, 1), -1) },
	),
	mod: called(floorMod),
	floor: arithmetic((_, floats, [x]) => floats.floor(x), whole),
	ceil: arithmetic((_, floats, [x]) => floats.ceil(x), whole),
	round: arithmetic((_, floats, [x]) => floats.nearest(x), whole),

	exp: by(exp),
	expm1: by(expm1),
	exp2: by(exp2),
	log: by(log),
	log1p: by(log1p),
	log2: by(log2),
	log10: by(log10),
	power: called(power),
	// In float32 the sum may cancel, which float64 still holds.
	logAddExp: arithmetic((code, floats, [x, y]) => logAddExp(code, floats, x, y), { wide: true }),
	sigmoid: by(sigmoid),
	sigmoidSlope: by(sigmoidSlope),
	logSigmoid: arithmetic((code, floats, [x]) => floats.neg(softplus(code, floats, floats.neg(x)))),
	tanh: by(tanh),
	tanhSlope: by(tanhSlope),
	softplus: by(softplus),
	// x < 0 ? 0 : x, and then −0 becomes 0; a NaN stays.
	relu: arithmetic((_, floats, [x]) => floats.add(floats.pmax(x, floats.const(0)), 0), {
		integers: ([x]) => i32x4.max(x, 0),
	}),
	silu: by(silu),
	gelu: by(gelu),
	erf: by(erf),
	erfc: by(erfc),

	sin: arithmetic((code, floats, [x], scalar) => sin(code, floats, x, scalar), { calls: Math.sin }),
	cos: arithmetic((code, floats, [x], scalar) => cos(code, floats, x, scalar), { calls: Math.cos }),
	tan: called(Math.tan),
	asin: called(Math.asin),
	acos: called(Math.acos),
	atan: called(Math.atan),
	atan2: called(Math.atan2),
	hypot: called(Math.hypot),
	sinh: called(Math.sinh),
	cosh: called(Math.cosh),
	asinh: called(Math.asinh),
	acosh: called(Math.acosh),
	atanh: called(Math.atanh),
	// In float32 both factors would be rounded before they are multiplied.
	oneMinusSquare: arithmetic((_, floats, [x]) => floats.mul(floats.sub(1, x), floats.add(1, x)), {
		wide: true,
	}),

	equal: comparing((floats, x, y) => floats.eq(x, y)),
	notEqual: comparing((floats, x, y) => floats.ne(x, y)),
	less: comparing((floats, x, y) => floats.lt(x, y)),
	lessEqual: comparing((floats, x, y) => floats.le(x, y)),
	greater: comparing((floats, x, y) => floats.gt(x, y)),
	greaterEqual: comparing((floats, x, y) => floats.ge(x, y)),
	isNaN: comparing((floats, x) => floats.ne(x, x)),
	isFinite: comparing((floats, x) => floats.lt(floats.abs(x), Number.POSITIVE_INFINITY)),
	isInf: comparing((floats, x) => floats.eq(floats.abs(x), Number.POSITIVE_INFINITY)),
	logicalAnd: logical((x, y) => v128.and(x, y)),
	logicalOr: logical((x, y) => v128.or(x, y)),
	logicalXor: logical((x, y) => v128.xor(x, y)),
	logicalNot: logical((x) => v128.not(x)),
	where: choosing,

	scale: arithmetic((_, floats, [g, factor]) =>
		v128.andNot(floats.mul(g, factor), floats.eq(g, 0)),
	),
	scaleTangent: arithmetic((_, floats, [g, d]) =>
		v128.andNot(floats.mul(g, d), v128.or(floats.eq(g, 0), floats.eq(d, 0))),
	),
	keepWhere: keeping((_, floats, [g, mask]) =>
		v128.andNot(floats.mul(mask, g), floats.eq(mask, 0)),
	),
	maskGreater: arithmetic(
		(_, floats, [x, y]) => orUnordered(floats, floats.gt(x, y), floats.le(x, y)),
		{ integers: ([x, y]) => v128.and(i32x4.gt(x, y), i32x4.const(1)) },
	),
	maskGreaterEqual: arithmetic(
		(_, floats, [x, y]) => orUnordered(floats, floats.ge(x, y), floats.lt(x, y)),
		{ integers: ([x, y]) => v128.and(i32x4.ge(x, y), i32x4.const(1)) },
	),
} satisfies Record<ElementwiseName, Lowering>;

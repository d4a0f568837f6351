import type { Local } from "../../../asm/function.ts";
import { v128 } from "../../../asm/simd.ts";
import type * as functions from "../../../scalar/functions.ts";
import type * as library from "../../../scalar/library.ts";
import {
	inOrder,
	type NativeFunction,
	type ScalarFunction,
	type Term,
} from "../../../scalar/scalar.ts";
import { eachLane, type ScalarFunction as Imported } from "../math/calls.ts";
import { bell, erf, erfc, gelu, normalCumulative, normalDensity } from "../math/error-function.ts";
import { exp, exp2, expm1, sigmoid, sigmoidSlope, silu, tanh } from "../math/exponential.ts";
import type { Code, Floats, Vector } from "../math/floats.ts";
import { log, log1p, log2, log10, logAddExp, softplus } from "../math/logarithm.ts";
import { cos, sin } from "../math/trigonometric.ts";

/** How vectors are put through a function of the library. */
export interface VectorFunction {
	readonly emit: (
		code: Code,
		floats: Floats,
		args: readonly Local<"v128">[],
		imported: Imported | undefined,
	) => Vector;
	/** Whether JavaScript's own function has to be imported. */
	readonly imports: boolean;
	/** Whether float32 is computed in float64. */
	readonly wide: boolean;
	/** Whether whole numbers stay what they are. */
	readonly rounds?: boolean;
}

type Vectors = (code: Code, floats: Floats, x: Local<"v128">) => Vector;

function by(emit: Vectors): VectorFunction {
	return { emit: (code, floats, [x]) => emit(code, floats, x!), imports: false, wide: false };
}

/** Code that leaves some numbers to JavaScript's own function. */
function partly(
	emit: (code: Code, floats: Floats, x: Local<"v128">, imported: Imported) => Vector,
): VectorFunction {
	return {
		emit: (code, floats, [x], imported) => emit(code, floats, x!, imported!),
		imports: true,
		wide: false,
	};
}

/** JavaScript's own function, called for each number in turn. */
const called: VectorFunction = {
	emit: (code, floats, args, imported) => eachLane(code, floats, args, imported!),
	imports: true,
	wide: true,
};

/**
 * The functions that are computed by vectors; of the others, JavaScript's are called, and those
 * that have a formula are read from it.
 */
const vectors = {
	exp: by(exp),
	expm1: by(expm1),
	exp2: by(exp2),
	log: by(log),
	log1p: by(log1p),
	log2: by(log2),
	log10: by(log10),
	sigmoid: by(sigmoid),
	sigmoidSlope: by(sigmoidSlope),
	silu: by(silu),
	softplus: by(softplus),
	// In float32 the sum may cancel, which float64 still holds.
	logAddExp: {
		emit: (code, floats, [x, y]) => logAddExp(code, floats, x!, y!),
		imports: false,
		wide: true,
	},
	tanh: by(tanh),
	erf: by(erf),
	erfc: by(erfc),
	gelu: by(gelu),
	bell: by(bell),
	normalDensity: by(normalDensity),
	normalCumulative: by(normalCumulative),
	round: { ...by((_, floats, x) => floats.nearest(x)), rounds: true },
	sign: by((_, floats, x) => {
		const size = v128.and(floats.gt(floats.abs(x), 0), floats.const(1));
		// The sign bit stays, also that of −0; a lane of nothing but ones is a NaN.
		return v128.or(v128.or(size, v128.and(x, floats.const(-0))), floats.ne(x, x));
	}),
	sin: partly(sin),
	cos: partly(cos),
	tan: called,
	asin: called,
	acos: called,
	atan: called,
	atan2: called,
	hypot: called,
	sinh: called,
	cosh: called,
	asinh: called,
	acosh: called,
	atanh: called,
	pow: called,
	remainder: called,
	...{ floorMod: null, cbrt: null, lgamma: null, digamma: null },
	...{ logNormalCumulative: null, normalHazard: null },
} satisfies Record<keyof typeof library | keyof typeof functions, VectorFunction | null>;

/** The code for a function; null for one that is read from its formula. */
export function vectorsFor({ name }: ScalarFunction): VectorFunction | null {
	return Object.hasOwn(vectors, name) ? vectors[name as keyof typeof vectors] : null;
}

/** JavaScript's functions that have to be imported for terms, by name. */
export function importedFor(terms: Iterable<Term>): Map<string, NativeFunction> {
	const found = new Map<string, NativeFunction>();
	const visit = (term: Term): void => {
		for (const part of inOrder(term)) {
			if (part.kind !== "call") continue;
			const vector = vectorsFor(part.of);
			if (vector === null && "term" in part.of) visit(part.of.term());
			if (vector?.imports && "evaluate" in part.of) found.set(part.of.name, part.of);
		}
	};
	for (const term of terms) visit(term);
	return found;
}

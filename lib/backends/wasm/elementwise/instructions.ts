import { formulaOnVectors } from "../../../asm/formula.ts";
import type { Local } from "../../../asm/function.ts";
import { i32x4 } from "../../../asm/simd.ts";
import type { Term } from "../../../scalar/scalar.ts";
import type { ScalarFunctions } from "../math/calls.ts";
import { type Code, type Floats, type Vector, withConstants } from "../math/floats.ts";
import { vectorsFor } from "./functions.ts";
import { lanesOf } from "./value.ts";

/** What the lanes of vectors hold. */
export type LaneKind = "float32" | "float64" | "int32";

/**
 * Code for a term of vectors of one kind of lanes; what stands in several places is computed once.
 */
export function termOnVectors(
	code: Code,
	term: Term,
	args: readonly (Local<"v128"> | undefined)[],
	kind: LaneKind,
	imported: ScalarFunctions,
): Vector {
	const lanes = kind === "int32" ? i32x4 : withConstants(code, lanesOf(kind));
	return formulaOnVectors(code, term, args, lanes, ({ of, args: operands }, value) => {
		const { emit, rounds } = vectorsFor(of)!;
		if (lanes === i32x4 && rounds) return value(operands[0]!);
		const locals = operands.map((operand) => asLocal(code, value(operand)));
		return emit(code, lanes as Floats, locals, imported.get(of.name));
	});
}

function asLocal(code: Code, x: Vector): Local<"v128"> {
	return "index" in x ? (x as Local<"v128">) : code.let(x);
}

import { isFloat } from "../core/dtype.ts";
import type { LoweringParams } from "../core/op-lowering.ts";
import { areApart } from "../kernels/windows.ts";
import type { Instruction } from "../program/program.ts";
import { asChoice } from "./choices.ts";
import { asConvolution } from "./convolutions.ts";
import { asCopy } from "./copies.ts";
import {
	asCast,
	asFormula,
	asRandomChance,
	asRandomKey,
	asRandomNumber,
	asRandomWholeNumber,
	asTriangle,
} from "./elements.ts";
import { asEvaluation } from "./evaluations.ts";
import { asIndexed } from "./indexing.ts";
import { asPlacement } from "./placements.ts";
import type { Lowered } from "./planner.ts";
import { asProduct } from "./products.ts";
import { asReduction, isReducible } from "./reductions.ts";
import { asRepeat } from "./repeats.ts";
import { asScan } from "./scans.ts";
import { asScatter } from "./scatters.ts";
import { asWhile } from "./whiles.ts";

/** What an op's record says of how it runs: what it computes, or else its `lowering`. */
interface Said extends LoweringParams {
	formula: unknown;
	slices: unknown;
	scan: unknown;
}

/**
 * What instructions become, by what their op's record says; where dtypes and layouts do not allow
 * that, the op's own evaluation. This is the one place that lists the ways to run.
 */
const lowerings = {
	formula: () => asFormula,
	slices: (step) => (isReducible(step) ? asReduction(step) : asEvaluation),
	scan: () => asScan,
	evaluation: () => asEvaluation,
	// What is no view for the layout of its argument is a copy in the same order, or unknown.
	view: ({ op }) => (op.loops?.kind === "order" ? asCopy : asEvaluation),
	cast: () => asCast,
	product: (step) => ofFloats(step, asProduct(step, false)),
	"outer product": (step) => ofFloats(step, asProduct(step, true)),
	convolution: (step, given) => ofFloats(step, asConvolution("result", given)),
	"convolution to images": (step, given) => ofFloats(step, asConvolution("image", given)),
	"convolution to filters": (step, given) => ofFloats(step, asConvolution("filter", given)),
	scatter: (step, geometry) => {
		if (areApart(geometry)) return asPlacement(step);
		return isFloat(step.type.dtype) ? asScatter(geometry) : asEvaluation;
	},
	placement: (step) => asPlacement(step),
	"added placements": (step, { meet }) =>
		isFloat(step.type.dtype) || !meet ? asPlacement(step, { meet }) : asEvaluation,
	displacement: (step, { steps, axis }) => asPlacement(step, { moves: { axis, steps: [steps] } }),
	rotation: (step, { shift, axis }) => {
		const steps = [shift, shift - step.type.shape[axis]!];
		return asPlacement(step, { moves: { axis, steps } });
	},
	"lower triangle": (_, { k }) => asTriangle("lower", k),
	"upper triangle": (_, { k }) => asTriangle("upper", k),
	"random key": (step, { stream }) => ofOneKey(step, asRandomKey(stream)),
	"random number": (step) => ofOneKey(step, asRandomNumber),
	"random whole number": (step, { low, high }) => ofOneKey(step, asRandomWholeNumber(low, high)),
	"random chance": (step) => ofOneKey(step, asRandomChance),
	parts: (_, { axis }) => asIndexed({ kind: "parts", axis }),
	"parts added": (_, { axis }) => asIndexed({ kind: "parts", axis, adds: true }),
	"along axis": (_, { axis }) => asIndexed({ kind: "along axis", axis }),
	"along axis added": (_, { axis }) => asIndexed({ kind: "along axis", axis, adds: true }),
	tuples: () => asIndexed({ kind: "tuples" }),
	"tuples added": () => asIndexed({ kind: "tuples", adds: true }),
	ones: () => asIndexed({ kind: "ones", wraps: false }),
	repeat: (_, params) => asRepeat(params),
	while: (_, params) => asWhile(params),
	choice: () => asChoice,
} satisfies { [K in keyof Said]: (step: Instruction, params: Said[K]) => Lowered };

const known = new WeakMap<Instruction, Lowered>();

/** What an instruction becomes, if it is not a view. */
export function loweredAs(step: Instruction): Lowered {
	let lowered = known.get(step);
	if (lowered === undefined) {
		const lower: (step: Instruction, params: never) => Lowered = lowerings[saidBy(step)];
		lowered = lower(step, step.params as never);
		known.set(step, lowered);
	}
	return lowered;
}

function saidBy({ op }: Instruction): keyof Said {
	if (op.formula !== undefined) return "formula";
	if (op.slices !== undefined) return "slices";
	if (op.scan !== undefined) return "scan";
	return op.lowering ?? "evaluation";
}

/** What a draw becomes if it has one key, and not one for each example of a batch. */
function ofOneKey({ inputs: [key] }: Instruction, lowered: Lowered): Lowered {
	return key!.type.shape.length === 1 ? lowered : asEvaluation;
}

/** What an instruction becomes if all that it takes and gives is of one float dtype. */
function ofFloats({ inputs, type: { dtype } }: Instruction, lowered: Lowered): Lowered {
	const fits = isFloat(dtype) && inputs.every(({ type }) => type.dtype === dtype);
	return fits ? lowered : asEvaluation;
}

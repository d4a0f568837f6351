import { isFloat } from "../dtype.ts";
import { isOwn, type Op } from "../op.ts";
import type * as ops from "../ops/index.ts";
import type { Instruction } from "../program/program.ts";
import type * as random from "../random/index.ts";
import { sizeOf } from "../shape.ts";
import { type Expression, isLowered } from "../wasm/elementwise/expression.ts";
import type { ElementwiseName } from "../wasm/elementwise/lowerings.ts";
import { type Recipe, type ReductionName, recipes } from "../wasm/reduce/recipes.ts";

/** The names of the ops among these exports. */
export type NamesOf<Ops> = {
	[K in keyof Ops]: Ops[K] extends { readonly op: Op<infer Name> } ? Name : never;
}[keyof Ops];

/** The names of all ops of the library. */
export type PrimitiveName = NamesOf<typeof ops> | NamesOf<typeof random>;

/** How an op runs in the arena, where dtypes and layouts allow it: else by its own evaluation. */
type Lowering =
	| "view"
	| "elementwise"
	| "cast"
	| "reduction"
	| "product"
	| "convolution"
	| "scatter"
	| "outer product"
	| "evaluation";

const others = {
	addWindows: "scatter",
	adjugate: "evaluation",
	argsort: "evaluation",
	as: "view",
	astype: "cast",
	bernoulli: "evaluation",
	broadcastTo: "view",
	categorical: "evaluation",
	cholesky: "evaluation",
	concat: "evaluation",
	convolve: "convolution",
	convolveFilter: "convolution",
	convolveInput: "convolution",
	cumprod: "evaluation",
	cumsum: "evaluation",
	determinant: "evaluation",
	diagonal: "view",
	dot: "product",
	einsum: "evaluation",
	flip: "view",
	foldIn: "evaluation",
	gather: "evaluation",
	inverse: "evaluation",
	linearRecurrence: "evaluation",
	logDet: "evaluation",
	matmul: "product",
	normal: "evaluation",
	oneHot: "evaluation",
	outer: "outer product",
	pad: "evaluation",
	permutation: "evaluation",
	permute: "view",
	randint: "evaluation",
	reshape: "view",
	roll: "evaluation",
	shift: "evaluation",
	slice: "view",
	solve: "evaluation",
	take: "evaluation",
	takeAlongAxis: "evaluation",
	triangularSolve: "evaluation",
	tril: "evaluation",
	truncatedNormal: "evaluation",
	triu: "evaluation",
	undiagonal: "evaluation",
	ungather: "evaluation",
	uniform: "evaluation",
	unslice: "evaluation",
	untake: "evaluation",
	untakeAlongAxis: "evaluation",
	windows: "view",
} satisfies Record<Exclude<PrimitiveName, ElementwiseName | ReductionName>, Lowering>;

/** How an op runs; one from outside of the library, whatever its name, runs by its own evaluation. */
function loweringOf(op: Op): Lowering {
	if (!isOwn(op)) return "evaluation";
	if (op.name in others) return others[op.name as keyof typeof others];
	return op.name in recipes ? "reduction" : "elementwise";
}

/** Whether the op gives, where the layout allows it, a view of its argument. */
export function isView({ op }: Instruction): boolean {
	return loweringOf(op) === "view";
}

/** What an instruction runs as: a copy of its argument's elements, a loop over elements, a product, a convolution, a sum of windows, or its op's own evaluation. */
export type Role =
	| "copy"
	| "loop"
	| "reduction"
	| "product"
	| "convolution"
	| "scatter"
	| "evaluation";

/** What an instruction runs as, if it is not a view. */
export function roleOf(step: Instruction): Role {
	const { op, inputs, type } = step;
	const lowering = loweringOf(op);
	switch (lowering) {
		case "view":
			return "copy";
		case "elementwise":
			return isLowered(op.name, type.dtype) ? "loop" : "evaluation";
		case "cast":
			return type.dtype === "int32" && isFloat(inputs[0]!.type.dtype) ? "evaluation" : "loop";
		case "reduction":
			return isReducible(step) ? "reduction" : "evaluation";
		case "product":
		case "convolution":
		case "scatter":
		case "outer product":
			if (!isFloat(type.dtype) || inputs.some((x) => x.type.dtype !== type.dtype)) {
				return "evaluation";
			}
			return lowering === "outer product" ? "product" : lowering;
		case "evaluation":
			return "evaluation";
	}
}

/** Whether a product is of a column with a row. */
export function isOuter({ op }: Instruction): boolean {
	return loweringOf(op) === "outer product";
}

/** Whether an instruction computes each element from those at the same place. */
export function isElementwise(step: Instruction): boolean {
	return roleOf(step) === "loop";
}

/** The expression of an elementwise instruction, from those of its arguments. */
export function applied({ op, type }: Instruction, args: readonly Expression[]): Expression {
	const { dtype } = type;
	if (loweringOf(op) === "cast") return { kind: "cast", of: args[0]!, dtype };
	return { kind: "op", name: op.name as ElementwiseName, args, dtype };
}

/** The axes along which a reduction or normalization takes its slices. */
export function sliceAxesOf({ inputs, params }: Instruction): readonly number[] {
	const [x, second] = inputs;
	if (second === undefined) return (params as { axes: readonly number[] }).axes;
	return [...x!.type.shape.keys()].filter((axis) => second.type.shape[axis] === 1);
}

/** How a reduction or normalization is made, of these expressions of its arguments; null where it runs by its own evaluation. */
export function recipeOf(step: Instruction, args: readonly Expression[]): Recipe | null {
	const { shape, dtype } = step.inputs[0]!.type;
	const n = sizeOf(sliceAxesOf(step).map((axis) => shape[axis]!));
	const [x, second] = args;
	const { ddof } = (step.params ?? {}) as { ddof?: number };
	return recipes[step.op.name as ReductionName]({
		x: x!,
		dtype,
		n,
		...(second === undefined ? {} : { second }),
		...(ddof === undefined ? {} : { ddof }),
	});
}

function isReducible(step: Instruction): boolean {
	const [x, second] = step.inputs;
	if (sizeOf(x!.type.shape) === 0) return false;
	if (second !== undefined && second.type.shape.length !== x!.type.shape.length) return false;
	const args = step.inputs.map((_, index): Expression => ({ kind: "input", index }));
	return recipeOf(step, args) !== null;
}

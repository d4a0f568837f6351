import { debugState } from "../core/debug-state.ts";
import { allocate, isFloat } from "../core/dtype.ts";
import { broadcastNumber } from "../core/lift.ts";
import { evaluate } from "../core/op.ts";
import { elements } from "../core/strided.ts";
import type { Node } from "../core/tape.ts";
import { Tensor } from "../core/tensor.ts";
import { isValueless } from "../core/valueless.ts";
import { differentialOf } from "./differential.ts";
import type { Linearization } from "./linearization.ts";

/** So many ops back it is looked for why a tensor without values is 0. */
const FARTHEST = 8;
/** What rounding may make of numbers of size 1. */
const ROUNDING = { float64: 1e-9, float32: 1e-4 };
const OFFSET =
	"since it does not give 0 for a cotangent of 0; " +
	"leave out what it adds without multiplying it by the cotangent";

/**
 * Why a function of cotangents that was recorded without values is not linear; null where it is.
 * Each op is tried by itself: it has to do with some numbers what its derivative says, whatever
 * the tensors without values are that it uses besides. So what is linear only by several ops
 * together, as (x + 1) − 1, does not count.
 */
export function nonlinearity({ nodes, outputs, values }: Linearization): string | null {
	const outer = { ...debugState };
	debugState.inspect = null;
	debugState.here = null;
	try {
		for (const node of nodes) {
			const reason = node.op === null ? null : nonlinearityOf(node);
			if (reason !== null) return reason;
		}
	} finally {
		Object.assign(debugState, outer);
	}
	const isOffset = outputs.some((node, i) => node === null && !isZero(values[i]!, FARTHEST));
	return isOffset ? OFFSET : null;
}

function nonlinearityOf(node: Node): string | null {
	const { op, inputs, parents, value } = node;
	const because = `because of ${op!.name}`;
	const varies = (i: number) =>
		op!.differential !== null && isFloat(value.dtype) && differentialOf(node, i) !== null;
	// Steps, such as a comparison, have the derivative 0 and are not 0.
	if (!parents.every((parent, i) => parent === null || varies(i))) return because;
	const isFixedZero = inputs.map((x, i) => parents[i] === null && isZero(x, FARTHEST));
	const unknown = inputs.filter((x, i) => parents[i] === null && isUnknown(x));
	for (const truth of unknown.some(({ dtype }) => dtype === "bool") ? [0, 1] : [1]) {
		const fixed = inputs.map((x, i) => {
			if (parents[i] !== null) return x;
			return isFixedZero[i] ? zerosLike(x) : standIn(x, truth);
		});
		const withMoved = (moved: (x: Tensor, i: number) => Tensor) =>
			fixed.map((x, i) => (parents[i] === null ? x : moved(x, i)));
		try {
			if (isAsItsDerivative(node, withMoved(probe))) continue;
			return givesZero(node, withMoved(zerosLike)) ? because : OFFSET;
		} catch {
			// What stands for tensors without values may be no arguments of the op, and then it is taken
			// at its word. Else it does not take every cotangent.
			if (unknown.length === 0) return because;
		}
	}
	return null;
}

/** Whether the derivative of an op at these arguments makes of them what the op does. */
function isAsItsDerivative(node: Node, args: readonly Tensor[]): boolean {
	const value = valueAt(node, args);
	const at: Node = { ...node, inputs: args, value };
	const terms = args.flatMap((x, i) => {
		const map = node.parents[i] === null ? null : differentialOf(at, i);
		return map === null ? [] : [elements(map.apply(x))];
	});
	const values = elements(value);
	const size = Math.max(...[values, ...terms].map(largestFinite));
	const allowed = ROUNDING[value.dtype as "float64" | "float32"] * size;
	for (let i = 0; i < values.length; i++) {
		let said = 0;
		for (const term of terms) said += term[i]!;
		// 0 times an infinite factor is NaN.
		if (values[i] !== said && Math.abs(values[i]! - said) > allowed) return false;
	}
	return true;
}

function largestFinite(values: ReturnType<typeof elements>): number {
	let largest = 0;
	for (let i = 0; i < values.length; i++) {
		const size = Math.abs(values[i]!);
		if (size > largest && size < Number.POSITIVE_INFINITY) largest = size;
	}
	return largest;
}

/** Whether an op gives 0 for these arguments; 0 times an infinite factor, NaN, counts as 0. */
function givesZero(node: Node, args: readonly Tensor[]): boolean {
	return elements(valueAt(node, args)).every((value) => value === 0 || Number.isNaN(value));
}

function valueAt({ op, params }: Node, args: readonly Tensor[]): Tensor {
	return evaluate(op!, args, params, op!.infer(args, params));
}

/** Whether a tensor is 0; one without values, by what a function that is traced made it of. */
function isZero(x: Tensor, depth: number): boolean {
	const { plain, node } = outermost(x);
	if (!isValueless(plain)) return elements(plain).every((value) => value === 0);
	return node !== null && isZeroNode(node, depth);
}

/** Whether an op gives 0 where these arguments are 0, and the others anything. */
function isZeroNode(node: Node, depth: number): boolean {
	const { op, inputs, parents } = node;
	if (depth === 0 || op === null) return false;
	const zeros = inputs.map((x, i) => {
		const parent = parents[i]!;
		return parent === null ? isZero(x, depth - 1) : isZeroNode(parent, depth - 1);
	});
	if (!zeros.includes(true)) return false;
	return [0, 1].every((truth) =>
		givesZero(
			node,
			inputs.map((x, i) => (zeros[i] ? zerosLike(x) : standIn(x, truth))),
		),
	);
}

function isUnknown(x: Tensor): boolean {
	return isValueless(outermost(x).plain);
}

function zerosLike({ dtype, shape }: Tensor): Tensor {
	return broadcastNumber("zeros", 0, dtype, shape);
}

/** Numbers of both signs, small and large, that differ from those of the other arguments. */
function probe({ dtype, shape, size }: Tensor, argument: number): Tensor {
	const values = allocate(dtype, size);
	for (let i = 0; i < size; i++) {
		const large = i % 2 === 0 ? 100 : 1;
		const sign = [-1, 1, 1, -1][(i + argument) % 4]!;
		values[i] = sign * large * (1 + ((0.618 * (1 + i) + 0.414 * argument) % 1));
	}
	return new Tensor(values, dtype, shape);
}

/**
 * The tensor, or for one without values another of its type: floats that differ, indices that there
 * are, and truth as given.
 */
function standIn(x: Tensor, truth: number): Tensor {
	const { plain } = outermost(x);
	if (!isValueless(plain)) return plain;
	const { dtype, shape, size } = plain;
	const values = allocate(dtype, size);
	if (isFloat(dtype)) for (let i = 0; i < size; i++) values[i] = 1 + (((i + truth) * 0.618) % 1);
	if (dtype === "bool") values.fill(truth);
	return new Tensor(values, dtype, shape);
}

/** A tensor as no tape sees it, and the node that the outermost open one has of it. */
function outermost(x: Tensor): { plain: Tensor; node: Node | null } {
	let [plain, node]: [Tensor, Node | null] = [x, null];
	while (plain.node !== null && plain.node.tape.batcher === null) {
		if (plain.node.tape.open) node = plain.node;
		plain = plain.node.value;
	}
	return { plain, node };
}

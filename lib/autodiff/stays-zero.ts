import { allocate, isFloat } from "../core/dtype.ts";
import { constant } from "../core/lift.ts";
import { evaluate } from "../core/op.ts";
import { elements } from "../core/strided.ts";
import type { Node } from "../core/tape.ts";
import { Tensor } from "../core/tensor.ts";
import type { Linearization } from "./linearization.ts";
import { isValueless } from "./valueless.ts";

/** So many ops back it is looked for why a tensor without values is 0. */
const FARTHEST = 8;

/**
 * Whether all results of a recorded function are 0 where its arguments are, whatever tensors
 * without values it uses besides. Each op is tried by itself: what is known to be 0 is 0, and the
 * rest are numbers like any others. So what is 0 only by several ops together, as x − x, does not
 * count.
 */
export function staysZero({ nodes, inputs, outputs, values }: Linearization): boolean {
	const zeros = new Set<Node>(inputs);
	for (const node of nodes) {
		const isZero = node.parents.map((parent, i) =>
			parent === null ? isZeroConstant(node.inputs[i]!, FARTHEST) : zeros.has(parent),
		);
		if (givesZero(node, isZero)) zeros.add(node);
	}
	return outputs.every((node, i) =>
		node === null ? isZeroConstant(values[i]!, FARTHEST) : zeros.has(node),
	);
}

/** Whether a tensor is 0; one without values, by what a function that is traced made it of. */
function isZeroConstant(x: Tensor, depth: number): boolean {
	const { plain, node } = outermost(x);
	if (!isValueless(plain)) return elements(plain).every((value) => value === 0);
	return node !== null && isZeroNode(node, depth);
}

function isZeroNode(node: Node, depth: number): boolean {
	if (depth === 0) return false;
	const isZero = node.parents.map((parent, i) =>
		parent === null ? isZeroConstant(node.inputs[i]!, depth - 1) : isZeroNode(parent, depth - 1),
	);
	return givesZero(node, isZero);
}

/** Whether an op gives 0 where these arguments are 0, and the others anything. */
function givesZero({ op, inputs, params }: Node, isZero: readonly boolean[]): boolean {
	if (op === null || !isZero.includes(true)) return false;
	return [0, 1].every((truth) => {
		const args = inputs.map((x, i) =>
			isZero[i] ? constant(op.name, 0, x.dtype, x.shape) : standIn(x, truth),
		);
		const values = elements(evaluate(op, args, params, op.infer(args, params)));
		// 0 times an infinite factor is NaN.
		return values.every((value) => value === 0 || Number.isNaN(value));
	});
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
	while (plain.node !== null) {
		if (plain.node.tape.open) node = plain.node;
		plain = plain.node.value;
	}
	return { plain, node };
}
